package io.github.workerqueue;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Task whose callable returns a stage. While the stage is in flight, it occupies a worker slot, but no thread. */
final class AsyncTask extends QueuedTask {

    /*
     * States:
     *
     *   null       the callable runs, or its thread still occupies the slot
     *   SUSPENDED  the stage occupies the slot, without a thread
     *   Ended      the stage has completed
     *   CANCELLED  a cancel has detached the stage
     *
     * Transitions, each of them one CAS:
     *
     *   null      -> SUSPENDED           await(), by the thread of the slot, which then leaves it
     *   null      -> Ended, CANCELLED    onCompletion(), detach(); the thread of the slot settles the task
     *   SUSPENDED -> Ended, CANCELLED    onCompletion(), detach(), which resume the slot on another thread
     */

    /** Worker slot that a stage occupies. */
    interface Worker {

        /** Starts a thread for the slot, which settles the task. */
        void resume();
    }

    /** State of the task; null while the thread of the callable still occupies the slot. */
    private sealed interface State {}

    private enum Mark implements State {
        SUSPENDED,
        CANCELLED
    }

    private record Ended(@Nullable Object value, @Nullable Throwable failure) implements State {}

    private static final int MAX_WRAPPERS = 100;

    private final AtomicReference<@Nullable State> state = new AtomicReference<>();

    /** Callable; null after the end, as are stage and worker: a stage that never completes does not retain them. */
    private @Nullable Callable<? extends @Nullable CompletionStage<?>> task;

    private @Nullable CompletionStage<?> stage;

    private @Nullable Worker worker;

    private long ticket;

    AsyncTask(
            Callable<? extends @Nullable CompletionStage<?>> task,
            @Nullable Object source,
            @Nullable TaskExecution execution) {
        super(source, execution);
        this.task = task;
    }

    @Override
    @Nullable
    Object run() throws Exception {
        CompletionStage<?> started =
                Objects.requireNonNull(task).call(); // fails here if a raw type hid a result of another type
        return started;
    }

    /** Prepares the suspension of a worker slot. Call this method before the slot publishes this task to cancels. */
    void prepare(CompletionStage<?> started, Worker occupied, long claimedTicket) {
        stage = started;
        worker = occupied;
        ticket = claimedTicket;
    }

    /**
     * Leaves the slot to the stage, without a thread.
     *
     * @param cancelled true if a cancel may have missed this task
     * @return false if the stage has already ended, and the thread of the slot must settle the task
     */
    boolean await(CompletionStage<?> started, boolean cancelled) {
        if (cancelled && detach()) {
            cancel(started);
        }
        try {
            started.whenComplete(this::onCompletion);
        } catch (Throwable ex) {
            onCompletion(null, ex);
        }
        return state.compareAndSet(null, Mark.SUSPENDED);
    }

    /** Records the outcome and resumes the slot. Runs no task, since any thread may complete the stage. */
    private void onCompletion(@Nullable Object value, @Nullable Throwable failure) {
        Ended ended = new Ended(value, failure);
        if (!state.compareAndSet(null, ended) && state.compareAndSet(Mark.SUSPENDED, ended)) {
            Objects.requireNonNull(worker).resume();
        }
    }

    /** Detaches the stage if the ticket is below the limit. The sink must then cancel the stage. */
    void cancel(long limit, CancelSink sink) {
        Object source = sourceOf(this);
        CompletionStage<?> started = stage; // before the slot is freed
        if (ticket < limit && started != null && detach()) {
            sink.detach(ticket, source, started);
        }
    }

    /** Frees the slot, whether or not the stage reacts to a cancel. Returns false if it has ended or is detached. */
    private boolean detach() {
        if (!state.compareAndSet(null, Mark.CANCELLED)) {
            if (!state.compareAndSet(Mark.SUSPENDED, Mark.CANCELLED)) {
                return false;
            }
            Objects.requireNonNull(worker).resume();
        }
        return true;
    }

    /** Whether a cancel has detached the stage. */
    boolean isDetached() {
        return !(state.get() instanceof Ended);
    }

    /** Returns the value of the ended stage; null if there is none. */
    @Nullable
    Object stageValue() {
        return state.get() instanceof Ended ended ? ended.value : null;
    }

    /** Returns the failure of the ended stage; null if there is none. */
    @Nullable
    Throwable stageFailure() {
        return state.get() instanceof Ended ended && ended.failure != null ? unwrap(ended.failure) : null;
    }

    /** Clears all references to user objects. Call this method after the task was settled. */
    void forget() {
        task = null;
        forgetSource();
        stage = null;
        worker = null;
    }

    @Override
    void completeCancelled(@Nullable Object result) {
        cancel((CompletionStage<?>) result);
    }

    /** Returns another task, so that a late cancel of this one does not affect its next attempt. */
    @Override
    @Nullable
    QueuedTask nextAttempt(TaskExecution around) {
        Callable<? extends @Nullable CompletionStage<?>> repeated = task;
        return repeated == null ? null : new AsyncTask(repeated, source(), around);
    }

    /** Returns the innermost cause below nested instances of CompletionException. */
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

    /** Cancels a stage, if there is one. An exception of the stage is logged and ignored. */
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
