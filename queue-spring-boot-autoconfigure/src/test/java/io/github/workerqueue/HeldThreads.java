package io.github.workerqueue;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Threads that never run by themselves: an engine with these does what the test does, and nothing else. */
final class HeldThreads extends WorkerThreads {

    private static final DefaultQueueFactory FACTORY =
            (DefaultQueueFactory) QueueFactory.create(QueueSettings.defaults());

    /** What would have been started, for the test to run. */
    final Queue<Runnable> started = new ConcurrentLinkedQueue<>();

    /** How often none could be started. */
    final AtomicInteger failed = new AtomicInteger();

    private volatile @Nullable Error failure;

    QueueEngine engine(int workers) {
        return engine(workers, 2 * workers);
    }

    QueueEngine engine(int workers, int maxsize) {
        return engine(QueueSettings.defaults().withWorkers(workers).withMaxsize(maxsize));
    }

    QueueEngine engine(QueueSettings settings) {
        return new QueueEngine(
                "default",
                1,
                settings,
                CompositeQueueListener.NONE,
                this,
                new QueueTimer(),
                FACTORY,
                null,
                null,
                closed -> {});
    }

    /** What happens from now on where a thread is to be started; null if nothing does. */
    void failWith(@Nullable Error failure) {
        this.failure = failure;
    }

    @Override
    Runnable starter(Runnable work, String name) {
        return () -> {
            Error thrown = failure;
            if (thrown != null) {
                failed.incrementAndGet();
                throw thrown;
            }
            started.add(work);
        };
    }

    @Override
    void close() {}
}
