package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Scopes of the interceptors around one task, and the policy of its retries, from its put to its end. Confined to one
 * thread at a time.
 */
final class TaskExecution {

    private static final long NO_RETRY = -1;

    /** Maximum number of retries in a row that count as no attempt, because a hold has caused them. */
    private static final int MAX_FREE_IN_A_ROW = 10;

    private final QueueContext context;

    /** Scopes of the interceptors, the outermost first. */
    private final List<TaskScope> scopes;

    private final TaskRetryPolicy retryPolicy;

    private int attempts;

    /** Number of attempts that do not count for the policy, because they have failed with a hold. */
    private int free;

    private int freeInARow;

    TaskExecution(QueueContext context, List<TaskScope> scopes, TaskRetryPolicy retryPolicy) {
        this.context = context;
        this.scopes = scopes;
        this.retryPolicy = retryPolicy;
    }

    <R extends @Nullable Object> R call(Callable<R> body) throws Exception {
        attempts++;
        return call(0, body);
    }

    private <R extends @Nullable Object> R call(int scope, Callable<R> body) throws Exception {
        return scope == scopes.size() ? body.call() : scopes.get(scope).call(() -> call(scope + 1, body));
    }

    void handle(Runnable handler) {
        Runnable within = handler;
        for (int i = scopes.size() - 1; i >= 0; i--) {
            TaskScope scope = scopes.get(i);
            Runnable inner = within;
            within = () -> scope.handle(inner);
        }
        within.run();
    }

    /** Completes a future within the scopes. A scope that fails is logged, and may have left the future open. */
    void complete(Runnable completion) {
        try {
            handle(completion);
        } catch (Throwable ex) {
            QueueLog.log(
                    Level.WARN, "Queue '{}': a task scope failed while the future was completed", context.name, ex);
        }
    }

    int attempts() {
        return attempts;
    }

    /**
     * Returns the delay before the next attempt after a failure, in nanoseconds; negative if there is none.
     *
     * @param hold the wait for which the failure holds the name; 0 if it does not
     */
    long delayAfter(Throwable failure, long hold) {
        try {
            boolean isFree = hold > 0 && freeInARow < MAX_FREE_IN_A_ROW;
            int counted = Math.max(1, attempts - free - (isFree ? 1 : 0));
            Duration delay = retryPolicy.delayBeforeRetry(failure, counted);
            if (delay == null) {
                return NO_RETRY;
            }
            free += isFree ? 1 : 0;
            freeInARow = isFree ? freeInARow + 1 : hold > 0 ? freeInARow : 0;
            long wait = context.maxHold() > 0 ? hold : context.requestedWait(failure);
            return Math.max(wait, Durations.nanos(delay));
        } catch (Throwable ex) {
            QueueLog.log(Level.ERROR, "Queue '{}': the retry policy failed; the task is not retried", context.name, ex);
            return NO_RETRY;
        }
    }

    void notifyRetried(int worker, long index, Throwable failure, long delay) {
        context.listener.retried(context.name, context.id, worker, index, attempts, delay, failure);
        for (TaskScope scope : scopes) {
            try {
                scope.retried(attempts, failure);
            } catch (Throwable ex) {
                logFailure(scope, ex);
            }
        }
    }

    void notifyEnded(Outcome outcome, @Nullable Throwable failure) {
        for (int i = scopes.size() - 1; i >= 0; i--) {
            TaskScope scope = scopes.get(i);
            try {
                scope.ended(outcome, failure);
            } catch (Throwable ex) {
                logFailure(scope, ex);
            }
        }
    }

    private void logFailure(TaskScope scope, Throwable ex) {
        QueueLog.log(Level.WARN, "Queue '{}': task scope {} failed", context.name, TaskNames.nameOf(scope), ex);
    }

    /** Single call of a task within its execution, in a future that does not belong to the queue. */
    static final class SingleCall<T extends @Nullable Object> implements Callable<T> {

        private final Callable<? extends T> task;

        private final TaskExecution execution;

        /** Whether the call has started or was cancelled, whichever came first. */
        private final AtomicBoolean started = new AtomicBoolean();

        /** Future of this call, which is cancelled before it interrupts the call. Written before the call can start. */
        private @Nullable Future<?> future;

        SingleCall(Callable<? extends T> task, TaskExecution execution) {
            this.task = task;
            this.execution = execution;
        }

        /** Sets the future of this call. Call this method once, before the call can start. */
        void setFuture(Future<?> future) {
            this.future = future;
        }

        @Override
        public T call() throws Exception {
            if (!started.compareAndSet(false, true)) { // the future was cancelled after it had begun to run
                throw new CancellationException("The future was cancelled before its task started");
            }
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

        /** Ends the task if the call has not started. Call this method after the future was cancelled. */
        void cancel() {
            if (started.compareAndSet(false, true)) {
                execution.notifyEnded(Outcome.CANCELLED, null);
            }
        }
    }
}
