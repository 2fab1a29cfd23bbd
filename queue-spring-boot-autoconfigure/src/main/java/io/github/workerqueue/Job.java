package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A task that says itself what becomes of its outcome, or that is surrounded by something. All others are bare callables. */
abstract class Job implements Callable<@Nullable Object> {

    /** What is around it; null if nothing is, or it has ended. */
    private @Nullable Surroundings surroundings;

    private @Nullable Object source;

    Job(@Nullable Object source, @Nullable Surroundings surroundings) {
        this.source = source;
        this.surroundings = surroundings;
    }

    @Override
    public @Nullable Object call() throws Exception {
        Surroundings around = surroundings;
        return around == null ? run() : around.call(this::run);
    }

    /** Does what the user wants done, within the scopes of this task. */
    abstract @Nullable Object run() throws Exception;

    /** Says what becomes of it, after it ran on a slot, and counts that. */
    final Ending settle(Slot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled) {
        return end(settled(slot, result, failure, cancelled), slot.ledger.failure());
    }

    abstract Ending settled(Slot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled);

    /** It was cancelled before it ran, or while it waited to run again. */
    final void drop() {
        dropped();
        end(Ending.CANCELLED, null);
    }

    void dropped() {}

    /** Takes away what is around it, and gives what notifies that of the cancel. */
    final Runnable leaveSurroundings() {
        Surroundings around = surroundings;
        surroundings = null;
        return () -> {
            if (around != null) {
                around.ended(Outcome.CANCELLED, null);
            }
        };
    }

    /** Tells those around it how it ended, if it has. */
    final Ending end(Ending ending, @Nullable Throwable failure) {
        Surroundings around = surroundings;
        Outcome outcome = ending.outcome;
        if (around != null && outcome != null) {
            surroundings = null;
            around.ended(outcome, outcome == Outcome.FAILURE ? failure : null);
        }
        return ending;
    }

    /** Has the exception handler called within what is around it. */
    final void handle(Runnable handler) {
        Surroundings around = surroundings;
        if (around == null) {
            handler.run();
        } else {
            around.handle(handler);
        }
    }

    /** Completes the future of this task: within what is around it, and in any case. The action may run twice. */
    final void complete(Runnable completion) {
        Surroundings around = surroundings;
        if (around != null) {
            around.complete(completion);
        }
        completion.run();
    }

    /**
     * Decides what a failure of an attempt means: RETRIED if there is another attempt, from which on another slot may run it;
     * CANCELLED if a cancel came while code of the user decided; else FAILED.
     */
    final Ending retry(Occupancy slot, Throwable failure) {
        Surroundings around = surroundings;
        if (around == null || slot.ticket() < slot.engine.cancellation.below() || isCancelled()) {
            return Ending.FAILED;
        }
        slot.beginDecision();
        long nanos = around.delayAfter(failure);
        Job next = nanos < 0 ? null : again(around);
        if (next != null) {
            around.retried(failure, nanos);
        }
        if (!slot.endDecision()) {
            return Ending.CANCELLED;
        }
        if (next == null) {
            return Ending.FAILED;
        }
        slot.engine.retries.add(next, slot.ticket(), nanos);
        return Ending.RETRIED;
    }

    /** What is to run in its place if it runs again; null if it may not. */
    @Nullable
    Job again(Surroundings around) {
        return this;
    }

    /** How many times it ran. */
    final int attempts() {
        Surroundings around = surroundings;
        return around == null ? 0 : around.attempts();
    }

    /** Whether its user has cancelled it, or has completed its future. */
    boolean isCancelled() {
        return false;
    }

    /** What runs it by hand, with the effect that it would have had, after the queue gave it back. */
    Runnable byHand() {
        return new GivenBack(this);
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
