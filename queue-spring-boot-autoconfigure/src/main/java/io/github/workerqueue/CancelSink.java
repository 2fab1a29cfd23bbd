package io.github.workerqueue;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Receiver of the tasks that a cancel ends, each of them once, on the thread that cancels or on that of a worker. */
@FunctionalInterface
interface CancelSink {

    /** Receives a task that never starts. */
    void drop(long ticket, Object task);

    /** Receives a task that was interrupted. */
    default void interrupt(long ticket, @Nullable Object source) {}

    /** Receives a task whose stage no longer occupies its worker, and must be cancelled. */
    default void detach(long ticket, @Nullable Object source, CompletionStage<?> stage) {}
}
