package io.github.workerqueue;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Threads to which a method of the queue threw an {@link InterruptedException}, until they next use the queue
 * successfully. A close on such a thread treats the exception as an interrupt. An exception within a task does not
 * affect the next task on the thread.
 */
final class RememberedInterrupts {

    /** Task that each thread ran at its exception. Created with the first one, under the monitor. */
    private volatile @Nullable Map<Thread, Run> threads;

    InterruptedException remember(InterruptedException ex) {
        threads().put(Thread.currentThread(), Run.current());
        return ex;
    }

    private synchronized Map<Thread, Run> threads() {
        Map<Thread, Run> remembered = threads;
        if (remembered == null) {
            remembered = Collections.synchronizedMap(new WeakHashMap<>());
            threads = remembered;
        }
        return remembered;
    }

    /**
     * Forgets the current thread. Returns true if it was remembered, and runs the same task as then, or none as then.
     */
    boolean forget() {
        Map<Thread, Run> remembered = threads;
        Run run = remembered == null ? null : remembered.remove(Thread.currentThread());
        return run != null && run.isCurrent();
    }

    /**
     * Task that a thread runs, if any.
     *
     * @param queue the id of the queue of the task; -1 outside a task
     * @param ticket the ticket of the task; -1 outside a task
     */
    private record Run(long queue, long ticket) {

        private static final Run OUTSIDE = new Run(-1, -1);

        static Run current() {
            CurrentTask task = CurrentTask.ofThread();
            return task == null ? OUTSIDE : new Run(task.context.id, task.ticket());
        }

        /**
         * Whether the current thread still runs this task. Does not call {@code equals}: Java 17 retains the last
         * record class for which it linked that method, and its class loader.
         */
        boolean isCurrent() {
            Run current = current();
            return queue == current.queue && ticket == current.ticket;
        }
    }
}
