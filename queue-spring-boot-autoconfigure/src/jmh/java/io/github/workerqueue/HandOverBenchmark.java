package io.github.workerqueue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;

/**
 * Cost to hand a task over and to get its result, with 25 workers, a maxsize of 50 and results in order. The tasks do
 * nothing, so they do not slow down a contender that uses fewer threads.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class HandOverBenchmark {

    private static final int TASKS = 100_000;

    /** Contender that runs the tasks. */
    public static class Runner extends Contest {

        @Param({
            "queue-virtual",
            "queue-platform",
            "pool-blocking-put",
            "semaphore-virtual",
            "two-semaphores-virtual",
            "map-concurrent",
            "parallel-collectors",
            "reactor",
            "unbounded-pool",
            "ring",
            "spsc-ring"
        })
        public String contender = "";

        @Override
        Contender open() {
            return Contender.of(contender, WORKERS, MAXSIZE);
        }
    }

    /** Tasks that return a value. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Object> handOver(Runner runner) throws Exception {
        return runner.opened().run(TASKS, () -> Boolean.TRUE);
    }

    /** Tasks that return null. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Object> consume(Runner runner) throws Exception {
        return runner.opened().run(TASKS, () -> null);
    }
}
