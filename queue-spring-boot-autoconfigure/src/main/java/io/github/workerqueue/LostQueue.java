package io.github.workerqueue;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/** What happens to a queue whose handle is garbage: what was accepted still runs, then it is closed, and a WARN says so. */
final class LostQueue implements Runnable {

    /** One thread for all queues; it knows only of those whose handles are alive. */
    private static final Cleaner CLEANER = Cleaner.create();

    private final Engine engine;

    private final @Nullable Throwable opened;

    private LostQueue(Engine engine) {
        this.engine = engine;
        this.opened = engine.settings.leakTrace() ? new Throwable("Opened here") : null;
    }

    /** Watches over the handle of a queue. Cleaning is to be called once it was closed. */
    static Cleaner.Cleanable watch(Object handle, Engine engine) {
        return CLEANER.register(handle, new LostQueue(engine));
    }

    @Override
    public void run() {
        if (engine.closing.isBegun()) {
            return;
        }
        QueueSnapshot figures = Figures.of(engine);
        Engine.logger.warn(
                "Queue '{}': leaked, with {} to run before it is closed; open queues in a "
                        + "try-with-resources statement{}",
                engine.name,
                Counts.of(
                        figures.put() - figures.completed() - figures.failed() - figures.cancelled(),
                        "unfinished task"),
                opened == null ? ", and set leak-trace to log where a queue was opened" : "",
                opened);
        engine.closing.beginLost();
    }
}
