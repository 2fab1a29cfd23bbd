package io.github.workerqueue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sample of a running or waiting task, taken without a lock.
 *
 * @param index the index of the task
 * @param source the object that names the task
 * @param since the time at which the task started or was put; 0 if the queue measures no times
 * @param thread the thread that runs the task; null if there is none
 * @param stack the stack of that thread; null if it was not taken, empty if the task had ended
 * @param worker the number of the worker that runs the task; 0 if the task waits
 * @param attempts the number of attempts, including the one that runs; 0 if the task waits
 */
record TaskSample(
        long index,
        @Nullable Object source,
        long since,
        @Nullable Thread thread,
        @Nullable List<StackTraceElement> stack,
        int worker,
        int attempts) {

    /** Maximum number of attempts to take a sample while the task keeps changing. */
    static final int ATTEMPTS = 100;

    /** Source of a task that has ended and forgotten its own. */
    private static final Object ENDED = new Object() {
        @Override
        public String toString() {
            return "(ended)";
        }
    };

    static TaskSample ofRunning(
            long index, @Nullable Object task, long since, @Nullable Thread thread, int worker, int attempts) {
        Object source = QueuedTask.sourceOf(task);
        Object shown = source == null && task instanceof QueuedTask ? ENDED : source;
        return new TaskSample(index, shown, since, thread, null, worker, attempts);
    }

    static TaskSample ofWaiting(long index, @Nullable Object task, long since) {
        return ofRunning(index, task, since, null, 0, 0);
    }

    TaskSample withStack(List<StackTraceElement> taken) {
        return new TaskSample(index, source, since, thread, taken, worker, attempts);
    }
}
