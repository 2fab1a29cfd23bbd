package io.github.workerqueue;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Receiver of the tasks that a cancel ends, called once per task on the thread that cancels or that of a worker. */
@FunctionalInterface
interface CancelSink {

    /** Receives a task that never starts. */
    void drop(long ticket, Object task);

    /** Receives a task that was interrupted. */
    default void interrupt(long ticket, @Nullable Object source) {}

    /** Receives a task whose stage was detached from its worker. The receiver must cancel the stage. */
    default void detach(long ticket, @Nullable Object source, CompletionStage<?> stage) {}
}
