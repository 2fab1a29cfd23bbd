package io.github.workerqueue;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A task whose outcome goes to a future. */
final class SubmittedTask<R extends @Nullable Object> extends Job {

    /** WAITING to RUNNING to DONE; from the first two to CANCELLED. */
    private enum State {
        WAITING,
        RUNNING,
        DONE,
        CANCELLED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    private final Submission future;

    /** Null, as task and slot, once it has ended: who keeps the future keeps no more than its outcome. */
    private @Nullable Engine engine;

    private @Nullable Callable<? extends R> task;

    /** Where it runs. Written before the state says that it runs. */
    private @Nullable Slot slot;

    private long ticket;

    SubmittedTask(
            Engine engine, Callable<? extends R> task, @Nullable Object source, @Nullable Surroundings surroundings) {
        super(source, surroundings);
        this.engine = engine;
        this.task = task;
        this.future = new Submission();
    }

    CompletableFuture<R> future() {
        return future;
    }

    @Override
    public @Nullable Object call() throws Exception {
        if (state.get() == State.CANCELLED) {
            return null;
        }
        Slot current = Objects.requireNonNull(Slot.current());
        slot = current;
        ticket = current.ticket();
        return state.compareAndSet(State.WAITING, State.RUNNING) ? super.call() : null;
    }

    @Override
    R run() throws Exception {
        return Objects.requireNonNull(task).call();
    }

    @Override
    Ending settled(Slot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled) {
        if (failure != null && !cancelled && retry(slot, failure)) {
            return Ending.RETRIED;
        }
        if (cancelled || !state.compareAndSet(State.RUNNING, State.DONE)) {
            Ending ending = slot.ledger.count(Ending.CANCELLED);
            dropped();
            return ending;
        }
        Ending ending = failure == null ? slot.ledger.count(Ending.SUCCEEDED) : slot.ledger.failed(failure);
        forget();
        future.settle(result, failure);
        return ending;
    }

    @Override
    @Nullable
    Job again(Surroundings around) {
        slot = null;
        return state.compareAndSet(State.RUNNING, State.WAITING) ? this : null;
    }

    @Override
    void dropped() {
        state.set(State.CANCELLED);
        forget();
        future.markCancelled();
    }

    @Override
    Runnable byHand() {
        end(Ending.CANCELLED, null);
        engine = null;
        return this::runByHand;
    }

    private void runByHand() {
        if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
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
        return state.get() == State.CANCELLED;
    }

    private boolean cancel(boolean mayInterrupt) {
        if (state.compareAndSet(State.WAITING, State.CANCELLED)) {
            Engine owner = engine;
            task = null;
            forgetSource();
            boolean cancelled = future.markCancelled();
            if (owner != null) {
                owner.retries.hurry(this, ticket);
            }
            return cancelled;
        }
        if (mayInterrupt && state.get() == State.RUNNING) {
            Slot runner = slot; // null if it runs by hand, or has just ended
            if (state.compareAndSet(State.RUNNING, State.CANCELLED)) {
                boolean cancelled = future.markCancelled();
                if (runner != null) {
                    runner.interrupt(ticket);
                }
                return cancelled;
            }
        }
        return future.isCancelled();
    }

    /** The future; its waiting methods refuse to wait in a task of the queue, which would wait for itself. */
    private final class Submission extends CompletableFuture<R> {

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

        @Override
        public R get() throws InterruptedException, ExecutionException {
            Loan loan = beginToWait();
            try {
                work(Engine.FOREVER);
                return super.get();
            } finally {
                loan.takeBack();
            }
        }

        @Override
        public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            Loan loan = beginToWait();
            try {
                work(unit.toNanos(timeout));
                return super.get(timeout, unit);
            } finally {
                loan.takeBack();
            }
        }

        @Override
        public R join() {
            Loan loan = beginToWait();
            try {
                work(Engine.FOREVER);
                return super.join();
            } finally {
                loan.takeBack();
            }
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }

        private void work(long nanos) {
            Engine unfinished = engine;
            if (unfinished != null) {
                unfinished.threads.beforeWait(unfinished, "A future of a task", this::isDone, nanos);
            }
        }

        private Loan beginToWait() {
            Engine unfinished = engine;
            if (unfinished == null || isDone()) {
                return Loan.NONE;
            }
            Admission.refuseInside(unfinished, "waiting for an unfinished future of submit");
            unfinished.wakeWorker(); // a put that ran out of stack did not
            return Loan.ofCurrentTask();
        }
    }
}
