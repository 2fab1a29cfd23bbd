package io.github.workerqueue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;

/**
 * Ten tasks, from open to close, as in a request handler. The object that bounds the tasks of one request is created
 * for it: a queue, a semaphore or a pool. The factory of the queues is kept, like the bean of an application.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RequestBenchmark {

    static final int TASKS = 10;

    /** Contender that runs the tasks. */
    public static class Runner extends Contest {

        @Param({"queue-virtual", "queue-platform", "semaphore-virtual", "map-concurrent", "pool-blocking-put"})
        public String contender = "";

        @Override
        Contender open() {
            return Contender.of(contender, WORKERS, MAXSIZE);
        }

        List<Object> run() throws Exception {
            if (opened() instanceof PermitsContender || opened() instanceof PoolContender) {
                try (Contender made = open()) {
                    return made.run(TASKS, () -> Boolean.TRUE);
                }
            }
            return opened().run(TASKS, () -> Boolean.TRUE);
        }
    }

    @Benchmark
    public List<Object> tenTasks(Runner runner) throws Exception {
        return runner.run();
    }
}
