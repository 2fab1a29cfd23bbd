package io.github.workerqueue.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command {@code promtool} of Prometheus, which {@code .ci/run} adds to the path. A test is skipped without it, but
 * fails if the environment variable {@code CI} is set.
 */
final class Promtool {

    private Promtool() {}

    /** Returns the output of a command if it fails, and an empty text otherwise. */
    static String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.add(0, "promtool");
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException ex) {
            Assumptions.assumeTrue(
                    System.getenv("CI") != null, "promtool is missing; .ci/run adds it, or the package prometheus");
            throw ex;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : output;
    }

    /** Returns the problem of an expression, and an empty text if it is valid PromQL. */
    static String check(String expression) {
        String rule =
                "{\"record\": \"checked\", \"expr\": " + JsonMapper.shared().writeValueAsString(expression) + "}";
        try {
            Path rules = Files.createTempFile("expression", ".yaml"); // JSON is YAML
            try {
                Files.writeString(rules, "{\"groups\": [{\"name\": \"checked\", \"rules\": [" + rule + "]}]}");
                return run("check", "rules", rules.toString());
            } finally {
                Files.delete(rules);
            }
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }
}
