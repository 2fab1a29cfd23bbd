package sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests for the packaged jar with ahead-of-time processing and a class data archive. */
@Timeout(300)
class PackagedJarTests {

    private static final String AOT = "-Dspring.aot.enabled=true";

    private final Path jar = Path.of(Objects.requireNonNull(
            System.getProperty("sample.jar"), "sample.jar, which is set in the phase integration-test"));

    @TempDir
    private Path directory;

    private SampleDatabase database;

    @BeforeEach
    void createDatabase() {
        database = new SampleDatabase(directory);
    }

    @Test
    void ladderIsStoredWithBeansProcessedAheadOfTime() throws Exception {
        String log = storeLadder(AOT, "-jar", jar.toString());

        assertThat(log).contains("Starting AOT-processed SampleApplication", "with 25 workers");
    }

    @Test
    void settingsAndNamesAreThoseOfRunTimeWithBeansProcessedAheadOfTime() throws Exception {
        String log = storeLadder(
                AOT,
                "-jar",
                jar.toString(),
                "--queue.instances.riot.workers=7",
                "--queue.instances.late.workers=3",
                "--queue.log-level=info");

        assertThat(log).contains("with 7 workers", "Queue 'riot': spawned 7 workers");
    }

    @Test
    void ladderIsStoredWithClassesFromArchive() throws Exception {
        Path archive = directory.resolve("ladder.jsa");
        Path loaded = directory.resolve("loaded.txt");
        Path extracted = directory.resolve("extracted");
        try (SampleProcess extract = SampleProcess.java(
                "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", extracted.toString())) {
            assertThat(extract.exitStatus()).as(extract.log()).isZero();
        }
        String application = extracted.resolve(jar.getFileName()).toString();
        storeLadder("-XX:ArchiveClassesAtExit=" + archive, AOT, "-jar", application);
        database.execute("DELETE FROM ladder_puuid");

        storeLadder("-XX:SharedArchiveFile=" + archive, "-Xlog:class+load:file=" + loaded, AOT, "-jar", application);

        assertThat(Files.readAllLines(loaded))
                .filteredOn(line -> line.contains(" io.github.workerqueue.QueueEngine source: "))
                .singleElement()
                .asString()
                .endsWith("shared objects file (top)");
    }

    private String storeLadder(String... java) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(java));
        arguments.addAll(List.of(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=sa",
                "--server.port=0",
                "--spring.profiles.active=fast",
                "--sample.upstream.latency=5ms",
                "--sample.exit-after-run=true"));
        try (SampleProcess process = SampleProcess.java(arguments.toArray(String[]::new))) {
            assertThat(process.exitStatus()).as(process.log()).isZero();
            assertThat(process.log()).contains("Ladder RANKED_SOLO_5x5: complete");
            assertThat(database.puuids()).isEqualTo(LadderFile.puuids(LadderFile.lines()));
            return process.log();
        }
    }
}
