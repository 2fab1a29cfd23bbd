package io.github.workerqueue;

import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Effort, and so the duration, of the {@link BenchmarkTable}. */
enum Effort {
    /** Check that all benchmarks run. The measurements have no meaning. */
    SMOKE(1, 1, 1, 100, 2, 1_000_000),
    /** Measurements of less than ten minutes. */
    SHORT(1, 2, 3, 1000, 5, 20_000_000),
    /** Measurements for publication. */
    FULL(2, 3, 5, 2000, 20, 100_000_000);

    private static final int FRESH_ITERATIONS = 2;

    private static final int FRESH_MAX_MILLIS = 1000;

    private final int forks;

    private final int warmups;

    private final int measurements;

    private final long millis;

    private final int freshForks;

    final long longRunTasks;

    Effort(int forks, int warmups, int measurements, long millis, int freshForks, long longRunTasks) {
        this.forks = forks;
        this.warmups = warmups;
        this.measurements = measurements;
        this.millis = millis;
        this.freshForks = freshForks;
        this.longRunTasks = longRunTasks;
    }

    ChainedOptionsBuilder apply(ChainedOptionsBuilder options) {
        return apply(options, forks, warmups, measurements, millis);
    }

    /** Configures many forks with a short time each, for scores that differ between JVMs. */
    ChainedOptionsBuilder applyFresh(ChainedOptionsBuilder options) {
        return apply(options, freshForks, FRESH_ITERATIONS, FRESH_ITERATIONS, Math.min(millis, FRESH_MAX_MILLIS));
    }

    private static ChainedOptionsBuilder apply(
            ChainedOptionsBuilder options, int forks, int warmups, int measurements, long millis) {
        return options.forks(forks)
                .warmupIterations(warmups)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(measurements)
                .measurementTime(TimeValue.milliseconds(millis));
    }
}
