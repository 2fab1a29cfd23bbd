package io.github.workerqueue;

/**
 * Task without a result, for {@link WorkerQueue#execute execute}. Unlike a {@link Runnable}, it can throw checked
 * exceptions:
 *
 * <pre>{@code
 * TaskAction save = () -> repository.save(order);
 * queue.execute(save);
 * }</pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface TaskAction {

    /**
     * Runs the task. Called on a thread of the queue. This method can block. A cancel interrupts it.
     *
     * @throws Exception if the task fails; the exception is passed to the exception handler of the queue
     */
    void run() throws Exception;
}
