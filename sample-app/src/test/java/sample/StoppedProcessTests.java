package sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import sample.demo.upstream.FailureShare;

/** Tests for the accepted tasks of a process that receives SIGTERM during a job. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows ends a destroyed process without its shutdown hooks")
@Timeout(240)
class StoppedProcessTests {

    private static final Pattern ABANDONED =
            Pattern.compile("Queue '\\w+': task (\\d+) '(.*)' was abandoned (before it started|after it started)");

    private SampleDatabase database;

    @BeforeEach
    void createDatabase(@TempDir Path directory) {
        database = new SampleDatabase(directory);
    }

    @Test
    void allAcceptedSummonersAreStoredWhenQueueDrainsInTime() throws Exception {
        try (SampleProcess process = start("--sample.job=both", "--queue.instances.riot.maxsize=50")) {
            process.awaitAccepted(300);
            Duration took = process.terminate();

            assertOrderly(process);
            assertThat(took).isLessThan(Duration.ofSeconds(10));
            assertThat(process.log())
                    .contains("Ladder RANKED_SOLO_5x5: INCOMPLETE", "Stopped before the job was complete");
            assertThat(abandoned(process)).as(process.log()).isEmpty();
            List<LadderFile.Line> accepted = acceptedLines(process);
            assertThat(accepted).hasSizeBetween(200, 999);
            assertThat(database.puuids()).as(process.log()).isEqualTo(LadderFile.puuids(accepted));
        }
    }

    @Test
    void acceptedSummonersAreStoredOrNamedInLogWhenGracePeriodExpires() throws Exception {
        try (SampleProcess process = start(
                "--sample.job=ladder",
                "--queue.instances.riot.maxsize=400",
                "--queue.shutdown.await-termination-period=500ms")) {
            process.awaitAccepted(600);
            Duration took = process.terminate();

            assertOrderly(process);
            assertThat(took).isBetween(Duration.ofMillis(500), Duration.ofSeconds(8));
            List<LadderFile.Line> accepted = acceptedLines(process);
            Map<Integer, Abandoned> abandoned = abandoned(process);
            assertThat(abandoned).as(process.log()).isNotEmpty();
            List<LadderFile.Line> kept = accepted.stream()
                    .filter(line -> !abandoned.containsKey(accepted.indexOf(line)))
                    .toList();
            assertThat(database.puuids()).as(process.log()).isEqualTo(LadderFile.puuids(kept));
        }
    }

    @Test
    void acceptedMatchesAreStoredOrNamedInLogWhenGracePeriodExpires() throws Exception {
        try (SampleProcess process = start(
                "--sample.job=matches",
                "--sample.matches.count=1000",
                "--queue.instances.matches.maxsize=400",
                "--queue.shutdown.await-termination-period=500ms")) {
            process.awaitAccepted(650);
            Duration took = process.terminate();

            assertOrderly(process);
            assertThat(took).isBetween(Duration.ofMillis(500), Duration.ofSeconds(8));
            Set<String> unstored = new HashSet<>(process.accepted());
            Set<String> stored = database.durations().keySet();
            assertThat(unstored).as(process.log()).hasSizeGreaterThan(200).containsAll(stored);
            unstored.removeAll(stored);
            FailureShare failures = new FailureShare(0.01, 1);
            unstored.removeIf(failures::hits);
            Map<Integer, Abandoned> abandoned = abandoned(process);
            assertThat(abandoned.values())
                    .as(process.log())
                    .extracting(Abandoned::item)
                    .containsAll(unstored);
            assertThat(abandoned.values())
                    .filteredOn(it -> !it.started())
                    .isNotEmpty()
                    .extracting(Abandoned::item)
                    .doesNotContainAnyElementsOf(stored);
        }
    }

    private SampleProcess start(String... arguments) throws IOException {
        return SampleProcess.start(database, arguments, "--sample.upstream.latency=200ms");
    }

    /** Asserts that the queue was closed before the beans that its tasks use, and that no error was logged. */
    private static void assertOrderly(SampleProcess process) throws InterruptedException {
        assertThat(process.exitStatus()).as(process.log()).isEqualTo(128 + 15);
        assertThat(process.log())
                .containsSubsequence("joined 25 workers", "HikariPool-1 - Shutdown initiated")
                .endsWith("HikariPool-1 - Shutdown completed.")
                .doesNotContain(" ERROR ", "\tat ", "Error starting");
    }

    private static List<LadderFile.Line> acceptedLines(SampleProcess process) {
        List<String> accepted = process.accepted();
        List<LadderFile.Line> lines = LadderFile.lines().subList(0, accepted.size());
        assertThat(accepted).zipSatisfy(lines, (item, line) -> assertThat(item).contains(line.summonerId()));
        return lines;
    }

    /** Abandoned task that is named in the log. */
    private record Abandoned(String item, boolean started) {}

    /** Returns the abandoned tasks by index, and asserts that the log names each of them once, and as the item put. */
    private static Map<Integer, Abandoned> abandoned(SampleProcess process) {
        List<String> accepted = process.accepted();
        Map<Integer, Abandoned> abandoned = new TreeMap<>();
        Matcher matcher = ABANDONED.matcher(process.log());
        while (matcher.find()) {
            Abandoned task = new Abandoned(matcher.group(2), matcher.group(3).equals("after it started"));
            int index = Integer.parseInt(matcher.group(1));
            assertThat(accepted.get(index)).isEqualTo(task.item());
            assertThat(abandoned.put(index, task)).isNull();
        }
        return abandoned;
    }
}
