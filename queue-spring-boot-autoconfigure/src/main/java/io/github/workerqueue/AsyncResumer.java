package io.github.workerqueue;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** The slots whose stages have ended, and the threads that they get again. */
final class AsyncResumer implements Runnable {

    /*
     * Stages end by the hundred at the same moment, and what is left to do for each takes microseconds, so a thread for each
     * would be many that do nothing. As with the wakes of slots, one thread is started at a time: it takes a slot, starts the
     * next thread if more wait, runs the slot, which may go on with other tasks and block, and then takes the next.
     *
     * None is left: who adds one adds it and then looks whether a thread is about to come; that thread says that it has come, and
     * then takes.
     */

    private final QueueEngine engine;

    private final Queue<WorkerSlot> completed = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean starting = new AtomicBoolean();

    private final Runnable starter;

    AsyncResumer(QueueEngine engine) {
        this.engine = engine;
        this.starter = engine.threads.starter(this, "queue-" + engine.name + "-0");
    }

    void add(WorkerSlot slot) {
        completed.add(slot);
        start();
    }

    private void start() {
        if (!completed.isEmpty() && starting.compareAndSet(false, true)) {
            engine.start(starter);
        }
    }

    @Override
    public void run() {
        starting.set(false);
        try {
            for (WorkerSlot slot = completed.poll(); slot != null; slot = completed.poll()) {
                start();
                slot.run();
            }
        } finally {
            start();
        }
    }
}
