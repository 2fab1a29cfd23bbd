package io.github.workerqueue;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * How a queue is set up. Immutable, compared by value; each {@code with} method returns a changed copy.
 *
 * <p>The defaults are those of Pyot's queue: 25 workers, room for twice as many waiting tasks, lifecycle logging off, and
 * an exception handler that logs a WARN. Tasks run on platform threads until {@link #withVirtualThreads} says otherwise.
 */
public final class QueueSettings {

    /** How many tasks run at once by default: {@value}. */
    public static final int DEFAULT_WORKERS = 25;

    /** The highest number of workers: {@value}. */
    public static final int MAX_WORKERS = 100_000;

    /** The highest number of waiting tasks: {@value}. */
    public static final int MAX_MAXSIZE = 1 << 24;

    private static final boolean VIRTUAL_THREADS_AVAILABLE = Runtime.version().feature() >= 21;

    private static final QueueSettings DEFAULTS = new QueueSettings(Map.of());

    /** What was set; the rest is as by default. A setting that may be null is off where it is missing. */
    private enum Key {
        WORKERS("workers"),
        MAXSIZE("maxsize"),
        EXCEPTION_HANDLER("exceptionHandler"),
        ABANDONED_TASK_HANDLER("abandonedTaskHandler"),
        LOG_LEVEL("logLevel"),
        VIRTUAL_THREADS("virtualThreads"),
        TASK_TIMEOUT("taskTimeout"),
        DEADLINE("deadline"),
        FAIL_FAST("failFast"),
        TOTAL_WORKERS("totalWorkers"),
        LEAK_TRACE("leakTrace"),
        RETRY_POLICY("retryPolicy"),
        RETRY_AFTER_RESOLVER("retryAfterResolver"),
        RATE_LIMITS("rateLimits"),
        INTERCEPTORS("interceptors");

        private final String setting;

        Key(String setting) {
            this.setting = setting;
        }
    }

    private final Map<Key, Object> values;

    private QueueSettings(Map<Key, Object> values) {
        this.values = values;
    }

    /**
     * The settings to start from.
     *
     * @return 25 workers, a maxsize of 50, no lifecycle logging, failures and abandoned tasks logged at WARN, platform
     *     threads, no time limits, no fail-fast, no total, no leak traces, no retries, no rate limits, no interceptors
     */
    public static QueueSettings defaults() {
        return DEFAULTS;
    }

    /**
     * Sets how many tasks run at once. The maxsize follows (twice the workers) until it is set itself.
     *
     * @param workers 1 to 100,000
     * @return the changed copy
     * @throws IllegalArgumentException if it is out of range
     */
    public QueueSettings withWorkers(int workers) {
        return withInRange(Key.WORKERS, workers, MAX_WORKERS);
    }

    /**
     * Sets how many tasks may wait; those that run are not counted. Room for them is set aside when a queue is opened, 4
     * to 8 bytes each.
     *
     * @param maxsize 1 to 16,777,216
     * @return the changed copy
     * @throws IllegalArgumentException if it is out of range
     */
    public QueueSettings withMaxsize(int maxsize) {
        return withInRange(Key.MAXSIZE, maxsize, MAX_MAXSIZE);
    }

    /**
     * Sets where the failures of tasks go.
     *
     * @param handler the handler, called on the threads of the queue
     * @return the changed copy
     */
    public QueueSettings withExceptionHandler(QueueExceptionHandler handler) {
        return with(Key.EXCEPTION_HANDLER, Objects.requireNonNull(handler, "handler must not be null"));
    }

    /**
     * Sets who is told of the tasks that a close did not wait for.
     *
     * @param handler the handler, called on the thread that closes
     * @return the changed copy
     */
    public QueueSettings withAbandonedTaskHandler(AbandonedTaskHandler handler) {
        return with(Key.ABANDONED_TASK_HANDLER, Objects.requireNonNull(handler, "handler must not be null"));
    }

    /**
     * Sets the level at which a queue logs its own life cycle (spawned and joined workers). What goes wrong is logged
     * apart from this.
     *
     * @param level the level; null switches these lines off
     * @return the changed copy
     */
    public QueueSettings withLogLevel(@Nullable Level level) {
        return with(Key.LOG_LEVEL, level);
    }

    /**
     * Sets whether tasks run on virtual threads.
     *
     * @param virtual true for virtual threads, which need Java 21 or later; false for platform threads
     * @return the changed copy
     * @throws IllegalArgumentException if virtual threads are asked for and this Java has none
     */
    public QueueSettings withVirtualThreads(boolean virtual) {
        if (virtual && !VIRTUAL_THREADS_AVAILABLE) {
            throw new IllegalArgumentException("virtualThreads must be false on Java "
                    + Runtime.version().feature() + ", but was true; virtual threads need Java 21 or later");
        }
        return with(Key.VIRTUAL_THREADS, virtual ? true : null);
    }

    /**
     * Sets how long one task may run, from the start of its callable; that it waited before does not count. One that runs
     * longer is interrupted and fails with a {@link java.util.concurrent.TimeoutException} when it has really ended, whatever
     * it then returns or throws; its slot is free then. One that runs on for another second is named in a WARN with its stack.
     *
     * <p>For {@code putAsync} the time ends with the stage. A stage that is late is cancelled, on a thread of its own, and its
     * slot is free at once, whether or not the stage reacts. A task that is cancelled meanwhile counts as cancelled.
     *
     * <p>{@link TaskOptions#withTimeout} replaces this limit for a single task. The limit applies to each attempt of a task
     * that is retried.
     *
     * @param timeout more than zero; null for no limit
     * @return the changed copy
     * @throws IllegalArgumentException if it is zero or negative
     */
    public QueueSettings withTaskTimeout(@Nullable Duration timeout) {
        return withPositive(Key.TASK_TIMEOUT, timeout);
    }

    /**
     * Sets how long a round may take, from the beginning of its first put to its join. At the deadline what is left is
     * cancelled, and join throws a {@link QueueDeadlineException} with what was collected.
     *
     * @param deadline more than zero; null for none
     * @return the changed copy
     * @throws IllegalArgumentException if it is zero or negative
     */
    public QueueSettings withDeadline(@Nullable Duration deadline) {
        return withPositive(Key.DEADLINE, deadline);
    }

    /**
     * Sets whether the first failure of a round cancels the rest of it, and makes join throw a {@link QueueFailedException}.
     *
     * @param failFast true to end a round at its first failure
     * @return the changed copy
     */
    public QueueSettings withFailFast(boolean failFast) {
        return with(Key.FAIL_FAST, failFast ? true : null);
    }

    /**
     * Sets how many tasks run at once in all open queues of a name together. It belongs to the name: a change of it while a
     * queue is opened is refused.
     *
     * @param totalWorkers 1 to 100,000; null for no limit
     * @return the changed copy
     * @throws IllegalArgumentException if it is out of range
     */
    public QueueSettings withTotalWorkers(@Nullable Integer totalWorkers) {
        return totalWorkers == null
                ? with(Key.TOTAL_WORKERS, null)
                : withInRange(Key.TOTAL_WORKERS, totalWorkers, MAX_WORKERS);
    }

    /**
     * Sets whether a queue remembers the stack of its opening, for the WARN that names a queue that was lost without a close.
     * It costs a few microseconds a queue, and the memory of a stack trace.
     *
     * @param leakTrace true to remember it
     * @return the changed copy
     */
    public QueueSettings withLeakTrace(boolean leakTrace) {
        return with(Key.LEAK_TRACE, leakTrace ? true : null);
    }

    /**
     * Sets whether and when a task that failed runs again. While it waits for that it has no worker.
     *
     * @param policy the policy; null if each task runs once
     * @return the changed copy
     */
    public QueueSettings withRetryPolicy(@Nullable TaskRetryPolicy policy) {
        return with(Key.RETRY_POLICY, policy);
    }

    /**
     * Sets the resolver that finds the wait that a failure asks for. If the {@linkplain #withRetryPolicy retry policy} retries
     * the task, the delay is at least that long. The default finds exceptions that implement {@link RetryAfter}. The new resolver
     * replaces the previous one; to keep both, use {@link RetryAfterResolver#firstOf}.
     *
     * @param resolver the resolver, called on the threads of the queue
     * @return the changed copy
     */
    public QueueSettings withRetryAfterResolver(RetryAfterResolver resolver) {
        return with(Key.RETRY_AFTER_RESOLVER, Objects.requireNonNull(resolver, "resolver must not be null"));
    }

    /**
     * Sets how often tasks may start, over all open queues of a name; all limits hold at once, in each period of their length.
     * Retries are starts, too. They belong to the name: a change of them while a queue is opened is refused.
     *
     * @param limits the limits; none for no limit
     * @return the changed copy
     */
    public QueueSettings withRateLimits(List<RateLimit> limits) {
        return with(Key.RATE_LIMITS, limits.isEmpty() ? null : List.copyOf(limits));
    }

    /**
     * Sets what surrounds each task.
     *
     * @param interceptors the interceptors, the outermost first; none for bare tasks
     * @return the changed copy
     */
    public QueueSettings withInterceptors(List<? extends TaskInterceptor> interceptors) {
        return with(Key.INTERCEPTORS, interceptors.isEmpty() ? null : List.copyOf(interceptors));
    }

    /**
     * How many tasks run at once.
     *
     * @return 1 or more
     */
    public int workers() {
        return get(Key.WORKERS, Integer.class, DEFAULT_WORKERS);
    }

    /**
     * How many tasks may wait.
     *
     * @return the number that was set, else twice the workers
     */
    public int maxsize() {
        return get(Key.MAXSIZE, Integer.class, workers() * 2);
    }

    /**
     * Where the failures of tasks go.
     *
     * @return the handler
     */
    public QueueExceptionHandler exceptionHandler() {
        return get(Key.EXCEPTION_HANDLER, QueueExceptionHandler.class, LoggingExceptionHandler.INSTANCE);
    }

    /**
     * Who is told of the tasks that a close did not wait for.
     *
     * @return the handler
     */
    public AbandonedTaskHandler abandonedTaskHandler() {
        return get(Key.ABANDONED_TASK_HANDLER, AbandonedTaskHandler.class, LoggingAbandonedTaskHandler.INSTANCE);
    }

    /**
     * The level of the lifecycle lines.
     *
     * @return the level; null if they are off
     */
    public @Nullable Level logLevel() {
        return (Level) values.get(Key.LOG_LEVEL);
    }

    /**
     * Whether tasks run on virtual threads.
     *
     * @return true for virtual threads, false for platform threads
     */
    public boolean virtualThreads() {
        return values.containsKey(Key.VIRTUAL_THREADS);
    }

    /**
     * How long one task may run.
     *
     * @return the limit; null if there is none
     */
    public @Nullable Duration taskTimeout() {
        return (Duration) values.get(Key.TASK_TIMEOUT);
    }

    /**
     * How long a round may take.
     *
     * @return the limit; null if there is none
     */
    public @Nullable Duration deadline() {
        return (Duration) values.get(Key.DEADLINE);
    }

    /**
     * Whether the first failure ends a round.
     *
     * @return true if it does
     */
    public boolean failFast() {
        return values.containsKey(Key.FAIL_FAST);
    }

    /**
     * How many tasks run at once in all open queues of the name together.
     *
     * @return the number; null if there is no such limit
     */
    public @Nullable Integer totalWorkers() {
        return (Integer) values.get(Key.TOTAL_WORKERS);
    }

    /**
     * Whether a queue remembers the stack of its opening.
     *
     * @return true if it does
     */
    public boolean leakTrace() {
        return values.containsKey(Key.LEAK_TRACE);
    }

    /**
     * Whether and when a task that failed runs again.
     *
     * @return the policy; null if each task runs once
     */
    public @Nullable TaskRetryPolicy retryPolicy() {
        return (TaskRetryPolicy) values.get(Key.RETRY_POLICY);
    }

    /**
     * Returns the resolver that finds the wait that a failure asks for.
     *
     * @return the resolver; by default, one for {@link RetryAfter}
     */
    public RetryAfterResolver retryAfterResolver() {
        return get(Key.RETRY_AFTER_RESOLVER, RetryAfterResolver.class, CausedRetryAfter.INSTANCE);
    }

    /**
     * How often tasks may start.
     *
     * @return the limits; empty if there are none
     */
    @SuppressWarnings("unchecked") // as it was set
    public List<RateLimit> rateLimits() {
        return get(Key.RATE_LIMITS, List.class, List.of());
    }

    /**
     * What surrounds each task.
     *
     * @return the interceptors, the outermost first
     */
    @SuppressWarnings("unchecked") // as it was set
    public List<TaskInterceptor> interceptors() {
        return get(Key.INTERCEPTORS, List.class, List.of());
    }

    private QueueSettings with(Key key, @Nullable Object value) {
        Map<Key, Object> changed = new EnumMap<>(Key.class);
        changed.putAll(values);
        if (value == null) {
            changed.remove(key);
        } else {
            changed.put(key, value);
        }
        return new QueueSettings(changed);
    }

    private <V> V get(Key key, Class<V> type, V otherwise) {
        Object value = values.get(key);
        return value == null ? otherwise : type.cast(value);
    }

    private QueueSettings withInRange(Key key, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(
                    key.setting + " must be between 1 and " + Counts.text(max) + ", but was " + Counts.text(value));
        }
        return with(key, value);
    }

    private QueueSettings withPositive(Key key, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new IllegalArgumentException(
                    key.setting + " must be positive, or null for no limit, but was " + Durations.text(value));
        }
        return with(key, value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof QueueSettings that && withDefaults().equals(that.withDefaults());
    }

    @Override
    public int hashCode() {
        return withDefaults().hashCode();
    }

    /** The workers, the maxsize, and what was set besides. */
    @Override
    public String toString() {
        Map<Key, Object> shown = withDefaults();
        shown.put(Key.MAXSIZE, maxsize());
        return shown.entrySet().stream()
                .map(entry -> entry.getKey().setting + "=" + text(entry.getValue()))
                .collect(Collectors.joining(", ", "QueueSettings[", "]"));
    }

    private static String text(Object value) {
        return value instanceof Duration duration ? Durations.text(duration) : String.valueOf(value);
    }

    /** So that what was set to its default equals what was not set; maxsize is not the same, as it no longer follows. */
    private Map<Key, Object> withDefaults() {
        Map<Key, Object> all = new EnumMap<>(Key.class);
        all.putAll(values);
        all.put(Key.WORKERS, workers());
        all.remove(Key.EXCEPTION_HANDLER, LoggingExceptionHandler.INSTANCE);
        all.remove(Key.ABANDONED_TASK_HANDLER, LoggingAbandonedTaskHandler.INSTANCE);
        all.remove(Key.RETRY_AFTER_RESOLVER, CausedRetryAfter.INSTANCE);
        return all;
    }
}
