package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Task with an execution around it, or without a collected result. All other tasks are bare callables. A worker runs
 * the task, decides on its {@link TaskDisposition} and applies it with the methods of this class.
 */
abstract class QueuedTask implements Callable<@Nullable Object> {

    /** Execution around the task; null if there is none, or the task has ended. */
    private @Nullable TaskExecution execution;

    private @Nullable Object source;

    QueuedTask(@Nullable Object source, @Nullable TaskExecution execution) {
        this.source = source;
        this.execution = execution;
    }

    /** Returns the user object whose {@code toString()} names a task. */
    static @Nullable Object sourceOf(@Nullable Object task) {
        Object given = task instanceof QueuedTask queued ? queued.source() : task;
        return given instanceof NamedTask named ? named.source() : given;
    }

    /** Returns the action that runs a task outside the queue, after {@code shutdownNow} has returned it. */
    static Runnable toReturnedTask(Object task) {
        return task instanceof QueuedTask queued ? queued.toReturnedTask() : new Returned((Callable<?>) task);
    }

    @Override
    public @Nullable Object call() throws Exception {
        TaskExecution around = execution;
        return around == null ? run() : around.call(this::run);
    }

    /** Runs the user code, inside the execution. */
    abstract @Nullable Object run() throws Exception;

    /** Whether the value of the task is a result of the round. */
    boolean isCollected() {
        return true;
    }

    /** Claims the outcome of an attempt for the queue. Returns false if the user has cancelled the task. */
    boolean finish() {
        return true;
    }

    /** Returns the value of a completed task; null if it has none. */
    @Nullable
    Object value(@Nullable Object result) {
        return result;
    }

    /** Returns the failure of a task whose callable has returned normally; null if there is none. */
    @Nullable
    Throwable ownFailure() {
        return null;
    }

    /** Whether a failure completes the future of this task instead of reaching the exception handler. */
    boolean hasFuture() {
        return false;
    }

    /** Completes the future of this task, if it has one. Call this method after its disposition was counted. */
    void complete(@Nullable Object result, @Nullable Throwable failure) {}

    /** Completes the future of this task as cancelled, if it has one, and cancels the stage of an attempt. */
    void completeCancelled(@Nullable Object result) {}

    /** Ends a task that was cancelled before an attempt, or while waiting for a retry. */
    final void drop() {
        completeCancelled(null);
        end(TaskDisposition.CANCELLED, null);
    }

    /** Detaches the execution, and returns the action that notifies it of the cancel. */
    final Runnable detachExecution() {
        TaskExecution around = execution;
        execution = null;
        return () -> {
            if (around != null) {
                around.notifyEnded(Outcome.CANCELLED, null);
            }
        };
    }

    /** Notifies the execution that the task has ended, if it has. */
    final void end(TaskDisposition disposition, @Nullable Throwable failure) {
        TaskExecution around = execution;
        Outcome outcome = disposition.outcome;
        if (around != null && outcome != null) {
            execution = null;
            around.notifyEnded(outcome, outcome == Outcome.FAILURE ? failure : null);
        }
    }

    /** Calls the exception handler inside the execution. */
    final void handle(Runnable handler) {
        TaskExecution around = execution;
        if (around == null) {
            handler.run();
        } else {
            around.handle(handler);
        }
    }

    /** Completes a future inside the execution, and once more outside, in case the execution did not run the action. */
    final void complete(Runnable completion) {
        TaskExecution around = execution;
        if (around != null) {
            around.complete(completion);
        }
        completion.run();
    }

    /** Whether another attempt may follow a failed one. */
    final boolean isRetryable() {
        return execution != null && !isCancelled();
    }

    /**
     * Decides on a retry after a failed attempt. Runs user code.
     *
     * @param worker the number of the worker that ran the attempt
     * @param index the index of the task
     * @param hold the wait in nanoseconds for which the failure holds the name; 0 if it does not
     * @return the retry; null if the task has failed
     */
    final @Nullable Retry decideRetry(int worker, long index, Throwable failure, long hold) {
        TaskExecution around = execution;
        if (around == null) {
            return null;
        }
        long nanos = around.delayAfter(failure, hold);
        QueuedTask next = nanos < 0 ? null : nextAttempt(around);
        if (next == null) {
            return null;
        }
        around.notifyRetried(worker, index, failure, nanos);
        return new Retry(next, nanos);
    }

    /** Returns the task of the next attempt; null if there must be none. */
    @Nullable
    QueuedTask nextAttempt(TaskExecution around) {
        return this;
    }

    /** Returns the number of attempts so far; 0 without an execution. */
    final int attempts() {
        TaskExecution around = execution;
        return around == null ? 0 : around.attempts();
    }

    /** Whether the user has cancelled this task or completed its future. */
    boolean isCancelled() {
        return false;
    }

    Runnable toReturnedTask() {
        return new Returned(this);
    }

    /** Returns the user object whose {@code toString()} names this task; null once this task has ended. */
    @Nullable
    Object source() {
        return source;
    }

    /** Clears the user object, so that a reference to an ended task does not retain it. */
    final void forgetSource() {
        source = null;
    }

    @Override
    public final String toString() {
        return String.valueOf(source());
    }

    /**
     * Next attempt of a task.
     *
     * @param task the task of the attempt
     * @param delay the retry delay in nanoseconds
     */
    record Retry(QueuedTask task, long delay) {}

    /** Task with a collected result inside an execution. */
    static final class Collected extends QueuedTask {

        private final Callable<? extends @Nullable Object> task;

        Collected(Callable<? extends @Nullable Object> task, @Nullable Object source, TaskExecution execution) {
            super(source, execution);
            this.task = task;
        }

        @Override
        @Nullable
        Object run() throws Exception {
            return task.call();
        }
    }

    /**
     * Action that runs a returned task, which never ran in the queue. It throws the exception of the task, if necessary
     * as the cause of a {@link CompletionException}.
     *
     * @param task the task
     */
    private record Returned(Callable<? extends @Nullable Object> task) implements Runnable {

        @Override
        @SuppressWarnings("InterruptedExceptionSwallowed") // the flag is set again
        public void run() {
            try {
                task.call();
            } catch (RuntimeException ex) {
                throw ex;
            } catch (Exception ex) {
                if (ex instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                throw new CompletionException(ex);
            }
        }

        @Override
        public String toString() {
            return TaskNames.nameOf(sourceOf(task));
        }
    }
}
