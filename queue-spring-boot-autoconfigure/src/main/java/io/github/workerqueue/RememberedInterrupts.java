package io.github.workerqueue;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The threads to which a method of the queue threw an {@link InterruptedException} and that have not used it with success
 * since: for their close, it counts as an interrupt. Where that was in a task, it does not concern the next task on the
 * thread.
 */
final class RememberedInterrupts {

    /** What each did meanwhile. Made when it is first needed. */
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

    /** Forgets the current thread. Returns whether it was remembered. */
    boolean forget() {
        Map<Thread, Run> remembered = threads;
        Run run = remembered == null ? null : remembered.remove(Thread.currentThread());
        return run != null && run.isCurrent();
    }

    /**
     * A task that the thread ran, if any.
     *
     * @param queue the number of its queue
     * @param ticket its place in the queue
     */
    private record Run(long queue, long ticket) {

        private static final Run OUTSIDE = new Run(-1, -1);

        static Run current() {
            CurrentTask task = CurrentTask.ofThread();
            return task == null ? OUTSIDE : new Run(task.context.id, task.ticket());
        }

        /** Not by equals: Java 17 never lets go of the class of the record for which it linked that last, nor of its loader. */
        boolean isCurrent() {
            Run current = current();
            return queue == current.queue && ticket == current.ticket;
        }
    }
}
