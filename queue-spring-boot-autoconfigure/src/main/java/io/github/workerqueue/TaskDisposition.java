package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import org.jspecify.annotations.Nullable;

/** Disposition of a task after an attempt, or after the end of its stage. */
enum TaskDisposition {
    COMPLETED(Outcome.SUCCESS),
    FAILED(Outcome.FAILURE),
    CANCELLED(Outcome.CANCELLED),
    /** The attempt failed. The task waits for its retry and occupies no worker. */
    RETRIED(null),
    /** A stage occupies the worker slot. The thread that ran the attempt must not touch the slot any longer. */
    SUSPENDED(null);

    /** Outcome of the task; null if it has not ended. */
    final @Nullable Outcome outcome;

    TaskDisposition(@Nullable Outcome outcome) {
        this.outcome = outcome;
    }
}
