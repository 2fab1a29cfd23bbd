package io.github.workerqueue;

import java.time.Duration;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Options of the tasks that one call puts: their name, retry policy and timeout. The settings of the queue apply to
 * everything that the options leave open. Options are immutable and compared by value. Each {@code with} method returns
 * a changed copy:
 *
 * <pre>{@code
 * queue.put(() -> client.price(sku), TaskOptions.named("price of " + sku).withTimeout(Duration.ofSeconds(30)));
 * }</pre>
 *
 * @since 0.1
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
     * @return the default options
     */
    public static TaskOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Returns options with a name.
     *
     * @param name the name of the task in failures and reports, where only its first 200 characters are shown
     * @return the options
     */
    public static TaskOptions named(String name) {
        return DEFAULTS.withName(name);
    }

    /**
     * Sets the name of the task.
     *
     * @param name the name of the task in failures and reports, where only its first 200 characters are shown
     * @return the changed copy
     */
    public TaskOptions withName(String name) {
        return new TaskOptions(Objects.requireNonNull(name, "name must not be null"), retryPolicy, timeout);
    }

    /**
     * Sets the retry policy of the task, which replaces the {@linkplain QueueSettings#withRetryPolicy retry policy} of
     * the queue.
     *
     * @param policy the policy; {@link TaskRetryPolicy#NEVER} for no retries
     * @return the changed copy
     */
    public TaskOptions withRetryPolicy(TaskRetryPolicy policy) {
        return new TaskOptions(name, Objects.requireNonNull(policy, "policy must not be null"), timeout);
    }

    /**
     * Sets the timeout of each attempt of the task. It replaces the {@linkplain QueueSettings#withTaskTimeout task
     * timeout} of the queue, whether it is shorter or longer, and has the same effects.
     *
     * @param timeout the timeout; zero for none, even if the queue has a task timeout. More than {@code Long.MAX_VALUE}
     *     nanoseconds also mean no timeout
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
     * Returns the name of the task.
     *
     * @return the name; {@code null} if the {@code toString()} of the item or of the task is the name
     */
    public @Nullable String name() {
        return name;
    }

    /**
     * Returns the retry policy of the task.
     *
     * @return the policy; {@code null} if that of the queue applies
     */
    public @Nullable TaskRetryPolicy retryPolicy() {
        return retryPolicy;
    }

    /**
     * Returns the timeout of each attempt of the task.
     *
     * @return the timeout, zero for none; {@code null} if that of the queue applies
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
