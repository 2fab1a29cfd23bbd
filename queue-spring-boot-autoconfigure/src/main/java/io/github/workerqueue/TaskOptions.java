package io.github.workerqueue;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is said of one task when it is put. Immutable, compared by value. */
public final class TaskOptions {

    private static final TaskOptions DEFAULTS = new TaskOptions(null);

    private final @Nullable String name;

    private TaskOptions(@Nullable String name) {
        this.name = name;
    }

    /**
     * Options that say nothing.
     *
     * @return the defaults: no name
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
        return new TaskOptions(Objects.requireNonNull(name, "name"));
    }

    /**
     * The name of the task.
     *
     * @return the name, or null where the task's own {@code toString()} is to serve
     */
    public @Nullable String name() {
        return name;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TaskOptions options && Objects.equals(name, options.name);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(name);
    }

    @Override
    public String toString() {
        return name == null ? "TaskOptions[]" : "TaskOptions[name=" + name + "]";
    }
}
