package io.github.workerqueue;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Lazy measurements, each taken once, on the first request. Measurements that are compared therefore follow each other.
 */
final class Measurements {

    private static final TimeValue TIMEOUT = TimeValue.minutes(1);

    private final Effort effort;

    private final PrintStream log;

    private final String tokensOption = "-D" + CpuWork.PROPERTY + "=" + CpuWork.tokensPerMilli();

    private final Map<Measured, Scores> scores = new LinkedHashMap<>();

    private final Map<Measured, Scores> fresh = new LinkedHashMap<>();

    private final Map<List<String>, String> outputs = new LinkedHashMap<>();

    Measurements(Effort effort, PrintStream log) {
        this.effort = effort;
        this.log = log;
    }

    /** A benchmark and its parameters, such as {@code contender=queue-virtual}. */
    record Measured(String benchmark, List<String> parameters) {

        /** Returns the parameters without their names. */
        String values() {
            return parameters.stream()
                    .map(parameter -> parameter.substring(parameter.indexOf('=') + 1))
                    .collect(Collectors.joining(" "));
        }

        @Override
        public String toString() {
            return benchmark + " " + String.join(" ", parameters);
        }
    }

    /** Returns the scores of a benchmark. A * in a parameter stands for the kind of thread. */
    Row.Source of(ToDoubleFunction<Scores> figure, String benchmark, String... parameters) {
        return kind -> figure.applyAsDouble(scores(measured(kind, benchmark, parameters)));
    }

    /** Returns the scores of a benchmark like {@link #of}, but measured in many JVMs. */
    Row.Source ofFresh(ToDoubleFunction<Scores> figure, String benchmark, String... parameters) {
        return kind -> figure.applyAsDouble(
                fresh.computeIfAbsent(measured(kind, benchmark, parameters), key -> run(key, effort::applyFresh)));
    }

    /** Returns a measurement that another main class prints. */
    Row.Source ofMain(Class<?> main, String figure, List<String> options, String... arguments) {
        return kind -> {
            List<String> all = new ArrayList<>(List.of(kind.toString()));
            all.addAll(List.of(arguments));
            List<String> key = new ArrayList<>(List.of(main.getSimpleName()));
            key.addAll(all);
            String output = outputs.computeIfAbsent(key, absent -> start(main, options, all));
            return Child.figure(output, figure);
        };
    }

    Scores scores(Measured measured) {
        return scores.computeIfAbsent(measured, key -> run(key, effort::apply));
    }

    /** Returns all measurements taken so far. */
    Map<Measured, Scores> scores() {
        return scores;
    }

    private static Measured measured(Row.Kind kind, String benchmark, String... parameters) {
        List<String> values = List.of(parameters);
        return new Measured(
                benchmark,
                values.stream()
                        .map(value -> value.replace("*", kind.toString()))
                        .toList());
    }

    private Scores run(Measured measured, Function<ChainedOptionsBuilder, ChainedOptionsBuilder> length) {
        progress(measured.toString());
        ChainedOptionsBuilder options = length.apply(new OptionsBuilder())
                .include("^" + Pattern.quote(Measurements.class.getPackageName() + "." + measured.benchmark()) + "$")
                .jvmArgsAppend(tokensOption)
                .timeout(TIMEOUT)
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTimeProfiler.class);
        for (String parameter : measured.parameters()) {
            String[] pair = parameter.split("=", 2);
            options.param(pair[0], pair[1]);
        }
        try {
            return new Scores(
                    new Runner(options.build(), OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL))
                            .run());
        } catch (RunnerException ex) {
            progress(ex.toString());
            return new Scores(List.of());
        }
    }

    private String start(Class<?> main, List<String> options, List<String> arguments) {
        progress(main.getSimpleName() + " " + String.join(" ", arguments));
        try {
            String output = Child.start(main, options, arguments).output();
            log.println(output);
            return output;
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static void progress(String line) {
        System.err.println(line);
    }
}
