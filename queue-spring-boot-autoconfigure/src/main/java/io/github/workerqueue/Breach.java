package io.github.workerqueue;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What ended a round before its tasks had: the first failure of a queue that fails fast, or the deadline. */
final class Breach {

    private final String message;

    /** The first failure; null for a deadline. */
    private final @Nullable Throwable failure;

    private final Collection<Throwable> further = new ConcurrentLinkedQueue<>();

    private volatile boolean told;

    private Breach(String message, @Nullable Throwable failure) {
        this.message = message;
        this.failure = failure;
    }

    static Breach ofFailure(String queue, Throwable failure) {
        return new Breach(
                "Queue '" + queue + "' fails fast, and a task failed; the rest of the round was cancelled", failure);
    }

    static Breach ofDeadline(String queue, Object deadline) {
        return new Breach(
                "Queue '" + queue + "' was not done after " + deadline + "; the rest of the round was cancelled", null);
    }

    /** Adds a failure that came before its task could be cancelled. */
    void add(Throwable failure) {
        further.add(failure);
    }

    /** Whether it is a failure of which no method has told yet. */
    boolean isUntoldFailure() {
        return failure != null && !told;
    }

    /** What a method throws to tell of it. */
    RuntimeException exception(List<Object> results) {
        told = true;
        if (failure == null) {
            return new QueueDeadlineException(message, results);
        }
        QueueFailedException exception = new QueueFailedException(message, failure, results);
        further.forEach(exception::addSuppressed);
        return exception;
    }
}
