package io.github.workerqueue;

import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Task whose outcome completes a future. */
final class SubmittedTask<R extends @Nullable Object> extends QueuedTask {

    /*
     * WAITING -> RUNNING    call(), unless the future is complete by then
     * RUNNING -> WAITING    nextAttempt(), before a retry
     * RUNNING -> DONE       finish()
     * WAITING -> CANCELLED  cancel(), completeCancelled()
     * RUNNING -> CANCELLED  cancel(), completeCancelled()
     *
     * A retry moves the state back and forth, so cancel() repeats until one CAS decides. It reads the slot after that
     * CAS: the slot is written before the state becomes RUNNING, and no attempt starts after CANCELLED. An interrupt
     * therefore reaches the attempt that the cancel met.
     */
    private enum State {
        WAITING,
        RUNNING,
        DONE,
        CANCELLED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    private final Submission future;

    /** Null once the task has ended, as are task and runner: the future retains nothing but its outcome. */
    private @Nullable Backlog backlog;

    private @Nullable Callable<? extends R> task;

    /** The slot that runs the task. Written before the state becomes RUNNING. */
    private @Nullable CurrentTask runner;

    private long ticket;

    SubmittedTask(
            Backlog backlog,
            WeakReference<ManagedWait> wait,
            Callable<? extends R> task,
            @Nullable Object source,
            @Nullable TaskExecution execution) {
        super(source, execution);
        this.backlog = backlog;
        this.task = task;
        this.future = new Submission(wait);
    }

    CompletableFuture<R> future() {
        return future;
    }

    @Override
    public @Nullable Object call() throws Exception {
        CurrentTask current = Objects.requireNonNull(CurrentTask.ofThread());
        runner = current;
        ticket = current.ticket();
        return !future.isDone() && state.compareAndSet(State.WAITING, State.RUNNING) ? super.call() : null;
    }

    @Override
    R run() throws Exception {
        return Objects.requireNonNull(task).call();
    }

    @Override
    boolean isCollected() {
        return false;
    }

    @Override
    boolean hasFuture() {
        return true;
    }

    @Override
    boolean finish() {
        return state.compareAndSet(State.RUNNING, State.DONE);
    }

    @Override
    void complete(@Nullable Object result, @Nullable Throwable failure) {
        forget();
        completeUnlessDone(() -> future.settle(result, failure));
    }

    /** Completes the future, unless its user has already completed it on another thread. */
    private void completeUnlessDone(Runnable completion) {
        if (!future.isDone()) {
            complete(completion);
        }
    }

    @Override
    @Nullable
    QueuedTask nextAttempt(TaskExecution execution) {
        if (execution.attempts() == 1) {
            CompletableFuture<?> unused = future.whenComplete((result, failure) -> onCompletion());
        }
        runner = null;
        return !future.isDone() && state.compareAndSet(State.RUNNING, State.WAITING) ? this : null;
    }

    @Override
    void completeCancelled(@Nullable Object result) {
        state.set(State.CANCELLED);
        forget();
        completeUnlessDone(future::markCancelled);
    }

    @Override
    Runnable toReturnedTask() {
        backlog = null;
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
        backlog = null;
        task = null;
        forgetSource();
        runner = null;
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
                CurrentTask running = runner; // null if the task waits, runs outside the queue, or has just ended
                boolean cancelled = future.markCancelled();
                if (now == State.WAITING) {
                    task = null;
                    forgetSource();
                } else if (running != null) {
                    running.interrupt(ticket);
                }
                return cancelled;
            }
        }
    }

    /** Ends the retry delay, because the user has completed the future. */
    private void onCompletion() {
        StackGuard.check();
        Backlog waiting = backlog;
        if (waiting != null) {
            waiting.endRetryDelay(this, ticket);
        }
    }

    /** Future of the task. A cancel of it ends the task; a cancel of a future derived from it does not. */
    private final class Submission extends QueueFuture<R> {

        Submission(WeakReference<ManagedWait> wait) {
            super(wait);
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
