package io.github.workerqueue;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** What it costs to hand a task over and to get its result: 25 workers, a maxsize of 50, results in order. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class HandOverBenchmark {

    private static final int TASKS = 100_000;

    /** Who runs the tasks. */
    @State(Scope.Benchmark)
    public static class Runner {

        @Param({
            "queue-virtual",
            "queue-platform",
            "pool-blocking-put",
            "semaphore-virtual",
            "two-semaphores-virtual",
            "reactor",
            "unbounded-pool"
        })
        public String contender = "";

        private @Nullable Contender opened;

        @Setup
        public void open() {
            opened = Contender.of(contender, 25, 50);
        }

        @TearDown
        public void close() {
            opened().close();
        }

        Contender opened() {
            return Objects.requireNonNull(opened);
        }
    }

    /** Tasks that do nothing and return a value. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Object> handOver(Runner runner) throws Exception {
        return runner.opened().run(TASKS, () -> Boolean.TRUE);
    }

    /** Tasks that do nothing and return null. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Object> consume(Runner runner) throws Exception {
        return runner.opened().run(TASKS, () -> null);
    }

    /** Tasks of about 5 µs. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Object> cpu(Runner runner) throws Exception {
        return runner.opened().run(TASKS, () -> {
            Blackhole.consumeCPU(2000);
            return Boolean.TRUE;
        });
    }

    /** Ten tasks, from open to close, as a request handler would do it. */
    @Benchmark
    public List<Object> tenTasks(Runner runner) throws Exception {
        return runner.opened().run(10, () -> Boolean.TRUE);
    }
}
