package sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests for the database after a process was killed, and for the next run on it. */
@Timeout(240)
class KilledProcessTests {

    private SampleDatabase database;

    @BeforeEach
    void createDatabase(@TempDir Path directory) {
        database = new SampleDatabase(directory);
        database.create();
    }

    @Test
    void finishedMatchesAreStoredAndNextRunStoresRestWhenProcessIsKilled() throws Exception {
        Map<String, List<Integer>> left;
        try (SampleProcess process = matches("--sample.upstream.latency=200ms")) {
            // All but the 75 running and waiting ones have finished
            process.awaitAccepted(240 + 25 + 50 + 1);
            process.kill();

            left = database.durations();
            assertThat(left).as(process.log()).hasSizeBetween(240, 599);
            assertThat(ids(process.accepted().size() + 1)).containsAll(left.keySet());
        }

        try (SampleProcess process = matches("--sample.upstream.latency=1ms", "--sample.exit-after-run=true")) {
            assertThat(process.exitStatus()).as(process.log()).isZero();
            assertThat(process.log()).contains("Matches 600: complete");
        }
        assertThat(database.durations())
                .containsOnlyKeys(ids(600).toArray(String[]::new))
                .containsAllEntriesOf(left)
                .allSatisfy((id, seconds) -> assertThat(seconds).hasSize(1).allMatch(it -> it >= 900 && it < 2700));
    }

    @Test
    void oldLadderStaysAndNextRunStoresNewOneWhenProcessIsKilledInTransaction() throws Exception {
        database.execute("INSERT INTO ladder_puuid SELECT x, 'old ' || x FROM SYSTEM_RANGE(1, 990)");
        database.execute("CREATE TRIGGER halt BEFORE INSERT ON ladder_puuid FOR EACH ROW CALL '"
                + HaltedInsert.class.getName() + "'");
        List<String> old = database.puuids();
        try (SampleProcess process = ladder()) {
            process.awaitLog(HaltedInsert.HALTED);
            process.kill();

            assertThat(database.puuids()).as(process.log()).hasSize(990).isEqualTo(old);
        }

        database.execute("DROP TRIGGER halt");
        try (SampleProcess process = ladder()) {
            assertThat(process.exitStatus()).as(process.log()).isZero();
        }
        assertThat(database.puuids()).isEqualTo(LadderFile.puuids(LadderFile.lines()));
    }

    private SampleProcess matches(String... arguments) throws IOException {
        return SampleProcess.start(
                database,
                arguments,
                "--sample.job=matches",
                "--sample.matches.count=600",
                "--sample.upstream.jitter=0ms",
                "--sample.upstream.failure-share=0");
    }

    private SampleProcess ladder() throws IOException {
        String[] ends = {"--sample.exit-after-run=true"};
        return SampleProcess.start(database, ends, "--sample.upstream.latency=1ms", "--sample.upstream.jitter=0ms");
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "NA1_" + (5_000_000_000L + i))
                .toList();
    }
}
