package io.github.workerqueue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Factory of the tasks of one queue. It adds only the timeout and the execution that are configured: without them, a
 * task is put as it is.
 */
final class TaskFactory {

    private final QueueContext context;

    private final Backlog backlog;

    private final ManagedWait wait;

    /** Timeout of tasks without one of their own; null if they have none. */
    private final @Nullable TaskTimeout timeout;

    private final List<TaskInterceptor> interceptors;

    private final TaskRetryPolicy retryPolicy;

    /** Sweeper of the attempts with a timeout. Created with the first timeout, under the monitor. */
    private volatile @Nullable TaskTimeoutSweeper timeouts;

    TaskFactory(QueueContext context, Backlog backlog, ManagedWait wait) {
        this.context = context;
        this.backlog = backlog;
        this.wait = wait;
        this.timeout = timeout(context.settings.taskTimeout());
        this.interceptors = context.settings.interceptors();
        this.retryPolicy = Objects.requireNonNullElse(context.settings.retryPolicy(), TaskRetryPolicy.NEVER);
    }

    /** Creates the task to put if its result is collected. */
    Callable<?> createCollected(Callable<? extends @Nullable Object> task, TaskOptions options) {
        @Nullable Object source = source(task, options);
        Callable<? extends @Nullable Object> body = withTimeout(task, source, options);
        TaskExecution execution = execution(source, options);
        if (execution != null) {
            return new QueuedTask.Collected(body, source, execution);
        }
        return body == task && options.name() == null ? task : new NamedTask(body, source);
    }

    /** Creates the task to put if its outcome completes a future. */
    <R extends @Nullable Object> SubmittedTask<R> createSubmitted(Callable<? extends R> task, TaskOptions options) {
        @Nullable Object source = source(task, options);
        return new SubmittedTask<>(
                backlog, wait.reference, withTimeout(task, source, options), source, execution(source, options));
    }

    /** Creates the task to put if its stage occupies the worker slot. */
    AsyncTask createAsync(Callable<? extends @Nullable CompletionStage<?>> task, TaskOptions options) {
        @Nullable Object source = source(task, options);
        TaskTimeout limit = timeout(options);
        Callable<? extends @Nullable CompletionStage<?>> body = limit == null ? task : limit.aroundAsync(task, source);
        return new AsyncTask(body, source, execution(source, options));
    }

    /** Surrounds a task with its timeout, if it has one. */
    <R extends @Nullable Object> Callable<? extends R> withTimeout(
            Callable<? extends R> task, @Nullable Object source, TaskOptions options) {
        TaskTimeout limit = timeout(options);
        return limit == null ? task : limit.around(task, source);
    }

    private @Nullable TaskTimeout timeout(TaskOptions options) {
        Duration own = options.timeout();
        return own == null ? timeout : timeout(own);
    }

    private @Nullable TaskTimeout timeout(@Nullable Duration limit) {
        return limit != null && TaskTimeout.isLimit(limit) ? new TaskTimeout(context, timeouts(), limit) : null;
    }

    private TaskTimeoutSweeper timeouts() {
        TaskTimeoutSweeper sweeper = timeouts;
        return sweeper == null ? createTimeouts() : sweeper;
    }

    private synchronized TaskTimeoutSweeper createTimeouts() {
        TaskTimeoutSweeper sweeper = timeouts;
        if (sweeper == null) {
            sweeper = new TaskTimeoutSweeper(context);
            timeouts = sweeper;
        }
        return sweeper;
    }

    /** Returns the execution of a task; null if it has no scopes and no retries. */
    @Nullable
    TaskExecution execution(@Nullable Object source, TaskOptions options) {
        TaskRetryPolicy policy = Objects.requireNonNullElse(options.retryPolicy(), retryPolicy);
        TaskInfo info = null;
        List<TaskScope> scopes = List.of();
        for (int i = 0; i < interceptors.size(); i++) { // without an iterator, which each put would allocate
            TaskInterceptor interceptor = interceptors.get(i);
            if (!interceptor.isActive()) {
                continue;
            }
            info = info == null ? new PutTask(context.name, source, options.name() != null) : info;
            TaskScope scope = interceptor.intercept(info);
            if (scope != null) {
                scopes = scopes.isEmpty() ? new ArrayList<>(interceptors.size()) : scopes;
                scopes.add(scope);
            }
        }
        return scopes.isEmpty() && policy == TaskRetryPolicy.NEVER ? null : new TaskExecution(context, scopes, policy);
    }

    private static @Nullable Object source(Object task, TaskOptions options) {
        Objects.requireNonNull(task, "task must not be null; only its result may be null");
        return options.name() == null ? QueuedTask.sourceOf(task) : options;
    }

    private record PutTask(String queue, @Nullable Object source, boolean isNamed) implements TaskInfo {

        @Override
        public String name() {
            return TaskNames.nameOf(source);
        }
    }
}
