package io.github.workerqueue;

/**
 * Is told of every accepted task that was left when a queue or its factory was closed within a time, or when a close was
 * interrupted, so that nothing is lost in silence: such a task can be written down and be put again. The default logs a WARN
 * for each. A {@link WorkerQueue#cancel() cancel} is no reason to call it: who cancels knows. Nor is
 * {@link java.util.concurrent.ExecutorService#shutdownNow() shutdownNow}, which returns the tasks themselves.
 *
 * <p>The handler runs on a thread of the library and receives the tasks of a queue in submission order. The close waits for
 * the handler for less than a second. If the handler blocks for longer, the close returns without it, and the handler receives
 * the remaining tasks on further threads. An exception of the handler is logged and ignored. The queue is closed, so the
 * handler cannot put into it.
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
