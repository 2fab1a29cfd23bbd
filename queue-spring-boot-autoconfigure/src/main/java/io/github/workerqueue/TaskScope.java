package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Scope around one task. Its methods are called one after the other, perhaps on different threads. The actions of each
 * call are visible to the next.
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
     * Passes on the outcome of the task, before {@link #ended}. For a task of {@link WorkerQueue#submit}, the handler
     * completes the future, with a result, a failure or a cancellation, and so runs its dependents. For any other task,
     * it calls the exception handler, and this method is called only after a failure that is not retried. Does nothing
     * else by default.
     *
     * <p>This method is not called for a future that its user cancels or completes: the dependents then run in the
     * thread of the user, outside the scopes. If a scope does not run the handler, or throws, the future is completed
     * outside the scopes, and the exception is logged.
     *
     * @param handler the action that completes the future or calls the exception handler
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
