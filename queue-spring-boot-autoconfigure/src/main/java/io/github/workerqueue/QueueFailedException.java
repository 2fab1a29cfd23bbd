package io.github.workerqueue;

import java.util.List;

/**
 * A task of a queue that fails fast has failed, so that the rest of its round was cancelled. Thrown by puts and offers from
 * then on, and once by the join that ends the round, with what was collected; by close if nothing else threw it. The cause is
 * the first failure; those that came before the others were cancelled are suppressed.
 *
 * @see QueueSettings#withFailFast(boolean)
 */
public class QueueFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Object> results;

    QueueFailedException(String message, Throwable cause, List<Object> results) {
        super(message, cause);
        this.results = results;
    }

    /**
     * What was collected: thrown by join or close, all of the round; thrown by a put or an offer, what was there at that
     * moment.
     *
     * @return the results in put order, unmodifiable; empty in a copy made by serialization
     */
    public List<Object> results() {
        return results == null ? List.of() : results;
    }
}
