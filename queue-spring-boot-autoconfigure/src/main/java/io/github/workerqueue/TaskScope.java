package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds one task. Its methods are called one after the other, what one did is visible to the next, though they may be
 * on different threads.
 */
public interface TaskScope {

    /**
     * Runs the task, on the thread of the queue: once, and once more for each retry. For {@code putAsync} this is the callable
     * that starts the stage. What it throws is the failure of the task.
     *
     * @param task the task, perhaps within the scopes of other interceptors
     * @param <R> what it returns
     * @return what the task returned
     * @throws Exception what the task threw
     */
    <R extends @Nullable Object> R call(Callable<R> task) throws Exception;

    /**
     * Calls the exception handler, after the task has failed for good. By default it does nothing else.
     *
     * @param handler calls the handler
     */
    default void handle(Runnable handler) {
        handler.run();
    }

    /**
     * The task failed, and will run again.
     *
     * @param attempts how many times it ran, 1 or more
     * @param failure what it threw, or what its stage completed with
     */
    default void retried(int attempts, Throwable failure) {}

    /**
     * The task has ended, whether or not it ever ran. What this throws is logged and harms nothing.
     *
     * @param outcome how it ended
     * @param failure what it threw, or what its stage completed with, if it failed
     */
    default void ended(Outcome outcome, @Nullable Throwable failure) {}
}
