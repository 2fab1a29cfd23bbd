package io.github.workerqueue;

/**
 * Is told of every accepted task that was left when a queue or its factory was closed within a time, or when a close
 * was interrupted, so that nothing is lost in silence: such a task can be written down and be put again. The default
 * logs a WARN for each. A {@link WorkerQueue#cancel() cancel} is no reason to call it: who cancels knows. Nor is
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
     * @param task which task was left, and whether it had started
     */
    void handle(AbandonedTask task);
}
