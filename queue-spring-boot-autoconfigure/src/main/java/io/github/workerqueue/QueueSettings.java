package io.github.workerqueue;

import java.util.Objects;
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

    private static final QueueSettings DEFAULTS =
            new QueueSettings(DEFAULT_WORKERS, null, LoggingExceptionHandler.INSTANCE, null, false);

    private final int workers;

    private final @Nullable Integer maxsize;

    private final QueueExceptionHandler exceptionHandler;

    private final @Nullable Level logLevel;

    private final boolean virtualThreads;

    private QueueSettings(
            int workers,
            @Nullable Integer maxsize,
            QueueExceptionHandler exceptionHandler,
            @Nullable Level logLevel,
            boolean virtualThreads) {
        this.workers = workers;
        this.maxsize = maxsize;
        this.exceptionHandler = exceptionHandler;
        this.logLevel = logLevel;
        this.virtualThreads = virtualThreads;
    }

    /**
     * The settings to start from.
     *
     * @return 25 workers, a maxsize of 50, no lifecycle logging, failures logged at WARN, platform threads
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
        requireInRange("workers", workers, MAX_WORKERS);
        return new QueueSettings(workers, maxsize, exceptionHandler, logLevel, virtualThreads);
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
        requireInRange("maxsize", maxsize, MAX_MAXSIZE);
        return new QueueSettings(workers, maxsize, exceptionHandler, logLevel, virtualThreads);
    }

    /**
     * Sets where the failures of tasks go.
     *
     * @param handler the handler, called on the threads of the queue
     * @return the changed copy
     */
    public QueueSettings withExceptionHandler(QueueExceptionHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return new QueueSettings(workers, maxsize, handler, logLevel, virtualThreads);
    }

    /**
     * Sets the level at which a queue logs its own life cycle (spawned and joined workers). What goes wrong is logged
     * apart from this.
     *
     * @param level the level; null switches these lines off
     * @return the changed copy
     */
    public QueueSettings withLogLevel(@Nullable Level level) {
        return new QueueSettings(workers, maxsize, exceptionHandler, level, virtualThreads);
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
            throw new IllegalArgumentException(
                    "virtualThreads is true, but virtual threads need Java 21 or later; this is " + "Java "
                            + Runtime.version().feature() + ", where only false is allowed");
        }
        return new QueueSettings(workers, maxsize, exceptionHandler, logLevel, virtual);
    }

    /**
     * How many tasks run at once.
     *
     * @return 1 or more
     */
    public int workers() {
        return workers;
    }

    /**
     * How many tasks may wait.
     *
     * @return the number that was set, else twice the workers
     */
    public int maxsize() {
        return maxsize == null ? workers * 2 : maxsize;
    }

    /**
     * Where the failures of tasks go.
     *
     * @return the handler
     */
    public QueueExceptionHandler exceptionHandler() {
        return exceptionHandler;
    }

    /**
     * The level of the lifecycle lines.
     *
     * @return the level; null if they are off
     */
    public @Nullable Level logLevel() {
        return logLevel;
    }

    /**
     * Whether tasks run on virtual threads.
     *
     * @return true for virtual threads, false for platform threads
     */
    public boolean virtualThreads() {
        return virtualThreads;
    }

    private static void requireInRange(String setting, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(setting + " is " + value + ", allowed is 1 to " + max);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof QueueSettings that
                && workers == that.workers
                && Objects.equals(maxsize, that.maxsize)
                && exceptionHandler.equals(that.exceptionHandler)
                && logLevel == that.logLevel
                && virtualThreads == that.virtualThreads;
    }

    @Override
    public int hashCode() {
        return Objects.hash(workers, maxsize, exceptionHandler, logLevel, virtualThreads);
    }

    @Override
    public String toString() {
        return "QueueSettings[workers=" + workers + ", maxsize=" + maxsize() + ", exceptionHandler=" + exceptionHandler
                + ", logLevel=" + (logLevel == null ? "off" : logLevel) + ", virtualThreads=" + virtualThreads + "]";
    }
}
