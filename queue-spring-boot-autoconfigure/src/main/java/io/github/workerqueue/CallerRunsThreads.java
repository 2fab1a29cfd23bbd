package io.github.workerqueue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** No threads for the slots of one queue: they run on the thread that puts, which returns when all that waits has run. */
class CallerRunsThreads extends WorkerThreads {

    /*
     * A slot that is started while the thread runs one of the same queue already, as a task has put a child, runs after that
     * one: tasks are never run inside each other, and the stack does not grow with their number. Slots of other queues run at
     * once.
     */

    /** Makes what a queue has in place of threads, given what still runs on threads (time limits), and its number. */
    @FunctionalInterface
    interface Maker {

        CallerRunsThreads make(WorkerThreads helpers, long id);
    }

    /** What runs after the slot that a thread runs, of those that run one of this queue. */
    private final Map<Thread, Deque<WorkerSlot>> later = new ConcurrentHashMap<>();

    private final WorkerThreads helpers;

    @SuppressWarnings("NullAway.Init") // attached before the first put
    private StartThrottle throttle;

    @SuppressWarnings("NullAway.Init") // as above
    private Backlog backlog;

    CallerRunsThreads(WorkerThreads helpers) {
        this.helpers = helpers;
    }

    /** Attaches the queue, before its first put. */
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

    /** Runs a slot now, and unless the thread runs one of this queue already, those that are started meanwhile. */
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
            if (current.getContextClassLoader() != loader) { // some threads keep theirs, and throw at any
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

    /** Whether the current thread runs a task of the queue, possibly below one of another queue. */
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

    /** Whether tasks wait that a pause keeps from running. */
    boolean isPausedWithTasks() {
        return isPaused() && backlog.depth() > 0;
    }

    /** Runs a slot that waits for this thread, inside the one that it runs. */
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
