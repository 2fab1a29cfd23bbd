package io.github.workerqueue;

import io.github.workerqueue.Cancellation.CancelSink;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** A task whose callable starts something and returns its stage, which then holds the slot in place of a thread. */
final class AsyncTask extends QueuedTask {

    /** What became of the stage: null while the thread that started it is still on the slot. */
    private sealed interface State {}

    private enum Mark implements State {
        SUSPENDED,
        CANCELLED
    }

    private record Ended(@Nullable Object value, @Nullable Throwable failure) implements State {}

    private static final int MAX_WRAPPERS = 100;

    private final AtomicReference<@Nullable State> state = new AtomicReference<>();

    /** Null, as stage and slot, once it has ended: who keeps a stage that never completes keeps none of them. */
    private @Nullable Callable<? extends @Nullable CompletionStage<?>> task;

    private @Nullable CompletionStage<?> stage;

    private @Nullable WorkerSlot slot;

    private long ticket;

    AsyncTask(
            Callable<? extends @Nullable CompletionStage<?>> task,
            @Nullable Object source,
            @Nullable TaskExecution surroundings) {
        super(source, surroundings);
        this.task = task;
    }

    @Override
    @Nullable
    Object run() throws Exception {
        CompletionStage<?> started = Objects.requireNonNull(task).call(); // a raw type may have let through another
        return started;
    }

    @Override
    TaskDisposition settle(WorkerSlot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled) {
        CompletionStage<?> started = (CompletionStage<?>) result;
        if (cancelled) {
            TaskDisposition ending = slot.outcomes.count(TaskDisposition.CANCELLED);
            cancel(started);
            return ending;
        }
        if (failure != null) {
            return slot.outcomes.fail(failure);
        }
        if (started == null) {
            return slot.outcomes.fail(
                    new NullPointerException("The task given to putAsync returned null instead of a stage; "
                            + "for a null result, return CompletableFuture.completedFuture(null)"));
        }
        this.stage = started;
        this.slot = slot;
        this.ticket = slot.ticket();
        slot.suspend(this);
        if (slot.engine.cancellation.mayHaveMissed(ticket) && detach()) {
            cancel(started);
        }
        try {
            started.whenComplete(this::onCompletion);
        } catch (Throwable ex) {
            onCompletion(null, ex);
        }
        if (state.compareAndSet(null, Mark.SUSPENDED)) {
            return TaskDisposition.SUSPENDED;
        }
        slot.suspend(null);
        return finish(slot);
    }

    /** On whatever thread completes the stage: only hands over. */
    private void onCompletion(@Nullable Object value, @Nullable Throwable failure) {
        Ended ended = new Ended(value, failure);
        if (!state.compareAndSet(null, ended) && state.compareAndSet(Mark.SUSPENDED, ended)) {
            Objects.requireNonNull(slot).resume();
        }
    }

    /** Frees the slot, if the ticket is below the limit, and leaves the cancel of the stage to the fate. */
    void cancel(long limit, CancelSink fate) {
        Object source = NamedTask.sourceOf(this);
        CompletionStage<?> started = stage; // before the slot is freed
        if (ticket < limit && started != null && detach()) {
            fate.detach(ticket, source, started);
        }
    }

    /** Frees the slot immediately, whether or not the stage reacts. Returns false if the stage has ended or been cancelled. */
    private boolean detach() {
        if (!state.compareAndSet(null, Mark.CANCELLED)) {
            if (!state.compareAndSet(Mark.SUSPENDED, Mark.CANCELLED)) {
                return false;
            }
            Objects.requireNonNull(slot).resume();
        }
        return true;
    }

    /** Settles it on a thread of the queue, after a stage that held the slot ended or was cancelled. */
    TaskDisposition resume(WorkerSlot slot) {
        return end(finish(slot), slot.outcomes.failure());
    }

    private TaskDisposition finish(WorkerSlot slot) {
        TaskDisposition ending = ending(slot);
        this.task = null;
        forgetSource();
        this.stage = null;
        this.slot = null;
        return ending;
    }

    /** Another takes its place, so that nobody who cancels this one meets its next attempt. */
    @Override
    @Nullable
    QueuedTask nextAttempt(TaskExecution around) {
        Callable<? extends @Nullable CompletionStage<?>> repeated = task;
        return repeated == null ? null : new AsyncTask(repeated, source(), around);
    }

    private TaskDisposition ending(WorkerSlot slot) {
        if (!(state.get() instanceof Ended ended)) {
            return slot.outcomes.count(TaskDisposition.CANCELLED);
        }
        Throwable failure = ended.failure;
        if (failure == null) {
            return slot.outcomes.collect(ended.value);
        }
        return slot.outcomes.fail(unwrap(failure));
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

    /** Cancels a stage, if there is one; whatever it throws ends here. */
    static void cancel(@Nullable CompletionStage<?> started) {
        if (started != null) {
            try {
                started.toCompletableFuture().cancel(true);
            } catch (Throwable ex) {
                QueueLog.log(Level.DEBUG, "A stage could not be cancelled", ex);
            }
        }
    }
}
