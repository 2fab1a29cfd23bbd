package sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Process of the sample with the classpath of the tests, and its output. */
final class SampleProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(100);

    private final Process process;

    private final Thread reader;

    /** Guarded by this, as are the accepted items. */
    private final List<String> log = new ArrayList<>();

    /** Items that the last opened queue has accepted. */
    private final List<String> accepted = new ArrayList<>();

    private SampleProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static SampleProcess start(SampleDatabase database, String[] arguments, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                SampleApplication.class.getName(),
                "--spring.main.sources=" + AcceptedItems.class.getName(),
                "--spring.main.banner-mode=off",
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=sa",
                "--server.port=0",
                "--spring.http.clients.read-timeout=60s",
                "--spring.profiles.active=fast"));
        command.addAll(List.of(arguments));
        command.addAll(List.of(more));
        return java(command.toArray(String[]::new));
    }

    /** Starts the JVM that runs the tests. */
    static SampleProcess java(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        return new SampleProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keep(line);
            }
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private synchronized void keep(String line) {
        if (line.startsWith(AcceptedItems.OPENED)) {
            accepted.clear();
        } else if (line.startsWith(AcceptedItems.ACCEPTED)) {
            accepted.add(line.substring(AcceptedItems.ACCEPTED.length()));
        } else {
            log.add(line);
        }
    }

    synchronized String log() {
        return String.join("\n", log);
    }

    synchronized List<String> accepted() {
        return List.copyOf(accepted);
    }

    void awaitLog(String text) {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .failFast(() -> assertThat(process.isAlive()).as(log()).isTrue())
                .untilAsserted(() -> assertThat(log()).contains(text));
    }

    /** Waits until the last opened queue has accepted this number of items. */
    void awaitAccepted(int count) {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .failFast(() -> assertThat(process.isAlive()).as(log()).isTrue())
                .untilAsserted(() -> assertThat(accepted()).hasSizeGreaterThanOrEqualTo(count));
    }

    /** Sends SIGTERM. Returns the time until the process has ended. */
    Duration terminate() throws InterruptedException {
        long start = System.nanoTime();
        process.toHandle().destroy(); // Process.destroy() would also close the output
        exitStatus();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Sends SIGKILL. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        exitStatus();
    }

    int exitStatus() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(log())
                .isTrue();
        reader.join(PATIENCE.toMillis());
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
