package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A call that runs once, with what surrounds it, in a future that is not the queue's own. */
final class SurroundedCall<T extends @Nullable Object> implements Callable<T> {

    private final Callable<? extends T> task;

    private final Surroundings surroundings;

    /** Whether it was called or cancelled, whichever was first. */
    private final AtomicBoolean begun = new AtomicBoolean();

    /** Whose state says of a cancel before it interrupts the call. Written before it can be called. */
    private @Nullable Future<?> future;

    SurroundedCall(Callable<? extends T> task, Surroundings surroundings) {
        this.task = task;
        this.surroundings = surroundings;
    }

    /** Must be called once, with the future that calls this. */
    void within(Future<?> future) {
        this.future = future;
    }

    @Override
    public T call() throws Exception {
        begun.set(true);
        T result;
        try {
            result = surroundings.call(task::call);
        } catch (Throwable ex) {
            boolean cancelled = isCancelled();
            surroundings.ended(cancelled ? Outcome.CANCELLED : Outcome.FAILURE, cancelled ? null : ex);
            throw ex;
        }
        surroundings.ended(isCancelled() ? Outcome.CANCELLED : Outcome.SUCCESS, null);
        return result;
    }

    private boolean isCancelled() {
        return future != null && future.isCancelled();
    }

    /** The future was cancelled; if the call runs, it ends later. */
    void cancel() {
        if (begun.compareAndSet(false, true)) {
            surroundings.ended(Outcome.CANCELLED, null);
        }
    }
}
