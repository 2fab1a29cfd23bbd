package io.github.workerqueue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Worker threads that count the starts of slots without starting threads, since the actors are the threads. Callbacks
 * run in the calling thread.
 */
final class CountedStarts extends WorkerThreads {

    private static final QueueGroup GROUP = new QueueGroup((name, nanos) -> {});

    /** Time limit for a wake-up. Any delay but a lost wake-up is much shorter. */
    static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(10);

    static final long COST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicInteger starts = new AtomicInteger();

    QueueEngine engine() {
        QueueSettings settings = QueueSettings.defaults().withWorkers(1).withMaxsize(1);
        QueueContext context = new QueueContext(
                "default", 1, settings, CompositeQueueListener.NONE, this, new QueueTimer(), GROUP, null);
        QueueEngine engine = new QueueEngine(context, null, null, closed -> {});
        engine.scheduler.recordCost(COST_NANOS, 0); // so that no thread spins
        return engine;
    }

    int count() {
        return starts.get();
    }

    @Override
    Runnable starter(Runnable work, String name) {
        return work instanceof WorkerSlot || work instanceof AsyncResumer ? starts::incrementAndGet : work;
    }

    @Override
    void close() {}

    /** Runs an action that waits. Returns 1 if it ended before the time limit, else 0. */
    static int inTime(TaskAction waiting) {
        long start = System.nanoTime();
        try {
            waiting.run();
        } catch (Exception ex) {
            throw new IllegalStateException(ex);
        }
        return System.nanoTime() - start < LATE_NANOS ? 1 : 0;
    }
}
