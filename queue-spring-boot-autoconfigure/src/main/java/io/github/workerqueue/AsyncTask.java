package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** A task whose callable starts something and returns its stage, which then holds the slot in place of a thread. */
final class AsyncTask extends Job {

    /** What became of the stage: null while the thread that started it is still on the slot. */
    private sealed interface State {}

    private enum Mark implements State {
        HELD,
        CANCELLED
    }

    private record Ended(@Nullable Object value, @Nullable Throwable failure) implements State {}

    private static final int MAX_WRAPPERS = 100;

    private final AtomicReference<@Nullable State> state = new AtomicReference<>();

    private final Callable<? extends @Nullable CompletionStage<?>> task;

    private @Nullable CompletionStage<?> stage;

    private @Nullable Slot slot;

    private long ticket;

    AsyncTask(Callable<? extends @Nullable CompletionStage<?>> task) {
        this.task = Objects.requireNonNull(task, "task");
    }

    @Override
    public @Nullable Object call() throws Exception {
        CompletionStage<?> started = task.call(); // a raw type may have let through what is no stage
        return started;
    }

    @Override
    @Nullable
    Outcome settle(Slot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled) {
        this.stage = (CompletionStage<?>) result;
        this.slot = slot;
        this.ticket = slot.ticket();
        if (cancelled) {
            cancelStage();
            return slot.count(Outcome.CANCELLED);
        }
        if (failure != null) {
            return slot.fail(failure);
        }
        if (stage == null) {
            return slot.fail(new NullPointerException("The task given to putAsync returned null instead of a stage"));
        }
        try {
            stage.whenComplete(this::completed);
        } catch (Throwable ex) {
            return slot.fail(ex);
        }
        if (state.get() != null) {
            return conclude(slot);
        }
        slot.hold(this);
        if (!state.compareAndSet(null, Mark.HELD)) {
            slot.hold(null);
            return conclude(slot);
        }
        if (ticket < slot.engine.cancellation.below()) {
            cancel();
        }
        return null;
    }

    /** On whatever thread completes the stage: only hands over. */
    private void completed(@Nullable Object value, @Nullable Throwable failure) {
        Ended ended = new Ended(value, failure);
        if (!state.compareAndSet(null, ended) && state.compareAndSet(Mark.HELD, ended)) {
            Objects.requireNonNull(slot).resume();
        }
    }

    /** Frees the slot at once, whether or not the stage reacts. Returns false if the stage does not hold one. */
    boolean cancel() {
        if (!state.compareAndSet(Mark.HELD, Mark.CANCELLED)) {
            return false;
        }
        Objects.requireNonNull(slot).resume();
        cancelStage();
        return true;
    }

    long ticket() {
        return ticket;
    }

    /** Settles it on a thread of the queue, after the stage ended or was cancelled. */
    Outcome conclude(Slot slot) {
        if (!(state.get() instanceof Ended ended)) {
            return slot.count(Outcome.CANCELLED);
        }
        Throwable failure = ended.failure;
        if (failure == null) {
            return slot.collect(ended.value);
        }
        return slot.fail(unwrap(failure));
    }

    /** What is in a CompletionException, or in one in it. */
    private static Throwable unwrap(Throwable failure) {
        try {
            Throwable inner = failure;
            for (int depth = 0; inner instanceof CompletionException && depth < MAX_WRAPPERS; depth++) {
                Throwable cause = inner.getCause();
                if (cause == null) {
                    break;
                }
                inner = cause;
            }
            return inner;
        } catch (Throwable ex) {
            return failure;
        }
    }

    @Override
    void drop() {}

    @Override
    Object source() {
        return task;
    }

    private void cancelStage() {
        CompletionStage<?> started = stage;
        if (started != null) {
            try {
                started.toCompletableFuture().cancel(true);
            } catch (Throwable ex) {
                SafeLogger.log(Level.DEBUG, "A stage could not be cancelled", ex);
            }
        }
    }
}
