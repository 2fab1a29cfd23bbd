package io.github.workerqueue.autoconfigure;

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

/** A JVM that runs {@link TerminatedApplication} with the classpath of the tests, and its output. */
final class ApplicationProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;

    private final Thread reader;

    /** Guarded by itself. */
    private final List<String> log = new ArrayList<>();

    private ApplicationProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static ApplicationProcess start(Class<?> configuration, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                TerminatedApplication.class.getName(),
                configuration.getName(),
                "--spring.main.banner-mode=off"));
        command.addAll(List.of(arguments));
        return new ApplicationProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (log) {
                    log.add(line);
                }
            }
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    String log() {
        synchronized (log) {
            return String.join("\n", log);
        }
    }

    /** Waits until the process has printed a text. */
    void awaitLog(String text) {
        await().pollInterval(Duration.ofMillis(10))
                .atMost(PATIENCE)
                .failFast(() -> assertThat(process.isAlive()).as(log()).isTrue())
                .untilAsserted(() -> assertThat(log()).contains(text));
    }

    /** Sends SIGTERM. {@code Process.destroy()} would also close the output. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Sends SIGTERM. Returns the duration until the process has exited. */
    Duration terminateAndAwaitExit() throws InterruptedException {
        long start = System.nanoTime();
        terminate();
        awaitExit();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Returns the exit status. */
    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(log())
                .isTrue();
        reader.join(PATIENCE.toMillis());
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
