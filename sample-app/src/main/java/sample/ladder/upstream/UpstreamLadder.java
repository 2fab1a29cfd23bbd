package sample.ladder.upstream;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import sample.ladder.LeagueEntry;
import sample.ladder.Summoner;

/** The ladder that the embedded API serves. */
@Repository
class UpstreamLadder {

    private final JdbcClient jdbc;

    UpstreamLadder(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<LeagueEntry> entries(String tier) {
        return jdbc.sql("""
                        SELECT summoner_id, league_points, 'I' AS rank, wins, losses
                        FROM ladder_entry WHERE tier = ? ORDER BY position
                        """)
                .param(tier)
                .query(new DataClassRowMapper<>(LeagueEntry.class))
                .list();
    }

    Optional<Summoner> summoner(String id) {
        return jdbc.sql("SELECT summoner_id AS id, puuid, summoner_level FROM ladder_entry WHERE summoner_id = ?")
                .param(id)
                .query(Summoner.class)
                .optional();
    }
}
