package io.github.workerqueue;

/**
 * Handler of abandoned tasks: accepted tasks that a close cancelled because its timeout ended or its thread was
 * interrupted. The handler can record such a task, so that the application puts it again later. The default logs a WARN
 * for each task. A {@link WorkerQueue#cancel() cancel} does not call the handler, and neither does
 * {@link java.util.concurrent.ExecutorService#shutdownNow() shutdownNow}, which returns the tasks themselves.
 *
 * <p>The handler runs on daemon threads of the library and receives the tasks of a queue in submission order. The close
 * waits for less than one second for all calls together, and a WARN says how many have not returned by then. After 0.4
 * s, calls may overlap, so that the handler receives all tasks in time. A handler must therefore be thread-safe. An
 * application that stops may end before a slow handler has returned, so write to a destination that is fast. An
 * exception of the handler is logged and ignored. The queue is closed, so the handler cannot put into it.
 */
@FunctionalInterface
public interface AbandonedTaskHandler {

    /**
     * Handles one abandoned task. Should return quickly, since an application that stops does not wait for it.
     *
     * @param task the name and index of the task, and whether it had started
     */
    void handle(AbandonedTask task);
}
