package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Proof that tests fail when rules are broken. For each entry of {@code broken-rules.txt}, it compiles a broken copy of
 * the source file into a directory of its own. The test of the entry must fail with this directory first on the
 * classpath, and pass without it. The profile {@code broken-rules} runs the proof, and {@code -Dbroken-rules=REGEX}
 * selects entries.
 */
class BrokenRulesProof {

    private static final String CLASSPATH = System.getProperty("java.class.path", "");

    private static final int MAX_SECONDS = 120;

    private static final int MAX_SHOWN = 160;

    private static final int PASSED = 0;

    private static final int NOT_RUN = 2;

    private static final int FAILED = 3;

    /** Precedes each failure in the output of a forked JVM. */
    private static final String FAILURE = "Failure of the test: ";

    /** Tests that have passed with the original texts. */
    private final Set<String> passing = new HashSet<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // injected
    private Path directory;

    @Test
    @EnabledIfSystemProperty(named = "broken-rules", matches = ".*")
    void testFailsWhenItsRuleIsBroken() throws Exception {
        String regex = System.getProperty("broken-rules", "true");
        Pattern selected = Pattern.compile(regex.equals("true") ? "" : regex);
        List<String> notCaught = new ArrayList<>();
        int count = 0;
        for (BrokenRule rule : BrokenRule.readAll()) {
            if (selected.matcher(rule.toString()).find()) {
                long start = System.nanoTime();
                String outcome = outcome(rule);
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
                System.out.printf("%s: %s: %s (%d s)%n", rule.rule(), rule.test(), outcome, seconds);
                if (!outcome.startsWith("caught")) {
                    notCaught.add(rule.rule());
                }
                count++;
            }
        }
        System.out.printf("%d of %d broken rules were caught%n", count - notCaught.size(), count);
        assertThat(count).as("selected entries").isPositive();
        assertThat(notCaught).as("rules that were not caught").isEmpty();
    }

    private String outcome(BrokenRule rule) throws Exception {
        String failure = passing.contains(rule.test()) ? "" : run(rule.test(), CLASSPATH);
        if (!failure.isEmpty()) {
            failure = run(rule.test(), CLASSPATH); // a test that measures time may fail once on a busy machine
        }
        if (!failure.isEmpty()) {
            return "NOT CAUGHT, the test fails with the original text: " + shortened(failure);
        }
        passing.add(rule.test());
        Path classes = Files.createTempDirectory(directory, "classes");
        String errors = compile(rule, classes);
        if (!errors.isEmpty()) {
            return "NOT CAUGHT, the broken text does not compile: " + errors;
        }
        failure = run(rule.test(), classes + File.pathSeparator + CLASSPATH);
        if (failure.isEmpty()) {
            return "NOT CAUGHT, the test passes";
        }
        return (failure.contains(rule.message()) ? "caught: " : "NOT CAUGHT, another message: ") + shortened(failure);
    }

    /** Compiles the broken source file. Returns the errors of the compiler, or an empty string. */
    private static String compile(BrokenRule rule, Path classes) throws IOException {
        Path copy = classes.resolve(rule.source().getFileName());
        Files.writeString(copy, rule.brokenSource());
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        String options = "--release 17 -parameters -proc:none -nowarn -d " + classes + " " + copy + " -cp";
        List<String> arguments = new ArrayList<>(List.of(options.split(" ")));
        arguments.add(CLASSPATH);
        int exit = ToolProvider.getSystemJavaCompiler().run(null, errors, errors, arguments.toArray(String[]::new));
        return exit == 0 ? "" : oneLine(errors.toString(StandardCharsets.UTF_8));
    }

    /** Runs the test in a JVM of its own. Returns its failures, or an empty string if it passes. */
    private String run(String test, String classpath) throws Exception {
        Path output = Files.createTempFile(directory, "output", ".txt");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "-cp", classpath, BrokenRulesProof.class.getName(), test)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return "the test did not end within " + MAX_SECONDS + " s";
        }
        String text = oneLine(new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
        return switch (process.exitValue()) {
            case PASSED -> "";
            case FAILED -> text.substring(text.indexOf(FAILURE) + FAILURE.length());
            default -> throw new AssertionError("Test " + test + " was not run: " + text);
        };
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(text.length(), MAX_SHOWN));
    }

    /** Runs the named test. The exit code and lines that begin with {@link #FAILURE} are the outcome. */
    public static void main(String... args) throws Exception {
        Method method = BrokenRule.method(args[0]);
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectMethod(method.getDeclaringClass(), method))
                                .build(),
                        listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.getFailures().forEach(failure -> System.out.println(FAILURE + failure.getException()));
        boolean passed = summary.getTotalFailureCount() == 0;
        System.exit(!passed ? FAILED : summary.getTestsSucceededCount() > 0 ? PASSED : NOT_RUN);
    }
}
