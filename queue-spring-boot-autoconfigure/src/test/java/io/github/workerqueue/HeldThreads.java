package io.github.workerqueue;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Threads that never run by themselves: an engine with these does what the test does, and nothing else. */
final class HeldThreads extends WorkerThreads {

    /** What would have been started, for the test to run. */
    final Queue<Runnable> started = new ArrayDeque<>();

    private @Nullable Error failure;

    Engine engine(int workers) {
        return engine(workers, 2 * workers);
    }

    Engine engine(int workers, int maxsize) {
        return engine(QueueSettings.defaults().withWorkers(workers).withMaxsize(maxsize));
    }

    Engine engine(QueueSettings settings) {
        return new Engine(
                "default", 1, settings, QueueListeners.NONE, this, new Timer(), this, null, null, closed -> {});
    }

    void failWith(Error failure) {
        this.failure = failure;
    }

    @Override
    Runnable starter(Runnable work, String name) {
        return () -> {
            if (failure != null) {
                throw failure;
            }
            started.add(work);
        };
    }

    @Override
    void close() {}
}
