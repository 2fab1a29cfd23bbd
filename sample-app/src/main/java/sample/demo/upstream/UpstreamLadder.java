package sample.demo.upstream;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import sample.ladder.LeagueEntry;
import sample.ladder.Summoner;

/**
 * Ladder of the embedded API. The columns have the names of the record components, since Spring looks for these names
 * first. Each name that H2 does not find costs an exception per row, which H2 logs if the database is in a file.
 */
@Repository
class UpstreamLadder {

    private final JdbcClient jdbc;

    UpstreamLadder(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the entries of a tier among the first places of the ladder. */
    List<LeagueEntry> entries(String tier, int places) {
        return jdbc.sql("""
                        SELECT summoner_id AS summonerId, league_points AS leaguePoints, 'I' AS rank, wins, losses
                        FROM ladder_entry WHERE tier = ? AND position <= ? ORDER BY position
                        """)
                .params(tier, places)
                .query(new DataClassRowMapper<>(LeagueEntry.class))
                .list();
    }

    Optional<Summoner> summoner(String id) {
        return jdbc.sql("""
                        SELECT summoner_id AS id, puuid, summoner_level AS summonerLevel
                        FROM ladder_entry WHERE summoner_id = ?
                        """).param(id).query(Summoner.class).optional();
    }
}
