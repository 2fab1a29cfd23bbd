package io.github.workerqueue;

import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A task whose outcome goes to a future. */
final class SubmittedTask<R extends @Nullable Object> extends QueuedTask {

    /*
     * WAITING -> RUNNING    call(), unless the future is complete by then
     * RUNNING -> WAITING    again(), before a retry
     * RUNNING -> DONE       settled()
     * WAITING -> CANCELLED  cancel(), dropped()
     * RUNNING -> CANCELLED  cancel(), dropped()
     *
     * A retry moves the state back and forth, so cancel() repeats until one CAS decides. It reads the slot after that CAS:
     * the slot is written before the state becomes RUNNING, and no attempt starts after CANCELLED. An interrupt therefore
     * reaches the attempt that the cancel met.
     */
    private enum State {
        WAITING,
        RUNNING,
        DONE,
        CANCELLED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    private final Submission future;

    /** Null, as task and slot, once it has ended: who keeps the future keeps no more than its outcome. */
    private @Nullable QueueEngine engine;

    private @Nullable Callable<? extends R> task;

    /** Where it runs. Written before the state says that it runs. */
    private @Nullable WorkerSlot slot;

    private long ticket;

    SubmittedTask(
            QueueEngine engine,
            Callable<? extends R> task,
            @Nullable Object source,
            @Nullable TaskExecution surroundings) {
        super(source, surroundings);
        this.engine = engine;
        this.task = task;
        this.future = new Submission(engine.reference);
    }

    CompletableFuture<R> future() {
        return future;
    }

    @Override
    public @Nullable Object call() throws Exception {
        WorkerSlot current = Objects.requireNonNull(WorkerSlot.current());
        slot = current;
        ticket = current.ticket();
        return !future.isDone() && state.compareAndSet(State.WAITING, State.RUNNING) ? super.call() : null;
    }

    @Override
    R run() throws Exception {
        return Objects.requireNonNull(task).call();
    }

    @Override
    TaskDisposition settle(WorkerSlot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled) {
        TaskDisposition retried = failure == null || cancelled ? TaskDisposition.FAILED : retry(slot, failure);
        if (retried == TaskDisposition.RETRIED) {
            return retried;
        }
        if (cancelled || retried == TaskDisposition.CANCELLED || !state.compareAndSet(State.RUNNING, State.DONE)) {
            TaskDisposition ending = slot.outcomes.count(TaskDisposition.CANCELLED);
            completeCancelled();
            return ending;
        }
        UnfinishedStageWarning.check(slot, result);
        TaskDisposition ending =
                failure == null ? slot.outcomes.count(TaskDisposition.COMPLETED) : slot.outcomes.recordFailure(failure);
        forget();
        completeUnlessDone(() -> future.settle(result, failure));
        return ending;
    }

    /** Completes the future, unless its user has completed it, on a thread of theirs. */
    private void completeUnlessDone(Runnable completion) {
        if (!future.isDone()) {
            complete(completion);
        }
    }

    @Override
    @Nullable
    QueuedTask nextAttempt(TaskExecution around) {
        if (around.attempts() == 1) {
            CompletableFuture<?> unused = future.whenComplete((result, failure) -> onCompletion());
        }
        slot = null;
        return !future.isDone() && state.compareAndSet(State.RUNNING, State.WAITING) ? this : null;
    }

    @Override
    void completeCancelled() {
        state.set(State.CANCELLED);
        forget();
        completeUnlessDone(future::markCancelled);
    }

    @Override
    Runnable returned() {
        engine = null;
        return this::runByHand;
    }

    private void runByHand() {
        if (future.isDone() || !state.compareAndSet(State.WAITING, State.RUNNING)) {
            return;
        }
        Object result = null;
        Throwable failure = null;
        try {
            result = Objects.requireNonNull(task).call();
        } catch (Throwable ex) {
            failure = ex;
        }
        if (state.compareAndSet(State.RUNNING, State.DONE)) {
            future.settle(result, failure);
        }
        forget();
    }

    private void forget() {
        engine = null;
        task = null;
        forgetSource();
        slot = null;
    }

    @Override
    boolean isCancelled() {
        return state.get() == State.CANCELLED || future.isDone();
    }

    private boolean cancel(boolean mayInterrupt) {
        StackGuard.check();
        for (; ; ) {
            State now = state.get();
            if (now == State.DONE || now == State.CANCELLED || (now == State.RUNNING && !mayInterrupt)) {
                return future.isCancelled();
            }
            if (state.compareAndSet(now, State.CANCELLED)) {
                WorkerSlot runner = slot; // null if it waits, runs by hand, or has just ended
                boolean cancelled = future.markCancelled();
                if (now == State.WAITING) {
                    task = null;
                    forgetSource();
                } else if (runner != null) {
                    runner.interrupt(ticket);
                }
                return cancelled;
            }
        }
    }

    /** The user has completed the future: an attempt that waits for its time need not wait any longer. */
    private void onCompletion() {
        StackGuard.check();
        QueueEngine owner = engine;
        if (owner != null) {
            owner.retries.makeDue(this, ticket);
        }
    }

    /** The future. A cancel of it ends the task; a cancel of a future derived from it does not. */
    private final class Submission extends QueueFuture<R> {

        Submission(WeakReference<QueueEngine> queue) {
            super(queue);
        }

        @SuppressWarnings("unchecked")
        void settle(@Nullable Object result, @Nullable Throwable failure) {
            if (failure == null) {
                complete((R) result);
            } else {
                completeExceptionally(failure);
            }
        }

        boolean markCancelled() {
            return super.cancel(false);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return SubmittedTask.this.cancel(mayInterruptIfRunning);
        }
    }
}
