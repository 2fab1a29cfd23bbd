package io.github.workerqueue;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Resumer of worker slots whose stages have completed, on as few threads as needed. */
final class AsyncResumer implements Runnable {

    /*
     * Hundreds of stages may complete at the same moment, and each leaves microseconds of work. Threads are therefore
     * started one at a time. A thread polls a slot, starts the next thread if more slots wait, and runs the slot,
     * which may block in other tasks. It then polls again.
     *
     * Liveness: no slot is stranded. A thread enqueues the slot and then tests `starting`; the started thread clears
     * `starting` and then polls. Either the enqueuing thread starts another one, or the thread under way polls the
     * slot.
     */

    private final Queue<Runnable> slots = new ConcurrentLinkedQueue<>();

    /** Whether a started thread has not polled yet. */
    private final AtomicBoolean starting = new AtomicBoolean();

    private final Runnable starter;

    private final Consumer<Runnable> launcher;

    /** Creates a resumer whose launcher calls the starter of a thread until it succeeds. */
    AsyncResumer(QueueContext context, Consumer<Runnable> launcher) {
        this.starter = context.threads.starter(this, "queue-" + context.name + "-0");
        this.launcher = launcher;
    }

    void add(Runnable slot) {
        slots.add(slot);
        start();
    }

    private void start() {
        if (!slots.isEmpty() && starting.compareAndSet(false, true)) {
            launcher.accept(starter);
        }
    }

    @Override
    public void run() {
        starting.set(false);
        try {
            for (Runnable slot = slots.poll(); slot != null; slot = slots.poll()) {
                start();
                slot.run();
            }
        } finally {
            start();
        }
    }
}
