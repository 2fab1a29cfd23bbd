package io.github.workerqueue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a task that runs or waits.
 *
 * @param index the place of the task in put order
 * @param source what names the task
 * @param since when it started or was put, if the queue measures times
 * @param thread the thread that runs it, if one does
 * @param stack the stack of that thread, if it was taken; empty if the task had ended
 */
record TaskSample(
        long index,
        @Nullable Object source,
        long since,
        @Nullable Thread thread,
        @Nullable List<StackTraceElement> stack) {

    /** Names what is left of a job that has dropped its task: the dependents of a future, or a place in the queue. */
    private static final Object ENDED = new Object() {
        @Override
        public String toString() {
            return "(ended)";
        }
    };

    static TaskSample of(long index, @Nullable Object task, long since, @Nullable Thread thread) {
        Object source = NamedTask.sourceOf(task);
        return new TaskSample(
                index, source == null && task instanceof QueuedTask ? ENDED : source, since, thread, null);
    }

    TaskSample withStack(List<StackTraceElement> taken) {
        return new TaskSample(index, source, since, thread, taken);
    }
}
