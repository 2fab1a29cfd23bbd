package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import org.jspecify.annotations.Nullable;

/** What becomes of a task when its callable has returned, or its stage has completed. */
enum TaskDisposition {
    COMPLETED(Outcome.SUCCESS),
    FAILED(Outcome.FAILURE),
    CANCELLED(Outcome.CANCELLED),
    /** It failed and waits to run again, without a slot. */
    RETRIED(null),
    /** A stage holds the slot from now on, which the thread that runs it must not touch any more. */
    SUSPENDED(null);

    /** How it ended; null if it has not. */
    final @Nullable Outcome outcome;

    TaskDisposition(@Nullable Outcome outcome) {
        this.outcome = outcome;
    }
}
