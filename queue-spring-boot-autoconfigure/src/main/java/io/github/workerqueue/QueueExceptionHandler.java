package io.github.workerqueue;

/**
 * Handler of task failures. Each exception that a task throws is passed to this handler, once, after the last attempt
 * of the task. For a task of {@link WorkerQueue#submit submit}, the future receives the exception instead. The default
 * handler logs a warning with the stack trace. This handler remembers the items whose tasks failed:
 *
 * <pre>{@code
 * Queue<String> failedSkus = new ConcurrentLinkedQueue<>();
 * QueueExceptionHandler handler = failure -> failedSkus.add(failure.task());
 * try (WorkerQueue<Price> queue = queues.open("prices", settings -> settings.withExceptionHandler(handler))) {
 *     queue.putAll(skus, client::price);
 *     return queue.join();
 * }
 * }</pre>
 *
 * <p>The handler runs on a thread of the queue and occupies the worker of the failed task: while it runs, the worker is
 * not available, and {@link WorkerQueue#join() join} waits. The handler can put tasks into the queue, as a task can. A
 * cancel never interrupts the handler. If the handler throws an exception, it is logged together with the failure, and
 * ignored. Handlers of several tasks can run concurrently, so a handler must be thread-safe.
 *
 * <p>In a Spring Boot application, the property {@code queue.exception-handler} selects a bean of this type. Without
 * it, the only or primary bean is used.
 *
 * <p>This corresponds to the {@code exception_handler} of Pyot's queue, which logs a warning by default.
 *
 * @see QueueSettings#withExceptionHandler
 * @since 0.1
 */
@FunctionalInterface
public interface QueueExceptionHandler {

    /**
     * Handles one failure. This method can block, but occupies a worker meanwhile.
     *
     * @param failure the failed task and its exception
     */
    void handle(TaskFailure failure);
}
