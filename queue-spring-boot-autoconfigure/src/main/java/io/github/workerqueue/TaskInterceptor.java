package io.github.workerqueue;

import org.jspecify.annotations.Nullable;

/**
 * Surrounds the tasks of a queue with what they need: a context that is carried from the thread that puts, an observation, a
 * decorator.
 *
 * <p>It is given by {@link QueueSettings#withInterceptors}; the first of several is the outermost. Where there is none, and
 * where all of them leave a task as it is, that task costs nothing more.
 */
@FunctionalInterface
public interface TaskInterceptor {

    /**
     * Whether it wants to be asked now. Is called for each task, by the thread that puts it; where none of a queue's interceptors
     * wants to be, nothing is made for the task.
     *
     * @return true by default
     */
    default boolean isActive() {
        return true;
    }

    /**
     * Is asked for each task, once, by the thread that puts it, before that waits for room. A task of the queue may be that
     * thread, and the task then its child. What this throws, the put throws, and the task is not put.
     *
     * @param task what is known of the task
     * @return what surrounds this one task; null to leave it as it is
     */
    @Nullable
    TaskScope intercept(TaskInfo task);
}
