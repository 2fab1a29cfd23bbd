package io.github.workerqueue;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/** What happens to a queue whose handle is garbage: what was accepted still runs, then it is closed, and a WARN says so. */
final class QueueLeakDetector implements Runnable {

    /** One thread for all queues; it knows only of those whose handles are alive. */
    private static final Cleaner CLEANER = Cleaner.create();

    private final QueueEngine engine;

    private final @Nullable Throwable opened;

    private QueueLeakDetector(QueueEngine engine) {
        this.engine = engine;
        this.opened = engine.context.settings.leakTrace() ? new Throwable("Opened here") : null;
    }

    /** Watches over the handle of a queue. Cleaning is to be called once it was closed. */
    static Cleaner.Cleanable watch(Object handle, QueueEngine engine) {
        return CLEANER.register(handle, new QueueLeakDetector(engine));
    }

    @Override
    public void run() {
        if (engine.shutdown.isBegun()) {
            return;
        }
        QueueSnapshot figures = SnapshotSource.of(engine);
        QueueLog.logger.warn(
                "Queue '{}': leaked, with {} to run before it is closed; open queues in a "
                        + "try-with-resources statement{}",
                engine.context.name,
                Counts.of(
                        figures.put() - figures.completed() - figures.failed() - figures.cancelled(),
                        "unfinished task"),
                opened == null ? ", and set leak-trace to log where a queue was opened" : "",
                opened);
        engine.shutdown.beginLeaked();
    }
}
