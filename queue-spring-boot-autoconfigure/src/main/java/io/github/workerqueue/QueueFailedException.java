package io.github.workerqueue;

import java.util.List;

/**
 * Thrown when a task of a queue that fails fast has failed, and the rest of its round was cancelled. From then on,
 * every put and every offer throws this exception. The join that ends the round throws it once. The close of the queue
 * throws it if no other call did. The exception has the collected results.
 *
 * <p>Its cause is the first failure. Failures of other tasks that occurred before their cancellation are its suppressed
 * exceptions.
 *
 * @see QueueSettings#withFailFast(boolean)
 * @since 0.1
 */
public class QueueFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Object> results;

    QueueFailedException(String message, Throwable cause, List<Object> results) {
        super(message, cause);
        this.results = results;
    }

    /**
     * Returns the collected results. An exception thrown by a join or a close has all results of the round. An
     * exception thrown by a put or an offer has the results at that moment.
     *
     * @return the results in submission order, unmodifiable; empty in a copy created by serialization
     */
    public List<Object> results() {
        return results == null ? List.of() : results;
    }
}
