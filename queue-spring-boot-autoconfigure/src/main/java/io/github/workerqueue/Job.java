package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A task that says itself what becomes of its outcome. All others are collected, or handled as failures. */
abstract class Job implements Callable<@Nullable Object> {

    /**
     * Says what becomes of it, after it ran on a slot.
     *
     * @return the outcome, counted; null if a stage holds the slot from now on, which the caller must not touch then
     */
    abstract @Nullable Outcome settle(
            Slot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled);

    /** It was cancelled before it started. */
    abstract void drop();

    /** Whether the user cancelled it by itself. */
    boolean isCancelled() {
        return false;
    }

    /** What runs it by hand, with the effect that it would have had, after the queue gave it back. */
    Runnable byHand() {
        return new GivenBack(this);
    }

    /** What the user gave, whose {@code toString()} names the task. */
    abstract @Nullable Object source();

    @Override
    public final String toString() {
        return String.valueOf(source());
    }
}
