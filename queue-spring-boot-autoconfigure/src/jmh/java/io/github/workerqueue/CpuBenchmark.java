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
 * Tasks that compute, to measure the share of the cores that is left for them. The unbounded pool is the reference,
 * since its producer never blocks and its workers never find it empty.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CpuBenchmark {

    private static final int TASKS = 20_000;

    /** Contender that runs the tasks, and the duration of each task. */
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
