package io.github.workerqueue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Replacement of threads for one queue: the thread that puts from outside runs the waiting tasks before it returns. */
class CallerRunsThreads extends WorkerThreads {

    /*
     * A task that puts a child task starts a slot while its thread already runs a slot of the same queue. The new
     * slot runs after that one. So a put never nests tasks of one queue, and the stack does not grow with their
     * number. Slots of other queues run immediately.
     */

    /** Factory of instances. The helper threads run timeouts; the id is the number of the queue. */
    @FunctionalInterface
    interface Maker {

        CallerRunsThreads make(WorkerThreads helpers, long id);
    }

    /** Slots to run after the current one, by the thread that runs a slot of this queue. */
    private final Map<Thread, Deque<WorkerSlot>> later = new ConcurrentHashMap<>();

    private final WorkerThreads helpers;

    @SuppressWarnings("NullAway.Init") // attached before the first put
    private StartThrottle throttle;

    @SuppressWarnings("NullAway.Init") // as above
    private Backlog backlog;

    CallerRunsThreads(WorkerThreads helpers) {
        this.helpers = helpers;
    }

    /** Attaches the queue. Call this method before the first put. */
    void attach(QueueEngine engine) {
        throttle = engine.throttle;
        backlog = engine.backlog;
    }

    final boolean isPaused() {
        return throttle.isPaused();
    }

    @Override
    Runnable starter(Runnable work, String name) {
        return work instanceof WorkerSlot slot ? () -> start(slot) : helpers.starter(work, name);
    }

    private void start(WorkerSlot slot) {
        Deque<WorkerSlot> waiting = later.get(Thread.currentThread());
        if (waiting != null) {
            waiting.add(slot);
        } else {
            run(slot);
        }
    }

    /** Runs a slot now. The outermost run of a thread also runs the slots that are started meanwhile. */
    void run(WorkerSlot slot) {
        Thread current = Thread.currentThread();
        Deque<WorkerSlot> before = later.get(current);
        Deque<WorkerSlot> waiting = before == null ? new ArrayDeque<>() : before;
        ClassLoader loader = current.getContextClassLoader();
        boolean interrupted = Thread.interrupted();
        later.put(current, waiting);
        try {
            for (WorkerSlot next = slot; next != null; next = before == null ? waiting.poll() : null) {
                next.run();
            }
        } finally {
            if (before == null) {
                later.remove(current);
            }
            if (current.getContextClassLoader() != loader) { // some threads reject any class loader
                current.setContextClassLoader(loader);
            }
            if (interrupted) {
                current.interrupt();
            }
        }
    }

    @Override
    void reset(Thread current) {
        Thread.interrupted();
    }

    @Override
    void close() {}

    @Override
    boolean areParallel() {
        return false;
    }

    /** Whether the current thread runs a task of the queue, possibly below a task of another queue. */
    boolean runsBelow() {
        return later.containsKey(Thread.currentThread());
    }

    @Override
    long await(String queue, String call, BooleanSupplier done, long nanos) {
        Timeout timeout = Timeout.of(nanos);
        while (!done.getAsBoolean()) {
            if (timeout.isExpired()) {
                return 0;
            }
            if (runOne()) {
                continue;
            }
            if (!runsBelow() && !isPausedWithTasks()) {
                break;
            }
            if (!timeout.isEndless()) {
                return 0;
            }
            throw new IllegalStateException("Queue '" + queue + "': " + call
                    + " would wait forever, since tasks run in the calling thread"
                    + (isPausedWithTasks()
                            ? " and the queue is paused; call resume() first"
                            : ", which is running one of them; wait outside the tasks of the queue"));
        }
        return timeout.remaining();
    }

    /** Whether tasks wait while the queue is paused. */
    boolean isPausedWithTasks() {
        return isPaused() && backlog.depth() > 0;
    }

    /** Runs a slot that waits for this thread, nested in the current slot. */
    @Override
    boolean runOne() {
        Deque<WorkerSlot> waiting = later.get(Thread.currentThread());
        WorkerSlot next = waiting == null ? null : waiting.poll();
        if (next == null) {
            return false;
        }
        run(next);
        return true;
    }
}
