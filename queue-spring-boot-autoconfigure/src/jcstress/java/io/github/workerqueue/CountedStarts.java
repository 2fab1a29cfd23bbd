package io.github.workerqueue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the threads that slots are given, instead of giving them any: the actors are those threads. Callbacks run in
 * place.
 */
final class CountedStarts extends WorkerThreads {

    private static final DefaultQueueFactory FACTORY =
            (DefaultQueueFactory) QueueFactory.create(QueueSettings.defaults());

    /** Beside a wake-up that was lost, all else that holds up a thread is short. */
    static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(10);

    static final long COST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicInteger starts = new AtomicInteger();

    QueueEngine engine() {
        QueueSettings settings = QueueSettings.defaults().withWorkers(1).withMaxsize(1);
        QueueEngine engine = new QueueEngine(
                "stress",
                1,
                settings,
                CompositeQueueListener.NONE,
                this,
                new QueueTimer(),
                FACTORY,
                null,
                null,
                closed -> {});
        engine.recordCost(COST_NANOS, 0); // so that nobody spins
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

    /** Does what is to wait, and returns whether its end was seen without waiting for the time limit. */
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
