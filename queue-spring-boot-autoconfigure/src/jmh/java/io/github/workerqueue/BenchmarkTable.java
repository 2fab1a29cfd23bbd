package io.github.workerqueue;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Program that measures everything and prints it next to the bars of this library. Arguments: {@code smoke},
 * {@code short} (the default) or {@code full} for the effort, {@code busy} to keep one core busy meanwhile, and
 * {@code only=REGEX} for the rows whose benchmark or text matches. It fails if a measurement fails, but not if a bar is
 * missed, since bars are for an idle machine.
 */
public final class BenchmarkTable {

    private static final Path LOG = Path.of("target", "jmh.log");

    private static final String ONLY = "only=";

    private final List<Row> rows;

    private final List<Measurements.Measured> others;

    private final Measurements measurements;

    private BenchmarkTable(Measurements measurements, Effort effort, Pattern only) {
        Bars bars = new Bars(measurements, effort);
        this.measurements = measurements;
        this.rows = bars.rows().stream().filter(row -> row.matches(only)).toList();
        this.others = bars.others().stream()
                .filter(other ->
                        only.matcher(other.benchmark() + " " + other.values()).find())
                .toList();
    }

    public static void main(String[] args) throws IOException {
        QueueSettings.defaults().withVirtualThreads(true); // throws if this Java has no virtual threads
        List<String> arguments = Arrays.asList(args);
        boolean busy = arguments.contains("busy");
        Effort effort = effort(arguments);
        if (busy) {
            keepOneCoreBusy();
        }
        Files.createDirectories(LOG.getParent());
        boolean complete;
        try (PrintStream log = new PrintStream(Files.newOutputStream(LOG), true, StandardCharsets.UTF_8);
                PrintStream out =
                        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
            BenchmarkTable table = new BenchmarkTable(new Measurements(effort, log), effort, only(arguments));
            complete = table.measure();
            out.println(machine(effort, busy));
            table.print(out);
        }
        System.exit(complete ? 0 : 1);
    }

    private static Effort effort(List<String> arguments) {
        Effort effort = Effort.SHORT;
        for (String argument : arguments) {
            switch (argument) {
                case "smoke" -> effort = Effort.SMOKE;
                case "short" -> effort = Effort.SHORT;
                case "full" -> effort = Effort.FULL;
                default -> {
                    if (!argument.equals("busy") && !argument.startsWith(ONLY)) {
                        throw new IllegalArgumentException(
                                argument + " is none of smoke, short, full, busy, " + ONLY + "REGEX");
                    }
                }
            }
        }
        return effort;
    }

    private static Pattern only(List<String> arguments) {
        return arguments.stream()
                .filter(argument -> argument.startsWith(ONLY))
                .map(argument -> Pattern.compile(argument.substring(ONLY.length()), Pattern.CASE_INSENSITIVE))
                .findFirst()
                .orElseGet(() -> Pattern.compile(""));
    }

    private static void keepOneCoreBusy() throws IOException {
        Process process = Child.start(BusyCore.class, List.of(), List.of()).process();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Returns true if all rows with a bar could be measured. */
    private boolean measure() {
        boolean complete = true;
        for (Row row : rows) {
            row.measure();
            complete &= row.isComplete();
        }
        others.forEach(measurements::scores);
        return complete;
    }

    private void print(PrintStream out) {
        out.println();
        out.println("| what | figure (V, P) | compared with | ratio V | ratio P | bar | met? |");
        out.println("|---|---|---|---|---|---|---|");
        rows.forEach(row -> out.println(row.markdown()));
        out.println();
        out.println("| benchmark | score | bytes/task | CPU time/task |");
        out.println("|---|---|---|---|");
        measurements.scores().forEach((measured, scores) -> out.println(absolute(measured, scores)));
    }

    private static String absolute(Measurements.Measured measured, Scores scores) {
        int tasks = Bars.tasksOf(measured.benchmark());
        return String.join(
                " | ",
                "| " + measured,
                scores.text(),
                Unit.BYTES.format(scores.bytes() / tasks),
                Unit.NANOS.format(scores.cpuNanos() / tasks) + " |");
    }

    private static String machine(Effort effort, boolean busy) {
        return "%d cores%s, %s %s, %s %s %s, %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        busy ? ", one of them kept busy by another process" : "",
                        System.getProperty("java.vm.name"),
                        System.getProperty("java.runtime.version"),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch"),
                        effort.name().toLowerCase(Locale.ROOT));
    }
}
