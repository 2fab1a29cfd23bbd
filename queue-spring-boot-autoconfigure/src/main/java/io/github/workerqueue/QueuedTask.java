package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A task that says itself what becomes of its outcome, or that is surrounded by something. All others are bare callables. */
abstract class QueuedTask implements Callable<@Nullable Object> {

    /** What is around it; null if nothing is, or it has ended. */
    private @Nullable TaskExecution execution;

    private @Nullable Object source;

    QueuedTask(@Nullable Object source, @Nullable TaskExecution surroundings) {
        this.source = source;
        this.execution = surroundings;
    }

    @Override
    public @Nullable Object call() throws Exception {
        TaskExecution around = execution;
        return around == null ? run() : around.call(this::run);
    }

    /** Does what the user wants done, within the scopes of this task. */
    abstract @Nullable Object run() throws Exception;

    /** Says what becomes of it, after it ran on a slot, and counts that. */
    final TaskDisposition end(
            WorkerSlot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled) {
        return end(settle(slot, result, failure, cancelled), slot.outcomes.failure());
    }

    abstract TaskDisposition settle(
            WorkerSlot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled);

    /** It was cancelled before it ran, or while it waited to run again. */
    final void drop() {
        completeCancelled();
        end(TaskDisposition.CANCELLED, null);
    }

    void completeCancelled() {}

    /** Takes away what is around it, and gives what notifies that of the cancel. */
    final Runnable detachExecution() {
        TaskExecution around = execution;
        execution = null;
        return () -> {
            if (around != null) {
                around.notifyEnded(Outcome.CANCELLED, null);
            }
        };
    }

    /** Tells those around it how it ended, if it has. */
    final TaskDisposition end(TaskDisposition ending, @Nullable Throwable failure) {
        TaskExecution around = execution;
        Outcome outcome = ending.outcome;
        if (around != null && outcome != null) {
            execution = null;
            around.notifyEnded(outcome, outcome == Outcome.FAILURE ? failure : null);
        }
        return ending;
    }

    /** Has the exception handler called within what is around it. */
    final void handle(Runnable handler) {
        TaskExecution around = execution;
        if (around == null) {
            handler.run();
        } else {
            around.handle(handler);
        }
    }

    /** Completes the future of this task: within what is around it, and in any case. The action may run twice. */
    final void complete(Runnable completion) {
        TaskExecution around = execution;
        if (around != null) {
            around.complete(completion);
        }
        completion.run();
    }

    /**
     * Decides what a failure of an attempt means: RETRIED if there is another attempt, from which on another slot may run it;
     * CANCELLED if a cancel came while code of the user decided; else FAILED.
     */
    final TaskDisposition retry(CurrentTask slot, Throwable failure) {
        TaskExecution around = execution;
        if (around == null || slot.ticket() < slot.engine.cancellation.limit() || isCancelled()) {
            return TaskDisposition.FAILED;
        }
        slot.beginDecision();
        long nanos = around.delayAfter(failure);
        QueuedTask next = nanos < 0 ? null : nextAttempt(around);
        if (next != null) {
            around.notifyRetried(failure, nanos);
        }
        if (!slot.endDecision()) {
            return TaskDisposition.CANCELLED;
        }
        if (next == null) {
            return TaskDisposition.FAILED;
        }
        slot.engine.retries.add(next, slot.ticket(), nanos);
        return TaskDisposition.RETRIED;
    }

    /** What is to run in its place if it runs again; null if it may not. */
    @Nullable
    QueuedTask nextAttempt(TaskExecution around) {
        return this;
    }

    /** How many times it ran. */
    final int attempts() {
        TaskExecution around = execution;
        return around == null ? 0 : around.attempts();
    }

    /** Whether its user has cancelled it, or has completed its future. */
    boolean isCancelled() {
        return false;
    }

    /** What runs it by hand, with the effect that it would have had, after the queue gave it back. */
    Runnable returned() {
        return new ReturnedTask(this);
    }

    /** What the user gave, whose {@code toString()} names the task; null once that is forgotten. */
    @Nullable
    Object source() {
        return source;
    }

    /** It has ended: who keeps it keeps nothing of the user's. */
    final void forgetSource() {
        source = null;
    }

    @Override
    public final String toString() {
        return String.valueOf(source());
    }
}
