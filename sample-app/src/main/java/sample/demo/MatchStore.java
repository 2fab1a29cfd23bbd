package sample.demo;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Table of the match durations. */
@Repository
class MatchStore {

    private final JdbcClient jdbc;

    MatchStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void deleteAll() {
        jdbc.sql("DELETE FROM match_duration").update();
    }

    void save(String matchId, int seconds) {
        jdbc.sql("INSERT INTO match_duration (match_id, seconds) VALUES (?, ?)")
                .params(matchId, seconds)
                .update();
    }

    int count() {
        return jdbc.sql("SELECT COUNT(*) FROM match_duration")
                .query(Integer.class)
                .single();
    }
}
