package io.github.workerqueue;

/**
 * Handler of abandoned tasks: accepted tasks that a close cancelled because its time was up or its thread was
 * interrupted. The handler can record such a task, so that the application puts it again later. The default handler
 * logs a warning for each task.
 *
 * <pre>{@code
 * AbandonedTaskHandler handler = task -> journal.add(task.queue(), task.task(), task.started());
 * }</pre>
 *
 * <p>A {@link WorkerQueue#cancel() cancel} does not call the handler, and neither does
 * {@link java.util.concurrent.ExecutorService#shutdownNow() shutdownNow}, which returns the tasks themselves.
 *
 * <p>The handler runs on daemon threads of the library and receives the tasks of a queue in submission order. The close
 * waits for less than one second for all calls together, and a warning counts the calls that have not returned by then.
 * After 0.4 seconds, calls may overlap, so that the handler receives all tasks in time. A handler must therefore be
 * thread-safe.
 *
 * <p>An application that stops may end before a slow handler has returned, so write to a fast destination. An exception
 * of the handler is logged and ignored. The queue is closed, so the handler cannot put tasks into it. In a Spring Boot
 * application, the only or primary bean of this type is used.
 *
 * @see QueueSettings#withAbandonedTaskHandler
 * @since 0.1
 */
@FunctionalInterface
public interface AbandonedTaskHandler {

    /**
     * Handles one abandoned task. This method should return quickly, since an application that stops does not wait for
     * it.
     *
     * @param task the name and index of the task, and whether it had started
     */
    void handle(AbandonedTask task);
}
