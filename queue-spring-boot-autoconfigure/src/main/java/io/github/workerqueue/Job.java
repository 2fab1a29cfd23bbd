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

    /**
     * Lets it run again after a failure, if that is to be. From then on, another slot may run it. Where a cancel has seen that it
     * was about to end, it ends.
     */
    final boolean retry(Occupancy slot, Throwable failure) {
        Surroundings around = surroundings;
        if (around == null || slot.ticket() < slot.engine.cancellation.below()) {
            return false;
        }
        long nanos = around.delayAfter(failure);
        Job next = nanos < 0 ? null : again(around);
        if (next == null) {
            return false;
        }
        around.retried(failure, nanos);
        slot.engine.retries.add(next, slot.ticket(), nanos);
        return true;
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

    /** Whether the user cancelled it by itself. */
    boolean isCancelled() {
        return false;
    }

    /** What runs it by hand, with the effect that it would have had, after the queue gave it back. */
    Runnable byHand() {
        end(Ending.CANCELLED, null);
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
