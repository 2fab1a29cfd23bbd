package io.github.workerqueue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Thrown when a round exceeded its deadline and the rest of the round was cancelled. From then on, every put and every
 * offer throws this exception. The join that ends the round throws it once. The exception has the collected results.
 *
 * @see QueueSettings#withDeadline(Duration)
 * @since 0.1
 */
public class QueueDeadlineException extends CancellationException {

    private static final long serialVersionUID = 1L;

    private final transient List<Object> results;

    QueueDeadlineException(String message, List<Object> results) {
        super(message);
        this.results = results;
    }

    /**
     * Returns the collected results. An exception thrown by a join has all results of the round. An exception thrown by
     * a put or an offer has the results at that moment.
     *
     * @return the results in submission order, unmodifiable; empty in a copy created by serialization
     */
    public List<Object> results() {
        return results == null ? List.of() : results;
    }
}
