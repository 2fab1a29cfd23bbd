package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Task with an execution around it, or with an outcome that is not collected. All other tasks are bare callables. A
 * worker runs the task, decides on its {@link TaskDisposition} and applies it with the methods of this class.
 */
abstract class QueuedTask implements Callable<@Nullable Object> {

    /** Execution around the task; null if there is none, or the task has ended. */
    private @Nullable TaskExecution execution;

    private @Nullable Object source;

    QueuedTask(@Nullable Object source, @Nullable TaskExecution execution) {
        this.source = source;
        this.execution = execution;
    }

    /** Returns the object of the user whose {@code toString()} names a task. */
    static @Nullable Object sourceOf(@Nullable Object task) {
        Object given = task instanceof QueuedTask queued ? queued.source() : task;
        return given instanceof NamedTask named ? named.source() : given;
    }

    /** Returns the action that runs a task outside the queue, after {@code shutdownNow} has returned it. */
    static Runnable returned(Object task) {
        return task instanceof QueuedTask queued ? queued.returned() : new Returned((Callable<?>) task);
    }

    @Override
    public @Nullable Object call() throws Exception {
        TaskExecution around = execution;
        return around == null ? run() : around.call(this::run);
    }

    /** Runs the code of the user, inside the execution. */
    abstract @Nullable Object run() throws Exception;

    /** Whether the value of the task is collected. */
    boolean isCollected() {
        return true;
    }

    /** Claims the outcome of an attempt for the queue. Returns false if the user has cancelled the task. */
    boolean finish() {
        return true;
    }

    /** Returns the value of a task that completed; null if it has none. */
    @Nullable
    Object value(@Nullable Object result) {
        return result;
    }

    /** Returns the failure that the task keeps to itself, although its callable returned; null if there is none. */
    @Nullable
    Throwable ownFailure() {
        return null;
    }

    /** Whether a failure completes the future of this task, instead of going to the exception handler. */
    boolean hasFuture() {
        return false;
    }

    /** Completes the future of this task, if it has one, after its disposition was counted. */
    void complete(@Nullable Object result, @Nullable Throwable failure) {}

    /** Completes the future of this task as cancelled, if it has one, and cancels the stage that an attempt returned. */
    void completeCancelled(@Nullable Object result) {}

    /** Ends a task that was cancelled before an attempt, or while it waited for a retry. */
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

    /** Completes a future inside the execution, and then once more, in case that the execution did not run the action. */
    final void complete(Runnable completion) {
        TaskExecution around = execution;
        if (around != null) {
            around.complete(completion);
        }
        completion.run();
    }

    /** Whether a failed attempt may be followed by another one. */
    final boolean isRetryable() {
        return execution != null && !isCancelled();
    }

    /**
     * Decides whether a failed attempt is retried. Runs code of the user.
     *
     * @return the retry; null if the task has failed for good
     */
    final @Nullable Retry decideRetry(Throwable failure) {
        TaskExecution around = execution;
        if (around == null) {
            return null;
        }
        long nanos = around.delayAfter(failure);
        QueuedTask next = nanos < 0 ? null : nextAttempt(around);
        if (next == null) {
            return null;
        }
        around.notifyRetried(failure, nanos);
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

    /** Whether the user has cancelled this task, or has completed its future. */
    boolean isCancelled() {
        return false;
    }

    Runnable returned() {
        return new Returned(this);
    }

    /** Returns the object of the user whose {@code toString()} names this task; null once this task has ended. */
    @Nullable
    Object source() {
        return source;
    }

    /** Forgets the object of the user, so that a reference to an ended task does not retain it. */
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

    /** Task inside an execution whose result is collected. */
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
     * Task that never ran, as its user may run it outside the queue. It throws the exception of the task, if necessary
     * inside a {@link CompletionException}.
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
