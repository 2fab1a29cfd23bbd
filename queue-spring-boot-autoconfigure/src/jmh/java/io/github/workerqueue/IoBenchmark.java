package io.github.workerqueue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;

/**
 * Tasks that sleep, in several rounds with one task per worker. The time of a run is compared with the time of the
 * sleep, and with threads that only sleep (the sleepers). The rivals that keep threads keep them between the runs, as
 * the queue's factory does.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class IoBenchmark {

    static final int FEW = 25;

    static final int FEW_ROUNDS = 10;

    static final int MANY = 1_000;

    static final int MANY_ROUNDS = 5;

    static final int HUGE = 10_000;

    static final int HUGE_ROUNDS = 2;

    static final int MILLIS = 5;

    static final int HUGE_MILLIS = 50;

    /** Contender that runs the tasks on virtual or platform threads. */
    public abstract static class OnBothKinds extends Contest {

        @Param({
            "queue-virtual",
            "queue-platform",
            "pool-blocking-put",
            "semaphore-virtual",
            "two-semaphores-virtual",
            "sleepers-virtual",
            "sleepers-platform"
        })
        public String contender = "";
    }

    /** Contender that runs the tasks on few threads. */
    public static class Few extends OnBothKinds {

        @Override
        Contender open() {
            return Contender.of(contender, FEW, 2 * FEW);
        }
    }

    /** Contender that runs the tasks on many threads. */
    public static class Many extends OnBothKinds {

        @Override
        Contender open() {
            return Contender.of(contender, MANY, 2 * MANY);
        }
    }

    /** Contender that runs the tasks on more threads than are practical as platform threads. */
    public static class Huge extends Contest {

        @Param({"queue-virtual", "semaphore-virtual", "two-semaphores-virtual", "sleepers-virtual"})
        public String contender = "";

        @Override
        Contender open() {
            return Contender.of(contender, HUGE, 2 * HUGE);
        }
    }

    @Benchmark
    public List<Object> few(Few runner) throws Exception {
        return runner.opened().run(FEW * FEW_ROUNDS, () -> sleep(MILLIS));
    }

    @Benchmark
    public List<Object> many(Many runner) throws Exception {
        return runner.opened().run(MANY * MANY_ROUNDS, () -> sleep(MILLIS));
    }

    @Benchmark
    public List<Object> huge(Huge runner) throws Exception {
        return runner.opened().run(HUGE * HUGE_ROUNDS, () -> sleep(HUGE_MILLIS));
    }

    private static Object sleep(int millis) throws InterruptedException {
        Thread.sleep(millis);
        return Boolean.TRUE;
    }
}
