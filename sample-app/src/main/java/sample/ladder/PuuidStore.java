package sample.ladder;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Table of the puuids, in ladder order. */
@Repository
public class PuuidStore {

    private final JdbcClient jdbc;

    PuuidStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    public void replaceAll(List<String> puuids) {
        jdbc.sql("DELETE FROM ladder_puuid").update();
        for (int i = 0; i < puuids.size(); i++) {
            jdbc.sql("INSERT INTO ladder_puuid (position, puuid) VALUES (?, ?)")
                    .params(i + 1, puuids.get(i))
                    .update();
        }
    }

    public List<String> findAll() {
        return jdbc.sql("SELECT puuid FROM ladder_puuid ORDER BY position")
                .query((row, number) -> row.getString(1))
                .list();
    }
}
