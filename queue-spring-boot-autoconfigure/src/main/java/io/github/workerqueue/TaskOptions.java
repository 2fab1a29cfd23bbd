package io.github.workerqueue;

import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What is said of one task when it is put. Immutable, compared by value; each {@code with} method returns a changed copy. */
public final class TaskOptions {

    private static final TaskOptions DEFAULTS = new TaskOptions(null, null);

    private final @Nullable String name;

    private final @Nullable TaskRetryPolicy retryPolicy;

    private TaskOptions(@Nullable String name, @Nullable TaskRetryPolicy retryPolicy) {
        this.name = name;
        this.retryPolicy = retryPolicy;
    }

    /**
     * Options that say nothing.
     *
     * @return the defaults: no name, and the retry policy of the queue
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
        return new TaskOptions(Objects.requireNonNull(name, "name"), retryPolicy);
    }

    /**
     * Sets whether and when the task runs again after a failure, in place of what the queue says.
     *
     * @param policy the policy; {@link TaskRetryPolicy#NEVER} for a task that is to run once
     * @return the changed copy
     */
    public TaskOptions withRetryPolicy(TaskRetryPolicy policy) {
        return new TaskOptions(name, Objects.requireNonNull(policy, "policy"));
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

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TaskOptions that
                && Objects.equals(name, that.name)
                && Objects.equals(retryPolicy, that.retryPolicy);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, retryPolicy);
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
        return set.toString();
    }
}
