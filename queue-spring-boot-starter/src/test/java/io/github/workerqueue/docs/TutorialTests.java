package io.github.workerqueue.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.docs.Page.Block;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Tests for the tutorial. A comment before a block names its file. The application and the tests of the reader run in
 * processes of their own, where the classes of the tutorial replace those of the package {@code shop} in this module.
 */
@Timeout(180)
class TutorialTests {

    private static final int MAX_SECONDS = 60;

    private static final Pattern TIME = Pattern.compile("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ");

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    private final Page page = Page.all().stream()
            .filter(candidate -> candidate.name().equals("tutorial.md"))
            .findFirst()
            .orElseThrow();

    private final NavigableMap<Integer, List<Block>> steps = steps();

    @TempDir
    private Path project;

    @BeforeEach
    void createClasses() throws IOException {
        Files.createDirectory(project.resolve("classes"));
    }

    @Test
    void filesCompileAfterEachStep() throws IOException {
        assertThat(steps).hasSizeGreaterThan(9);
        for (List<Block> step : steps.values()) {
            write(step);
            assertThat(compile()).as(step.get(0).problem("step")).isEmpty();
        }
    }

    @Test
    void applicationOfEachStepShowsResultsOfTutorial() throws Exception {
        int applications = 0;
        for (List<Block> step : steps.values()) {
            write(step);
            List<String> results = results(step);
            if (!results.isEmpty()) {
                applications++;
                compile();
                try (Run run = new Run("shop.ShopApplication", "--server.port=0")) {
                    run.awaitLine(" prices in ");
                    assertThat(withoutDurations(run.lines)).containsAll(withoutDurations(results));
                }
            }
        }
        assertThat(applications).isGreaterThan(4);
    }

    @Test
    void applicationOfLastStepShowsOutputOfTutorial() throws Exception {
        writeAll();
        try (Run run = new Run("shop.ShopApplication", "--server.port=0")) {
            run.awaitLine(" prices in ");
            assertThat(withoutDurations(run.lines)).containsSubsequence(withoutDurations(output("rate limit")));
            for (String request : request("metrics").lines().toList()) {
                assertThat(run.get(request)).contains(measurement(request));
            }
        }
    }

    @Test
    void applicationOfLastStepDrainsItsQueueWhenStopped() throws Exception {
        writeAll();
        try (Run run = new Run("shop.ShopApplication", "--server.port=0")) {
            run.awaitLine("No price for");
            assertThat(run.get("curl localhost:8080/actuator/queues/prices")).contains("\"state\":\"OPEN\"");
            run.stop();
            List<String> linesOfStop = output("shutdown").stream()
                    .filter(line ->
                            line.contains("draining") || line.contains("PriceImport") || line.contains("drained"))
                    .toList();
            assertThat(linesOfStop).hasSize(3);
            assertThat(withoutNumbers(run.lines)).containsAll(withoutNumbers(linesOfStop));
        }
    }

    @Test
    void testsOfTutorialPass() throws Exception {
        writeAll();
        try (Run run = new Run(Launch.class.getName())) {
            run.awaitEnd();
            assertThat(output("test").get(0)).contains(run.lines.get(run.lines.size() - 1));
        }
    }

    private NavigableMap<Integer, List<Block>> steps() {
        NavigableMap<Integer, List<Block>> blocks = new TreeMap<>();
        page.document().accept(new AbstractVisitor() {

            @Override
            public void visit(Heading heading) {
                if (heading.getLevel() == 2) {
                    blocks.put(Page.line(heading), new ArrayList<>());
                }
            }
        });
        page.blocks()
                .forEach(block -> blocks.floorEntry(block.line()).getValue().add(block));
        return blocks;
    }

    private void writeAll() throws IOException {
        for (List<Block> step : steps.values()) {
            write(step);
        }
        assertThat(compile()).isEmpty();
    }

    private void write(List<Block> step) throws IOException {
        for (Block block : step) {
            if (block.file() != null) {
                Path file = project.resolve(block.file());
                Files.createDirectories(file.getParent());
                Files.writeString(file, block.code());
            }
        }
    }

    private List<String> compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, null, null);
                var sources = Files.walk(project.resolve("src"))) {
            List<Path> paths =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            List<String> options = List.of(
                    "--release",
                    "17",
                    "-proc:none",
                    "-parameters",
                    "-Xlint:all,-processing,-classfile,-path",
                    "-d",
                    project.resolve("classes").toString(),
                    "-classpath",
                    System.getProperty("java.class.path"));
            if (!paths.isEmpty()) {
                compiler.getTask(null, files, diagnostics, options, null, files.getJavaFileObjectsFromPaths(paths))
                        .call();
            }
        }
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getSource() != null)
                .map(Diagnostic::toString)
                .toList();
    }

    /**
     * Returns the failures and the result of the import in the output of a step, unless the application is stopped in
     * it.
     */
    private static List<String> results(List<Block> step) {
        List<String> lines = step.stream()
                .filter(block -> block.kind().equals("text"))
                .flatMap(block -> block.code().lines())
                .toList();
        return lines.stream().anyMatch(line -> line.contains("draining"))
                ? List.of()
                : lines.stream()
                        .filter(line -> line.contains("FailedImports") || line.contains(" prices in "))
                        .toList();
    }

    /** Returns the lines of the output that the step with this word in its heading shows. */
    private List<String> output(String heading) {
        return step(heading, "text").lines().toList();
    }

    private String request(String heading) {
        return step(heading, "shell");
    }

    private String step(String heading, String kind) {
        List<Block> blocks = new ArrayList<>();
        page.document().accept(new AbstractVisitor() {

            @Override
            public void visit(Heading node) {
                if (Links.text(node).toLowerCase(Locale.ENGLISH).contains(heading) && node.getLevel() == 2) {
                    blocks.addAll(steps.get(Page.line(node)));
                }
            }
        });
        return blocks.stream()
                .filter(block -> block.kind().equals(kind))
                .map(Block::code)
                .findFirst()
                .orElseThrow();
    }

    /** Returns the measurement of a count in the tutorial, in the spelling of the response. */
    private String measurement(String request) {
        String meter = request.replaceAll(".*/metrics/([\\w.]+).*", "$1");
        return step("metrics", "json")
                .lines()
                .filter(line -> line.contains(meter))
                .map(line -> line.replaceAll(".*(\\{\"statistic\": \"COUNT\", \"value\": [\\d.]+}).*", "$1"))
                .findFirst()
                .orElseThrow()
                .replace(" ", "");
    }

    private static List<String> withoutDurations(List<String> lines) {
        return lines.stream()
                .map(line -> TIME.matcher(line).replaceFirst(""))
                .map(line -> line.replaceAll("\\d[\\d.]*(?= (?:ms|s|seconds)\\b)|(?<=running for )[\\d.]+", "N"))
                .toList();
    }

    private static List<String> withoutNumbers(List<String> lines) {
        return lines.stream().map(line -> line.replaceAll("\\d[\\d.]*", "N")).toList();
    }

    /** Process with the classes of the tutorial. */
    private final class Run implements AutoCloseable {

        private final List<String> lines = new ArrayList<>();

        private final Process process;

        private final BufferedReader output;

        Run(String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    String.join(
                            File.pathSeparator,
                            project.resolve("classes").toString(),
                            project.resolve("src/main/resources").toString(),
                            System.getProperty("java.class.path"))));
            command.addAll(List.of(arguments));
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            output = process.inputReader();
            CompletableFuture.delayedExecutor(MAX_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
        }

        void awaitLine(String text) throws IOException {
            String line = "";
            while (!line.contains(text)) {
                line = output.readLine();
                assertThat(line).as("line with '%s' after %s", text, lines).isNotNull();
                lines.add(line);
            }
        }

        void awaitEnd() {
            output.lines().forEach(lines::add);
        }

        void stop() {
            process.toHandle().destroy(); // leaves the streams open
            awaitEnd();
        }

        String get(String request) throws IOException, InterruptedException {
            Matcher port = PORT.matcher(String.join("\n", lines));
            assertThat(port.find()).isTrue();
            String url = request.replaceAll(".*localhost:8080([^\"]*)\"?", "http://localhost:" + port.group(1) + "$1");
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .body();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** Runs the tests of the tutorial and prints their number as Maven does. */
    static final class Launch {

        private Launch() {}

        public static void main(String[] args) {
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass("shop.PriceImportTests"))
                                    .build(),
                            listener);
            listener.getSummary().getFailures().forEach(failure -> System.out.println(failure.getException()));
            System.out.printf(
                    "Tests run: %d, Failures: %d%n",
                    listener.getSummary().getTestsFoundCount(),
                    listener.getSummary().getTestsFailedCount());
        }
    }
}
