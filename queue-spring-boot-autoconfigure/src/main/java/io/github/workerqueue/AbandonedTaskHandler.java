package io.github.workerqueue;

/**
 * Is told of every accepted task that was left when a queue or its factory was closed within a time, or when a close was
 * interrupted, so that nothing is lost in silence: such a task can be written down and be put again. The default logs a WARN
 * for each. A {@link WorkerQueue#cancel() cancel} is no reason to call it: who cancels knows. Nor is
 * {@link java.util.concurrent.ExecutorService#shutdownNow() shutdownNow}, which returns the tasks themselves.
 *
 * <p>The handler runs on the thread that closes, gets the tasks of a queue in put order, and no other close of that queue
 * returns before it has got all. What it throws is logged and harms nothing. It may not put into the queue, join it or close
 * it.
 */
@FunctionalInterface
public interface AbandonedTaskHandler {

    /**
     * Takes one task. May block, at the price of a longer close.
     *
     * @param task which task was left, and whether it had started
     */
    void handle(AbandonedTask task);
}
