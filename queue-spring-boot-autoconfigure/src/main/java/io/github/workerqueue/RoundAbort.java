package io.github.workerqueue;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What ended a round before its tasks had: the first failure of a queue that fails fast, or the deadline. */
final class RoundAbort {

    private final String message;

    /** How many cancels the queue had seen before that of this. */
    private final long epoch;

    /** The first failure; null for a deadline. */
    private final @Nullable Throwable failure;

    private final Collection<Throwable> further = new ConcurrentLinkedQueue<>();

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

    /** Adds a failure that came before its task could be cancelled. */
    void add(Throwable failure) {
        further.add(failure);
    }

    /** Whether a put that began at this epoch was under way. */
    boolean appliesTo(long since) {
        return since <= epoch;
    }

    /** Whether it is a failure of which no method has told yet. */
    boolean isUnreportedFailure() {
        return failure != null && !reported;
    }

    /** What a method throws to tell of it. */
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
