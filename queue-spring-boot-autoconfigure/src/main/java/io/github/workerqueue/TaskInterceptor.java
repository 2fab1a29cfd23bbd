package io.github.workerqueue;

import org.jspecify.annotations.Nullable;

/**
 * Interceptor that wraps the execution of tasks in a scope, such as a context carried over from the producer, an
 * observation or a decorator. This example carries an entry of the MDC from the producer to its tasks:
 *
 * <pre>{@code
 * class CustomerInterceptor implements TaskInterceptor {
 *
 *     @Override
 *     public @Nullable TaskScope intercept(TaskInfo task) {
 *         String customer = MDC.get("customer");
 *         return customer == null ? null : new CustomerScope(customer);
 *     }
 * }
 *
 * record CustomerScope(String customer) implements TaskScope {
 *
 *     @Override
 *     public <R extends @Nullable Object> R call(Callable<R> task) throws Exception {
 *         try (MDC.MDCCloseable ignored = MDC.putCloseable("customer", customer)) {
 *             return task.call();
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>The first of several interceptors is the outermost. Without interceptors, and if all of them return {@code null},
 * a task has no additional cost.
 *
 * <p>In a Spring Boot application, all beans of this type are used, in their order.
 *
 * @see QueueSettings#withInterceptors
 * @since 0.1
 */
@FunctionalInterface
public interface TaskInterceptor {

    /**
     * Returns whether {@link #intercept} should be called. The producer calls this method for each task. If it returns
     * {@code false} for all interceptors of a queue, nothing is allocated for the task.
     *
     * @return true if this interceptor wants to intercept the task; true by default
     */
    default boolean isActive() {
        return true;
    }

    /**
     * Returns the scope of one task. The producer calls this method once per task, before it waits for room. If the
     * producer is a task of the same queue, the new task is its child. If this method throws an exception, the put
     * throws it, and the task is not put.
     *
     * @param task the name and the queue of the task
     * @return the scope of this task; {@code null} for none
     */
    @Nullable
    TaskScope intercept(TaskInfo task);
}
