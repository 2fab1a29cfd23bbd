package sample.ladder;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The table of puuids, in ladder order. */
@Repository
class PuuidStore {

    private final JdbcTemplate jdbc;

    PuuidStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    void replaceAll(List<String> puuids) {
        jdbc.update("DELETE FROM ladder_puuid");
        jdbc.batchUpdate(
                "INSERT INTO ladder_puuid (position, puuid) VALUES (?, ?)", new BatchPreparedStatementSetter() {

                    @Override
                    public void setValues(PreparedStatement statement, int i) throws SQLException {
                        statement.setInt(1, i + 1);
                        statement.setString(2, puuids.get(i));
                    }

                    @Override
                    public int getBatchSize() {
                        return puuids.size();
                    }
                });
    }

    List<String> findAll() {
        return jdbc.query("SELECT puuid FROM ladder_puuid ORDER BY position", (row, number) -> row.getString(1));
    }
}
