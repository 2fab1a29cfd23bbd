package io.github.workerqueue;

import io.github.workerqueue.LogOnce.Notice;
import io.github.workerqueue.QueueListener.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** What surrounds one task from its put to its end: the scopes of the interceptors, and its retries. One thread at a time. */
final class TaskExecution {

    private static final long NO_RETRY = -1;

    private final QueueEngine engine;

    /** From the outside to the inside. */
    private final List<TaskScope> scopes;

    private final TaskRetryPolicy retryPolicy;

    private int attempts;

    TaskExecution(QueueEngine engine, List<TaskScope> scopes, TaskRetryPolicy retryPolicy) {
        this.engine = engine;
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
            QueueLog.log(Level.WARN, "Queue '{}': a task scope failed while the future was completed", engine.name, ex);
        }
    }

    int attempts() {
        return attempts;
    }

    /** How many nanoseconds to wait after a failure before the next attempt; negative if there is none. */
    long delayAfter(Throwable failure) {
        try {
            Duration delay = retryPolicy.delayBeforeRetry(failure, attempts);
            return delay == null ? NO_RETRY : Math.max(0, Math.max(Durations.nanos(delay), requestedDelay(failure)));
        } catch (Throwable ex) {
            QueueLog.log(Level.ERROR, "Queue '{}': the retry policy failed; the task is not retried", engine.name, ex);
            return NO_RETRY;
        }
    }

    /** The nanoseconds that the failure asks for; zero or negative if it asks for none. */
    private long requestedDelay(Throwable failure) {
        Duration wait = RetryAfterChain.ask(engine.settings.retryAfterResolver(), failure, this::resolverFailed);
        return wait == null ? 0 : Durations.nanos(wait);
    }

    private void resolverFailed(Throwable ex) {
        if (engine.owner.notices.isDue(Notice.FAILED_RESOLVER, engine.name)) {
            QueueLog.log(
                    Level.WARN,
                    "Queue '{}': a RetryAfterResolver failed and counts as null; further failures are not logged",
                    engine.name,
                    ex);
        }
    }

    void notifyRetried(Throwable failure, long delay) {
        engine.listener.retried(engine.name, attempts, delay, failure);
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
        QueueLog.log(Level.WARN, "Queue '{}': task scope {} failed", engine.name, NamedTask.nameOf(scope), ex);
    }
}
