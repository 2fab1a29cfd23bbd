package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A call that runs once, with what surrounds it, in a future that is not the queue's own. */
final class InterceptedCall<T extends @Nullable Object> implements Callable<T> {

    private final Callable<? extends T> task;

    private final TaskExecution execution;

    /** Whether it was called or cancelled, whichever was first. */
    private final AtomicBoolean started = new AtomicBoolean();

    /** Whose state says of a cancel before it interrupts the call. Written before it can be called. */
    private @Nullable Future<?> future;

    InterceptedCall(Callable<? extends T> task, TaskExecution surroundings) {
        this.task = task;
        this.execution = surroundings;
    }

    /** Must be called once, with the future that calls this. */
    void setFuture(Future<?> future) {
        this.future = future;
    }

    @Override
    public T call() throws Exception {
        started.set(true);
        T result;
        try {
            result = execution.call(task::call);
        } catch (Throwable ex) {
            boolean cancelled = isCancelled();
            execution.notifyEnded(cancelled ? Outcome.CANCELLED : Outcome.FAILURE, cancelled ? null : ex);
            throw ex;
        }
        execution.notifyEnded(isCancelled() ? Outcome.CANCELLED : Outcome.SUCCESS, null);
        return result;
    }

    private boolean isCancelled() {
        return future != null && future.isCancelled();
    }

    /** The future was cancelled; if the call runs, it ends later. */
    void cancel() {
        if (started.compareAndSet(false, true)) {
            execution.notifyEnded(Outcome.CANCELLED, null);
        }
    }
}
