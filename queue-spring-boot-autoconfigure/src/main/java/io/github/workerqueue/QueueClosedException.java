package io.github.workerqueue;

import java.util.concurrent.RejectedExecutionException;

/**
 * Thrown to those who put into a queue that is closing or closed, and to producers that were held back when it began to
 * close. The task was not accepted and will not run.
 */
public class QueueClosedException extends RejectedExecutionException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which queue, and in which state it is
     */
    public QueueClosedException(String message) {
        super(message);
    }
}
