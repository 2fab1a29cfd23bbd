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

    Engine engine(int workers) {
        return engine(workers, 2 * workers);
    }

    Engine engine(int workers, int maxsize) {
        return engine(QueueSettings.defaults().withWorkers(workers).withMaxsize(maxsize));
    }

    Engine engine(QueueSettings settings) {
        return new Engine(
                "default", 1, settings, QueueListeners.NONE, this, new Timer(), FACTORY, null, null, closed -> {});
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
