package io.github.workerqueue;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Worker threads that never run by themselves. The test runs the work of the engine, step by step. */
final class HeldThreads extends WorkerThreads {

    /** Work of the requested threads, to be run by the test. */
    final Queue<Runnable> started = new ConcurrentLinkedQueue<>();

    /** Number of failed thread starts. */
    final AtomicInteger failed = new AtomicInteger();

    private volatile @Nullable Error failure;

    QueueEngine engine(int workers) {
        return engine(workers, 2 * workers);
    }

    QueueEngine engine(int workers, int maxsize) {
        return engine(QueueSettings.defaults().withWorkers(workers).withMaxsize(maxsize));
    }

    QueueEngine engine(QueueSettings settings) {
        return engine(settings, null);
    }

    QueueEngine engine(QueueSettings settings, @Nullable StartRateLimiter rateLimiter) {
        QueueContext context = new QueueContext(
                "default",
                1,
                settings,
                CompositeQueueListener.NONE,
                this,
                new QueueTimer(),
                new QueueGroup((name, nanos) -> {}),
                null);
        return new QueueEngine(context, null, rateLimiter, closed -> {});
    }

    /** Makes each later start of a thread throw the error. {@code null} lets the starts succeed again. */
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
