package io.github.workerqueue;

import java.util.concurrent.RejectedExecutionException;

/**
 * Thrown when a task is put into a queue that is closing or closed, and by blocked puts when the close begins. The task
 * was not accepted and will not run.
 *
 * @since 0.1
 */
public class QueueClosedException extends RejectedExecutionException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message the name and the state of the queue
     */
    public QueueClosedException(String message) {
        super(message);
    }
}
