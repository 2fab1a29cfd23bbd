package sample;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Database of the sample in a file, to be read after the process has ended. A committed transaction is on the disk. */
final class SampleDatabase {

    private final String url;

    private final DriverManagerDataSource source;

    SampleDatabase(Path directory) {
        url = "jdbc:h2:file:" + directory.resolve("ladder") + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";
        source = new DriverManagerDataSource(url, "sa", "");
    }

    String url() {
        return url;
    }

    void create() {
        new ResourceDatabasePopulator(new ClassPathResource("schema.sql")).execute(source);
    }

    void execute(String sql) {
        new JdbcTemplate(source).execute(sql);
    }

    List<String> puuids() {
        return new JdbcTemplate(source)
                .query("SELECT puuid FROM ladder_puuid ORDER BY position", (row, number) -> row.getString(1));
    }

    /** Returns all durations by match, also those of a match that was stored twice. */
    Map<String, List<Integer>> durations() {
        Map<String, List<Integer>> durations = new LinkedHashMap<>();
        new JdbcTemplate(source).query("SELECT match_id, seconds FROM match_duration ORDER BY match_id", row -> {
            durations.computeIfAbsent(row.getString(1), id -> new ArrayList<>()).add(row.getInt(2));
        });
        return durations;
    }
}
