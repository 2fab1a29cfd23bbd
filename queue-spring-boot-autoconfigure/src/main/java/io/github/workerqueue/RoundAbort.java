package io.github.workerqueue;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Premature end of a round: by the first failure of a fail-fast queue, or by the deadline. */
final class RoundAbort {

    private final String message;

    /** Epoch of the queue before the cancel of this abort. */
    private final long epoch;

    /** First failure; null for a deadline. */
    private final @Nullable Throwable failure;

    /** Failures of tasks that ended before they could be cancelled. */
    private final Collection<Throwable> further = new ConcurrentLinkedQueue<>();

    /** Whether a method has thrown the abort. */
    private volatile boolean reported;

    private RoundAbort(long epoch, String message, @Nullable Throwable failure) {
        this.epoch = epoch;
        this.message = message;
        this.failure = failure;
    }

    static RoundAbort ofFailure(String queue, long epoch, Throwable failure) {
        return new RoundAbort(
                epoch,
                "A task of queue '" + queue
                        + "' failed, and the queue fails fast; the unfinished tasks of the round were cancelled",
                failure);
    }

    static RoundAbort ofDeadline(String queue, long epoch, Duration deadline) {
        return new RoundAbort(
                epoch,
                "Queue '" + queue + "' exceeded its deadline of " + Durations.text(deadline)
                        + "; the unfinished tasks of the round were cancelled",
                null);
    }

    /** Adds a failure that preceded the cancel of its task. */
    void add(Throwable failure) {
        further.add(failure);
    }

    /** Whether the abort cancelled the puts of an epoch. */
    boolean coversPutOf(long since) {
        return since <= epoch;
    }

    /** Whether this is a failure that no method has thrown yet. */
    boolean isUnreportedFailure() {
        return failure != null && !reported;
    }

    /** Returns the exception to throw, and counts the abort as reported. */
    RuntimeException exception(List<Object> results) {
        reported = true;
        if (failure == null) {
            return new QueueDeadlineException(message, results);
        }
        QueueFailedException exception = new QueueFailedException(message, failure, results);
        further.forEach(exception::addSuppressed);
        return exception;
    }
}
