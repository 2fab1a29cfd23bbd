package io.github.workerqueue;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How long a task waits for its start when it is put into an open queue that was idle. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WakeUpBenchmark {

    /** An open queue, idle before each put. */
    @State(Scope.Benchmark)
    public static class Idle {

        /** Long enough for a worker to give up and leave its thread. */
        private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

        @Param({"queue-virtual", "queue-platform"})
        public String contender = "";

        private @Nullable QueueFactory factory;

        private @Nullable WorkerQueue<Object> queue;

        private volatile boolean started;

        @Setup
        public void open() {
            factory = QueueFactory.create(
                    QueueContender.settings(Contest.WORKERS, Contest.MAXSIZE, QueueContender.isVirtual(contender)));
            queue = factory.open();
        }

        @Setup(Level.Invocation)
        public void idle() {
            started = false;
            long end = System.nanoTime() + PAUSE;
            for (long left = PAUSE; left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }

        @TearDown
        public void close() {
            Objects.requireNonNull(queue).close();
            Objects.requireNonNull(factory).close();
        }

        void wakeUp() throws InterruptedException {
            Objects.requireNonNull(queue).put(() -> {
                started = true;
                return null;
            });
            while (!started) {
                Thread.onSpinWait();
            }
        }
    }

    @Benchmark
    public void wakeUp(Idle idle) throws InterruptedException {
        idle.wakeUp();
    }
}
