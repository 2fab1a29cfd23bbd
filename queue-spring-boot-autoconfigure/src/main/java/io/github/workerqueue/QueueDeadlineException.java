package io.github.workerqueue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * A round was not done at its deadline, so that the rest of it was cancelled. Thrown by puts and offers from then on, and
 * once by the join that ends the round, with what was collected.
 *
 * @see QueueSettings#withDeadline(Duration)
 */
public class QueueDeadlineException extends CancellationException {

    private static final long serialVersionUID = 1L;

    private final transient List<Object> results;

    QueueDeadlineException(String message, List<Object> results) {
        super(message);
        this.results = results;
    }

    /**
     * What was collected: thrown by join, all of the round; thrown by a put or an offer, what was there at that moment.
     *
     * @return the results in put order, unmodifiable; empty in a copy made by serialization
     */
    public List<Object> results() {
        return results == null ? List.of() : results;
    }
}
