package io.github.workerqueue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Tasks that compute: how much of the cores is left for them. The unbounded pool is the reference, as its producer is never
 * held back and its workers never find it empty.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CpuBenchmark {

    private static final int TASKS = 20_000;

    /** Who runs the tasks, and how long each takes. */
    public static class Runner extends Contest {

        @Param({"queue-virtual", "queue-platform", "two-semaphores-virtual", "unbounded-pool"})
        public String contender = "";

        @Param({"1", "5", "50"})
        public int micros;

        private long tokens;

        @Override
        Contender open() {
            return Contender.of(contender, WORKERS, MAXSIZE);
        }

        @Setup
        public void calibrate() {
            tokens = CpuWork.tokens(micros);
        }
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Object> cpu(Runner runner) throws Exception {
        return runner.opened().run(TASKS, CpuWork.task(runner.tokens));
    }
}
