package io.github.workerqueue;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * The results of JMH for one benchmark and one contender, empty if the benchmark failed. Scores are medians, since
 * outliers distort means.
 */
record Scores(List<RunResult> results) {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    Scores(Collection<RunResult> results) {
        this(List.copyOf(results));
    }

    double score() {
        return median(iterations()
                .mapToDouble(iteration -> iteration.getPrimaryResult().getScore()));
    }

    /** Returns the score with its unit. */
    String text() {
        return results.stream()
                .map(RunResult::getPrimaryResult)
                .map(result -> Unit.of(result.getScoreUnit()).format(score()))
                .findFirst()
                .orElse("failed");
    }

    /** Returns the bytes allocated by an operation. */
    double bytes() {
        return secondary(ALLOCATED);
    }

    /** Returns the CPU time of an operation in nanoseconds. */
    double cpuNanos() {
        return secondary(CpuTimeProfiler.RESULT);
    }

    private double secondary(String name) {
        return median(iterations()
                .map(iteration -> iteration.getSecondaryResults().get(name))
                .filter(Objects::nonNull)
                .mapToDouble(Result::getScore));
    }

    /** Returns the score of the median JVM. */
    double medianOfJvms() {
        return median(jvms());
    }

    /** Returns the lowest score of all JVMs. */
    double lowestOfJvms() {
        return jvms().min().orElse(Double.NaN);
    }

    private DoubleStream jvms() {
        return results.stream()
                .flatMap(result -> result.getBenchmarkResults().stream())
                .mapToDouble(jvm -> median(jvm.getIterationResults().stream()
                        .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())));
    }

    private Stream<IterationResult> iterations() {
        return results.stream()
                .map(RunResult::getBenchmarkResults)
                .flatMap(Collection::stream)
                .map(BenchmarkResult::getIterationResults)
                .flatMap(Collection::stream);
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
