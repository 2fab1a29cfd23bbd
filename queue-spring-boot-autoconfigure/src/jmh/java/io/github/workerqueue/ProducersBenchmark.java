package io.github.workerqueue;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Cost of concurrent producers of one queue: four producers are compared with one that puts as many tasks. All are
 * threads of the same pool, so only their number differs.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ProducersBenchmark {

    private static final int TASKS = 100_000;

    private static final int PRODUCERS = 4;

    /** Contender that runs the tasks, and the threads that put them. */
    public static class Runner extends Contest {

        @Param({"queue-virtual", "queue-platform", "two-semaphores-virtual"})
        public String contender = "";

        private @Nullable ExecutorService pool;

        @Override
        Contender open() {
            return Contender.of(contender, WORKERS, MAXSIZE);
        }

        @Setup
        public void startProducers() {
            pool = Executors.newFixedThreadPool(PRODUCERS, Contender::daemon);
        }

        @TearDown
        public void stopProducers() {
            Objects.requireNonNull(pool).shutdownNow();
        }

        List<Object> run(int producers) throws Exception {
            Contender.Producers putting = new Contender.Producers(Objects.requireNonNull(pool), producers);
            return opened().run(putting, TASKS, () -> Boolean.TRUE);
        }
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Object> oneProducer(Runner runner) throws Exception {
        return runner.run(1);
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public List<Object> fourProducers(Runner runner) throws Exception {
        return runner.run(PRODUCERS);
    }
}
