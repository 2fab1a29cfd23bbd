package io.github.workerqueue;

import java.time.Duration;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Options of the tasks that one call puts. Immutable, compared by value; each {@code with} method returns a changed copy.
 * Whatever the options leave open is as the queue says:
 *
 * <pre>{@code
 * queue.put(() -> riot.match(id), TaskOptions.named("match " + id).withTimeout(Duration.ofSeconds(30)));
 * }</pre>
 */
public final class TaskOptions {

    private static final TaskOptions DEFAULTS = new TaskOptions(null, null, null);

    private final @Nullable String name;

    private final @Nullable TaskRetryPolicy retryPolicy;

    private final @Nullable Duration timeout;

    private TaskOptions(@Nullable String name, @Nullable TaskRetryPolicy retryPolicy, @Nullable Duration timeout) {
        this.name = name;
        this.retryPolicy = retryPolicy;
        this.timeout = timeout;
    }

    /**
     * Returns options without a name, a retry policy or a timeout of their own.
     *
     * @return the defaults
     */
    public static TaskOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Options that name the task.
     *
     * @param name the name shown in failures and reports; what exceeds 200 characters is cut there
     * @return the options
     */
    public static TaskOptions named(String name) {
        return DEFAULTS.withName(name);
    }

    /**
     * Sets the name of the task.
     *
     * @param name the name shown in failures and reports; what exceeds 200 characters is cut there
     * @return the changed copy
     */
    public TaskOptions withName(String name) {
        return new TaskOptions(Objects.requireNonNull(name, "name must not be null"), retryPolicy, timeout);
    }

    /**
     * Sets whether and when the task runs again after a failure, in place of what the queue says.
     *
     * @param policy the policy; {@link TaskRetryPolicy#NEVER} for a task that is to run once
     * @return the changed copy
     */
    public TaskOptions withRetryPolicy(TaskRetryPolicy policy) {
        return new TaskOptions(name, Objects.requireNonNull(policy, "policy must not be null"), timeout);
    }

    /**
     * Sets the time limit of each attempt of the task. It replaces the {@linkplain QueueSettings#withTaskTimeout task timeout}
     * of the queue, whether it is shorter or longer, and has the same effects.
     *
     * @param timeout the time limit; zero for none, even if the queue has one. More than {@code Long.MAX_VALUE} nanoseconds
     *     mean no limit, too
     * @return the changed copy
     * @throws IllegalArgumentException if the timeout is negative
     */
    public TaskOptions withTimeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be zero or positive, but was " + Durations.text(timeout)
                    + "; zero switches the task timeout of the queue off");
        }
        return new TaskOptions(name, retryPolicy, timeout);
    }

    /**
     * The name of the task.
     *
     * @return the name, or null where the task's own {@code toString()} is to serve
     */
    public @Nullable String name() {
        return name;
    }

    /**
     * Whether and when the task runs again after a failure.
     *
     * @return the policy, or null where that of the queue is to serve
     */
    public @Nullable TaskRetryPolicy retryPolicy() {
        return retryPolicy;
    }

    /**
     * Returns the time limit of each attempt of the task.
     *
     * @return the time limit, zero for none; {@code null} if that of the queue applies
     */
    public @Nullable Duration timeout() {
        return timeout;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TaskOptions that
                && Objects.equals(name, that.name)
                && Objects.equals(retryPolicy, that.retryPolicy)
                && Objects.equals(timeout, that.timeout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, retryPolicy, timeout);
    }

    @Override
    public String toString() {
        StringJoiner set = new StringJoiner(", ", "TaskOptions[", "]");
        if (name != null) {
            set.add("name=" + name);
        }
        if (retryPolicy != null) {
            set.add("retryPolicy=" + retryPolicy);
        }
        if (timeout != null) {
            set.add("timeout=" + Durations.text(timeout));
        }
        return set.toString();
    }
}
