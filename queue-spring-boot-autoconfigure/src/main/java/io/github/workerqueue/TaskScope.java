package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Scope around one task, created by a {@link TaskInterceptor}. Its methods are called sequentially, but possibly on
 * different threads. The actions of each call are visible to the next one. This scope measures the time for which a
 * task runs:
 *
 * <pre>{@code
 * class TimingScope implements TaskScope {
 *
 *     private final TaskInfo task;
 *
 *     private long nanos;
 *
 *     TimingScope(TaskInfo task) {
 *         this.task = task;
 *     }
 *
 *     @Override
 *     public <R extends @Nullable Object> R call(Callable<R> callable) throws Exception {
 *         long start = System.nanoTime();
 *         try {
 *             return callable.call();
 *         } finally {
 *             nanos += System.nanoTime() - start;
 *         }
 *     }
 *
 *     @Override
 *     public void ended(Outcome outcome, @Nullable Throwable failure) {
 *         logger.info("Task '{}' ran for {} ms: {}", task.name(), NANOSECONDS.toMillis(nanos), outcome);
 *     }
 * }
 * }</pre>
 *
 * @since 0.1
 */
public interface TaskScope {

    /**
     * Runs one attempt of the task, on the thread of the queue. Called once, and once more for each retry. For
     * {@code putAsync}, the callable starts the asynchronous operation and returns its stage. An exception of this
     * method is the failure of the task.
     *
     * @param task the task, possibly within the scopes of other interceptors
     * @param <R> the type of the result
     * @return the result of the task
     * @throws Exception if the task fails
     */
    <R extends @Nullable Object> R call(Callable<R> task) throws Exception;

    /**
     * Passes on the outcome of the task, before {@link #ended}. By default, this method only runs the handler. For a
     * task of {@link WorkerQueue#submit}, the handler completes the future, with a result, a failure or a cancellation,
     * and so runs its dependents. For any other task, it calls the exception handler, and this method is called only
     * after a failure that is not retried.
     *
     * <p>This method is not called for a future that its user cancels or completes: the dependents then run in the
     * thread of the user, outside the scopes. If a scope does not run the handler, or throws an exception, the future
     * is completed outside the scopes, and the exception is logged.
     *
     * @param handler the action that completes the future or calls the exception handler
     */
    default void handle(Runnable handler) {
        handler.run();
    }

    /**
     * Called when an attempt of the task has failed and the task will be retried. Does nothing by default. An exception
     * of this method is logged and ignored.
     *
     * @param attempts the number of attempts so far, 1 or more
     * @param failure the exception that the task threw, or with which its stage completed
     */
    default void retried(int attempts, Throwable failure) {}

    /**
     * Called when the task has ended, whether or not it ever ran. Does nothing by default. An exception of this method
     * is logged and ignored.
     *
     * @param outcome the outcome of the task
     * @param failure the exception that the task threw, or with which its stage completed; {@code null} unless the task
     *     failed
     */
    default void ended(Outcome outcome, @Nullable Throwable failure) {}
}
