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
 * Settings of a worker queue. Settings are immutable and compared by value. Each {@code with} method returns a changed
 * copy:
 *
 * <pre>{@code
 * QueueSettings settings = QueueSettings.defaults()
 *         .withWorkers(10)
 *         .withTaskTimeout(Duration.ofSeconds(30))
 *         .withRateLimits(List.of(RateLimit.valueOf("20/1s")));
 * }</pre>
 *
 * <p>The defaults are those of Pyot's queue: 25 workers, a capacity of twice the workers, no lifecycle log lines, and
 * an exception handler that logs a warning. Tasks run on platform threads, unless {@link #withVirtualThreads} selects
 * virtual threads.
 *
 * @see QueueFactory
 * @since 0.1
 */
public final class QueueSettings {

    /** Default number of workers: {@value}. */
    public static final int DEFAULT_WORKERS = 25;

    /** Maximum number of workers: {@value}. */
    public static final int MAX_WORKERS = 100_000;

    /** Maximum capacity of a queue: {@value}. */
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
     * Returns the default settings.
     *
     * @return settings with 25 workers, a maxsize of 50, no lifecycle log lines, failures and abandoned tasks logged at
     *     WARN, platform threads, no task timeout, no deadline, no fail-fast, no total workers, no leak traces, no
     *     retries, no rate limits and no interceptors
     */
    public static QueueSettings defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the number of workers: the maximum number of tasks that run concurrently. The maxsize follows as twice the
     * workers until it is set itself.
     *
     * @param workers the number of workers, from 1 to 100,000
     * @return the changed copy
     * @throws IllegalArgumentException if the number is out of range
     */
    public QueueSettings withWorkers(int workers) {
        return withInRange(Key.WORKERS, workers, MAX_WORKERS);
    }

    /**
     * Sets the capacity: the maximum number of waiting tasks. Running tasks do not count. The memory for waiting tasks
     * is allocated when a queue is opened: 4 to 8 bytes for each of them, and 8 bytes more if a
     * {@linkplain QueueListener#hearsTasks() listener} is notified about tasks.
     *
     * @param maxsize the capacity, from 1 to 16,777,216
     * @return the changed copy
     * @throws IllegalArgumentException if the capacity is out of range
     */
    public QueueSettings withMaxsize(int maxsize) {
        return withInRange(Key.MAXSIZE, maxsize, MAX_MAXSIZE);
    }

    /**
     * Sets the handler of task failures. The default handler logs a warning for each failure.
     *
     * @param handler the handler, called on the threads of the queue
     * @return the changed copy
     */
    public QueueSettings withExceptionHandler(QueueExceptionHandler handler) {
        return with(Key.EXCEPTION_HANDLER, Objects.requireNonNull(handler, "handler must not be null"));
    }

    /**
     * Sets the handler of abandoned tasks, which a close cancelled because its time was up or its thread was
     * interrupted. The default handler logs a warning for each task.
     *
     * @param handler the handler, called on threads of the library
     * @return the changed copy
     */
    public QueueSettings withAbandonedTaskHandler(AbandonedTaskHandler handler) {
        return with(Key.ABANDONED_TASK_HANDLER, Objects.requireNonNull(handler, "handler must not be null"));
    }

    /**
     * Sets the level of the lifecycle log lines of a queue, which report that its workers were spawned and joined. They
     * are off by default. Failures and other problems are logged independently of this level.
     *
     * @param level the level; {@code null} for no lifecycle log lines
     * @return the changed copy
     */
    public QueueSettings withLogLevel(@Nullable Level level) {
        return with(Key.LOG_LEVEL, level);
    }

    /**
     * Sets whether tasks run on virtual threads. By default, they run on platform threads.
     *
     * @param virtual true for virtual threads, which need Java 21 or later; false for platform threads
     * @return the changed copy
     * @throws IllegalArgumentException if the argument is true, and this Java version has no virtual threads
     */
    public QueueSettings withVirtualThreads(boolean virtual) {
        if (virtual && !VIRTUAL_THREADS_AVAILABLE) {
            throw new IllegalArgumentException("virtualThreads must be false on Java "
                    + Runtime.version().feature() + ", but was true; virtual threads need Java 21 or later");
        }
        return with(Key.VIRTUAL_THREADS, virtual ? true : null);
    }

    /**
     * Sets the task timeout: the time limit of each attempt of a task, from the start of its callable. The time for
     * which the task waited before does not count. A task that exceeds the timeout is interrupted. When it has ended,
     * it fails with a {@link java.util.concurrent.TimeoutException}, regardless of its result or exception, and its
     * worker is available again. If it is still running one second after the interrupt, a warning shows its stack.
     *
     * <p>For {@code putAsync}, the time ends with the stage. A stage that exceeds the timeout is cancelled, on a thread
     * of its own, and its worker is available immediately, whether or not the stage reacts. A task that is cancelled
     * meanwhile counts as cancelled.
     *
     * <p>{@link TaskOptions#withTimeout} replaces this timeout for a single task. There is no timeout by default.
     *
     * @param timeout the timeout, which must be positive; {@code null} for none
     * @return the changed copy
     * @throws IllegalArgumentException if the timeout is zero or negative
     */
    public QueueSettings withTaskTimeout(@Nullable Duration timeout) {
        return withPositive(Key.TASK_TIMEOUT, timeout);
    }

    /**
     * Sets the deadline: the time limit of a round, from the beginning of its first put to its join. At the deadline,
     * the unfinished tasks of the round are cancelled, and the join throws a {@link QueueDeadlineException} with the
     * collected results. There is no deadline by default.
     *
     * @param deadline the deadline, which must be positive; {@code null} for none
     * @return the changed copy
     * @throws IllegalArgumentException if the deadline is zero or negative
     */
    public QueueSettings withDeadline(@Nullable Duration deadline) {
        return withPositive(Key.DEADLINE, deadline);
    }

    /**
     * Sets whether the first failure of a round cancels the rest of the round and makes the join throw a
     * {@link QueueFailedException}. By default, it does not.
     *
     * @param failFast true to end a round at its first failure
     * @return the changed copy
     */
    public QueueSettings withFailFast(boolean failFast) {
        return with(Key.FAIL_FAST, failFast ? true : null);
    }

    /**
     * Sets the maximum number of tasks that run concurrently in all open queues of a name together. There is no such
     * limit by default. The setting belongs to the name: {@code QueueFactory.open} rejects a change of it.
     *
     * @param totalWorkers the number, from 1 to 100,000; {@code null} for no limit
     * @return the changed copy
     * @throws IllegalArgumentException if the number is out of range
     */
    public QueueSettings withTotalWorkers(@Nullable Integer totalWorkers) {
        return totalWorkers == null
                ? with(Key.TOTAL_WORKERS, null)
                : withInRange(Key.TOTAL_WORKERS, totalWorkers, MAX_WORKERS);
    }

    /**
     * Sets whether a queue records the stack trace of its opening. The warning about a queue that became unreachable
     * before it was closed then shows this stack trace. It costs a few microseconds per queue, and the memory of a
     * stack trace. It is off by default.
     *
     * @param leakTrace true to record the stack trace
     * @return the changed copy
     */
    public QueueSettings withLeakTrace(boolean leakTrace) {
        return with(Key.LEAK_TRACE, leakTrace ? true : null);
    }

    /**
     * Sets the policy that decides whether a failed task is retried, and after which delay. While a task waits for its
     * retry, it occupies no worker. There are no retries by default.
     *
     * @param policy the policy; {@code null} for no retries
     * @return the changed copy
     */
    public QueueSettings withRetryPolicy(@Nullable TaskRetryPolicy policy) {
        return with(Key.RETRY_POLICY, policy);
    }

    /**
     * Sets the resolver of the wait that a failure asks for. If the {@linkplain #withRetryPolicy retry policy} retries
     * the task, the delay is at least as long as this wait. The default resolver finds exceptions that implement
     * {@link RetryAfter}. The new resolver replaces the previous one; to keep both, use
     * {@link RetryAfterResolver#firstOf}.
     *
     * @param resolver the resolver, called on the threads of the queue
     * @return the changed copy
     */
    public QueueSettings withRetryAfterResolver(RetryAfterResolver resolver) {
        return with(Key.RETRY_AFTER_RESOLVER, Objects.requireNonNull(resolver, "resolver must not be null"));
    }

    /**
     * Sets the rate limits on the starts of tasks, over all open queues of a name. Every limit holds in each period of
     * its length, and a retry is a start, too. There are no limits by default. The setting belongs to the name:
     * {@code QueueFactory.open} rejects a change of it.
     *
     * @param limits the limits; an empty list for none
     * @return the changed copy
     */
    public QueueSettings withRateLimits(List<RateLimit> limits) {
        return with(Key.RATE_LIMITS, limits.isEmpty() ? null : List.copyOf(limits));
    }

    /**
     * Sets the interceptors of the tasks. There are none by default.
     *
     * @param interceptors the interceptors, the outermost first; an empty list for none
     * @return the changed copy
     */
    public QueueSettings withInterceptors(List<? extends TaskInterceptor> interceptors) {
        return with(Key.INTERCEPTORS, interceptors.isEmpty() ? null : List.copyOf(interceptors));
    }

    /**
     * Returns the number of workers.
     *
     * @return the number, 1 or more
     */
    public int workers() {
        return get(Key.WORKERS, Integer.class, DEFAULT_WORKERS);
    }

    /**
     * Returns the capacity: the maximum number of waiting tasks.
     *
     * @return the capacity, or twice the workers if it was not set
     */
    public int maxsize() {
        return get(Key.MAXSIZE, Integer.class, workers() * 2);
    }

    /**
     * Returns the handler of task failures.
     *
     * @return the handler
     */
    public QueueExceptionHandler exceptionHandler() {
        return get(Key.EXCEPTION_HANDLER, QueueExceptionHandler.class, LoggingExceptionHandler.INSTANCE);
    }

    /**
     * Returns the handler of abandoned tasks.
     *
     * @return the handler
     */
    public AbandonedTaskHandler abandonedTaskHandler() {
        return get(Key.ABANDONED_TASK_HANDLER, AbandonedTaskHandler.class, LoggingAbandonedTaskHandler.INSTANCE);
    }

    /**
     * Returns the level of the lifecycle log lines.
     *
     * @return the level; {@code null} if they are off
     */
    public @Nullable Level logLevel() {
        return (Level) values.get(Key.LOG_LEVEL);
    }

    /**
     * Returns whether tasks run on virtual threads.
     *
     * @return true if tasks run on virtual threads; false if they run on platform threads
     */
    public boolean virtualThreads() {
        return values.containsKey(Key.VIRTUAL_THREADS);
    }

    /**
     * Returns the time limit of each attempt of a task.
     *
     * @return the timeout; {@code null} if there is none
     */
    public @Nullable Duration taskTimeout() {
        return (Duration) values.get(Key.TASK_TIMEOUT);
    }

    /**
     * Returns the time limit of a round.
     *
     * @return the deadline; {@code null} if there is none
     */
    public @Nullable Duration deadline() {
        return (Duration) values.get(Key.DEADLINE);
    }

    /**
     * Returns whether the first failure of a round cancels the rest of the round.
     *
     * @return true if the first failure ends a round
     */
    public boolean failFast() {
        return values.containsKey(Key.FAIL_FAST);
    }

    /**
     * Returns the maximum number of tasks that run concurrently in all open queues of the name together.
     *
     * @return the number; {@code null} if there is no such limit
     */
    public @Nullable Integer totalWorkers() {
        return (Integer) values.get(Key.TOTAL_WORKERS);
    }

    /**
     * Returns whether a queue records the stack trace of its opening.
     *
     * @return true if it is recorded
     */
    public boolean leakTrace() {
        return values.containsKey(Key.LEAK_TRACE);
    }

    /**
     * Returns the policy that decides whether a failed task is retried, and after which delay.
     *
     * @return the policy; {@code null} if there are no retries
     */
    public @Nullable TaskRetryPolicy retryPolicy() {
        return (TaskRetryPolicy) values.get(Key.RETRY_POLICY);
    }

    /**
     * Returns the resolver of the wait that a failure asks for.
     *
     * @return the resolver; by default, one for {@link RetryAfter}
     */
    public RetryAfterResolver retryAfterResolver() {
        return get(Key.RETRY_AFTER_RESOLVER, RetryAfterResolver.class, CausedRetryAfter.INSTANCE);
    }

    /**
     * Returns the rate limits on the starts of tasks.
     *
     * @return the limits; empty if there are none
     */
    @SuppressWarnings("unchecked") // as it was set
    public List<RateLimit> rateLimits() {
        return get(Key.RATE_LIMITS, List.class, List.of());
    }

    /**
     * Returns the interceptors of the tasks.
     *
     * @return the interceptors, the outermost first; empty if there are none
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

    /** Returns the workers, the maxsize and the other settings that differ from the defaults. */
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
