package io.github.workerqueue;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/** Cleanup of a leaked queue, whose handle became unreachable: it logs a warning, drains the queue and closes it. */
final class QueueLeakDetector implements Runnable {

    /** Cleaner with one thread for all queues, which retains only queues with reachable handles. */
    private static final Cleaner CLEANER = Cleaner.create();

    private final QueueEngine engine;

    private final @Nullable Throwable opened;

    private QueueLeakDetector(QueueEngine engine) {
        this.engine = engine;
        this.opened = engine.context.settings.leakTrace() ? new Throwable("Opened here") : null;
    }

    /** Watches the handle of a queue. The caller must clean the returned object after a close. */
    static Cleaner.Cleanable watch(Object handle, QueueEngine engine) {
        return CLEANER.register(handle, new QueueLeakDetector(engine));
    }

    @Override
    public void run() {
        if (engine.shutdown.isBegun()) {
            return;
        }
        QueueSnapshot snapshot = SnapshotSource.of(engine);
        QueueLog.logger.warn(
                "Queue '{}': leaked, with {} to run before it is closed; open queues in a "
                        + "try-with-resources statement{}",
                engine.context.name,
                Counts.of(
                        snapshot.put() - snapshot.completed() - snapshot.failed() - snapshot.cancelled(),
                        "unfinished task"),
                opened == null ? ", and set leak-trace to log where a queue was opened" : "",
                opened);
        engine.shutdown.beginLeaked();
    }
}
