package io.github.workerqueue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
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

    private static final Retries DEFAULT_RETRIES = new Retries(null, CausedRetryAfter.INSTANCE, Duration.ofMinutes(5));

    private static final boolean VIRTUAL_THREADS_AVAILABLE = Runtime.version().feature() >= 21;

    private static final Set<String> ALWAYS_SHOWN = Set.of("workers", "maxsize");

    private static final QueueSettings DEFAULTS = new QueueSettings(new Values());

    private final Values values;

    private QueueSettings(Values values) {
        this.values = values;
    }

    /**
     * Returns the default settings.
     *
     * @return settings with 25 workers, a maxsize of 50, no lifecycle log lines, failures and abandoned tasks logged at
     *     WARN, platform threads, no task timeout, no deadline, no fail-fast, no total workers, no leak traces, no
     *     retries, holds of at most 5 minutes, no rate limits and no interceptors
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
        requireInRange("workers", workers, MAX_WORKERS);
        return with(changed -> changed.workers = workers);
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
        requireInRange("maxsize", maxsize, MAX_MAXSIZE);
        return with(changed -> changed.maxsize = maxsize);
    }

    /**
     * Sets the handler of task failures. The default handler logs a warning for each failure.
     *
     * @param handler the handler, called on the threads of the queue
     * @return the changed copy
     */
    public QueueSettings withExceptionHandler(QueueExceptionHandler handler) {
        Objects.requireNonNull(handler, "handler must not be null");
        return with(changed -> changed.exceptionHandler = handler);
    }

    /**
     * Sets the handler of abandoned tasks, which a close cancelled because its time was up or its thread was
     * interrupted. The default handler logs a warning for each task.
     *
     * @param handler the handler, called on threads of the library
     * @return the changed copy
     */
    public QueueSettings withAbandonedTaskHandler(AbandonedTaskHandler handler) {
        Objects.requireNonNull(handler, "handler must not be null");
        return with(changed -> changed.abandonedTaskHandler = handler);
    }

    /**
     * Sets the level of the lifecycle log lines of a queue, which report that its workers were spawned and joined. They
     * are off by default. Failures and other problems are logged independently of this level.
     *
     * @param level the level; {@code null} for no lifecycle log lines
     * @return the changed copy
     */
    public QueueSettings withLogLevel(@Nullable Level level) {
        return with(changed -> changed.logLevel = level);
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
        return with(changed -> changed.virtualThreads = virtual);
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
        requirePositive("taskTimeout", timeout);
        return with(changed -> changed.taskTimeout = timeout);
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
        requirePositive("deadline", deadline);
        return with(changed -> changed.deadline = deadline);
    }

    /**
     * Sets whether the first failure of a round cancels the rest of the round and makes the join throw a
     * {@link QueueFailedException}. By default, it does not.
     *
     * @param failFast true to end a round at its first failure
     * @return the changed copy
     */
    public QueueSettings withFailFast(boolean failFast) {
        return with(changed -> changed.failFast = failFast);
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
        if (totalWorkers != null) {
            requireInRange("totalWorkers", totalWorkers, MAX_WORKERS);
        }
        return with(changed -> changed.totalWorkers = totalWorkers);
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
        return with(changed -> changed.leakTrace = leakTrace);
    }

    /**
     * Sets the policy that decides whether a failed task is retried, and after which delay. While a task waits for its
     * retry, it occupies no worker. There are no retries by default.
     *
     * @param policy the policy; {@code null} for no retries
     * @return the changed copy
     */
    public QueueSettings withRetryPolicy(@Nullable TaskRetryPolicy policy) {
        return with(changed -> changed.retries = changed.retries.withPolicy(policy));
    }

    /**
     * Sets the resolver of the wait that a failure asks for. The wait {@linkplain #withMaxHold holds the name} of the
     * queue. If the {@linkplain #withRetryPolicy retry policy} retries the task, the delay is at least as long as this
     * wait. The default resolver finds exceptions that implement {@link RetryAfter}. The new resolver replaces the
     * previous one; to keep both, use {@link RetryAfterResolver#firstOf}.
     *
     * @param resolver the resolver, called on the threads of the queue
     * @return the changed copy
     */
    public QueueSettings withRetryAfterResolver(RetryAfterResolver resolver) {
        Objects.requireNonNull(resolver, "resolver must not be null");
        return with(changed -> changed.retries = changed.retries.withResolver(resolver));
    }

    /**
     * Sets the maximum wait for which a failure holds the name of its queue. If a task fails and the
     * {@linkplain #withRetryAfterResolver resolver} finds a wait of at most this time, all open queues of the name
     * start no task until that wait is over. A longer wait has no effect, and the failure is one like any other. With
     * zero, a failure holds no name, and its wait only delays the retry of the same task, however long it is. The
     * default is 5 minutes.
     *
     * <p>A hold has no effect on the tasks of a queue that closes. A retry after a hold counts as no attempt for the
     * {@linkplain #withRetryPolicy retry policy}, up to ten times in a row.
     *
     * @param maxHold the maximum wait; zero for no holds
     * @return the changed copy
     * @throws IllegalArgumentException if the time is negative
     */
    public QueueSettings withMaxHold(Duration maxHold) {
        if (maxHold.isNegative()) {
            throw new IllegalArgumentException(
                    "maxHold must be zero (no holds) or positive, but was " + Durations.text(maxHold));
        }
        return with(changed -> changed.retries = changed.retries.withMaxHold(maxHold));
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
        List<RateLimit> copy = List.copyOf(limits);
        return with(changed -> changed.rateLimits = copy);
    }

    /**
     * Sets the interceptors of the tasks. There are none by default.
     *
     * @param interceptors the interceptors, the outermost first; an empty list for none
     * @return the changed copy
     */
    public QueueSettings withInterceptors(List<? extends TaskInterceptor> interceptors) {
        List<TaskInterceptor> copy = List.copyOf(interceptors);
        return with(changed -> changed.interceptors = copy);
    }

    /**
     * Returns the number of workers.
     *
     * @return the number, 1 or more
     */
    public int workers() {
        return values.workers;
    }

    /**
     * Returns the capacity: the maximum number of waiting tasks.
     *
     * @return the capacity, or twice the workers if it was not set
     */
    public int maxsize() {
        return Objects.requireNonNullElse(values.maxsize, values.workers * 2);
    }

    /**
     * Returns the handler of task failures.
     *
     * @return the handler
     */
    public QueueExceptionHandler exceptionHandler() {
        return values.exceptionHandler;
    }

    /**
     * Returns the handler of abandoned tasks.
     *
     * @return the handler
     */
    public AbandonedTaskHandler abandonedTaskHandler() {
        return values.abandonedTaskHandler;
    }

    /**
     * Returns the level of the lifecycle log lines.
     *
     * @return the level; {@code null} if they are off
     */
    public @Nullable Level logLevel() {
        return values.logLevel;
    }

    /**
     * Returns whether tasks run on virtual threads.
     *
     * @return true if tasks run on virtual threads; false if they run on platform threads
     */
    public boolean virtualThreads() {
        return values.virtualThreads;
    }

    /**
     * Returns the time limit of each attempt of a task.
     *
     * @return the timeout; {@code null} if there is none
     */
    public @Nullable Duration taskTimeout() {
        return values.taskTimeout;
    }

    /**
     * Returns the time limit of a round.
     *
     * @return the deadline; {@code null} if there is none
     */
    public @Nullable Duration deadline() {
        return values.deadline;
    }

    /**
     * Returns whether the first failure of a round cancels the rest of the round.
     *
     * @return true if the first failure ends a round
     */
    public boolean failFast() {
        return values.failFast;
    }

    /**
     * Returns the maximum number of tasks that run concurrently in all open queues of the name together.
     *
     * @return the number; {@code null} if there is no such limit
     */
    public @Nullable Integer totalWorkers() {
        return values.totalWorkers;
    }

    /**
     * Returns whether a queue records the stack trace of its opening.
     *
     * @return true if it is recorded
     */
    public boolean leakTrace() {
        return values.leakTrace;
    }

    /**
     * Returns the policy that decides whether a failed task is retried, and after which delay.
     *
     * @return the policy; {@code null} if there are no retries
     */
    public @Nullable TaskRetryPolicy retryPolicy() {
        return values.retries.policy;
    }

    /**
     * Returns the resolver of the wait that a failure asks for.
     *
     * @return the resolver; by default, one for {@link RetryAfter}
     */
    public RetryAfterResolver retryAfterResolver() {
        return values.retries.resolver;
    }

    /**
     * Returns the maximum wait for which a failure holds the name of its queue.
     *
     * @return the maximum wait; zero if failures hold no names
     */
    public Duration maxHold() {
        return values.retries.maxHold;
    }

    /**
     * Returns the rate limits on the starts of tasks.
     *
     * @return the limits; empty if there are none
     */
    public List<RateLimit> rateLimits() {
        return values.rateLimits;
    }

    /**
     * Returns the interceptors of the tasks.
     *
     * @return the interceptors, the outermost first; empty if there are none
     */
    public List<TaskInterceptor> interceptors() {
        return values.interceptors;
    }

    private QueueSettings with(Consumer<Values> change) {
        Values changed = values.copy();
        change.accept(changed);
        return new QueueSettings(changed);
    }

    private static void requireInRange(String setting, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(
                    setting + " must be between 1 and " + Counts.text(max) + ", but was " + Counts.text(value));
        }
    }

    private static void requirePositive(String setting, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new IllegalArgumentException(
                    setting + " must be positive, or null for no limit, but was " + Durations.text(value));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof QueueSettings that && values.byName().equals(that.values.byName());
    }

    @Override
    public int hashCode() {
        return values.byName().hashCode();
    }

    /** Returns the workers, the maxsize and the other settings that differ from the defaults. */
    @Override
    public String toString() {
        Map<String, @Nullable Object> shown = values.byName();
        shown.put("maxsize", maxsize());
        Map<String, @Nullable Object> unchanged = DEFAULTS.values.byName();
        return shown.entrySet().stream()
                .filter(setting -> ALWAYS_SHOWN.contains(setting.getKey())
                        || !Objects.equals(setting.getValue(), unchanged.get(setting.getKey())))
                .map(setting -> setting.getKey() + "=" + text(setting.getValue()))
                .collect(Collectors.joining(", ", "QueueSettings[", "]"));
    }

    private static String text(@Nullable Object value) {
        return value instanceof Duration duration ? Durations.text(duration) : String.valueOf(value);
    }

    /**
     * Settings of retries, in an object of their own to save memory in queues with settings of their own.
     *
     * @param policy the retry policy; null for no retries
     * @param resolver the resolver of waits
     * @param maxHold the maximum wait that holds a name; zero for no holds
     */
    private record Retries(@Nullable TaskRetryPolicy policy, RetryAfterResolver resolver, Duration maxHold) {

        Retries withPolicy(@Nullable TaskRetryPolicy changed) {
            return new Retries(changed, resolver, maxHold);
        }

        Retries withResolver(RetryAfterResolver changed) {
            return new Retries(policy, changed, maxHold);
        }

        Retries withMaxHold(Duration changed) {
            return new Retries(policy, resolver, changed);
        }
    }

    /** Values of the settings. No method changes them after the constructor of {@link QueueSettings}. */
    private static final class Values {

        private int workers = DEFAULT_WORKERS;

        /** Null if the maxsize follows the workers. */
        private @Nullable Integer maxsize;

        private QueueExceptionHandler exceptionHandler = QueueLog::logFailure;

        private AbandonedTaskHandler abandonedTaskHandler = QueueLog::logAbandoned;

        private @Nullable Level logLevel;

        private boolean virtualThreads;

        private @Nullable Duration taskTimeout;

        private @Nullable Duration deadline;

        private boolean failFast;

        private @Nullable Integer totalWorkers;

        private boolean leakTrace;

        private Retries retries = DEFAULT_RETRIES;

        private List<RateLimit> rateLimits = List.of();

        private List<TaskInterceptor> interceptors = List.of();

        Values copy() {
            Values copy = new Values();
            copy.workers = workers;
            copy.maxsize = maxsize;
            copy.exceptionHandler = exceptionHandler;
            copy.abandonedTaskHandler = abandonedTaskHandler;
            copy.logLevel = logLevel;
            copy.virtualThreads = virtualThreads;
            copy.taskTimeout = taskTimeout;
            copy.deadline = deadline;
            copy.failFast = failFast;
            copy.totalWorkers = totalWorkers;
            copy.leakTrace = leakTrace;
            copy.retries = retries;
            copy.rateLimits = rateLimits;
            copy.interceptors = interceptors;
            return copy;
        }

        /** Returns the values by the names of their settings, in a map that the caller may change. */
        Map<String, @Nullable Object> byName() {
            Map<String, @Nullable Object> byName = new LinkedHashMap<>();
            byName.put("workers", workers);
            byName.put("maxsize", maxsize);
            byName.put("exceptionHandler", exceptionHandler);
            byName.put("abandonedTaskHandler", abandonedTaskHandler);
            byName.put("logLevel", logLevel);
            byName.put("virtualThreads", virtualThreads);
            byName.put("taskTimeout", taskTimeout);
            byName.put("deadline", deadline);
            byName.put("failFast", failFast);
            byName.put("totalWorkers", totalWorkers);
            byName.put("leakTrace", leakTrace);
            byName.put("retryPolicy", retries.policy);
            byName.put("retryAfterResolver", retries.resolver);
            byName.put("maxHold", retries.maxHold);
            byName.put("rateLimits", rateLimits);
            byName.put("interceptors", interceptors);
            return byName;
        }
    }
}
