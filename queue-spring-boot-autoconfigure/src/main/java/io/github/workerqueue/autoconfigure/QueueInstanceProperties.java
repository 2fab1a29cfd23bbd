package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.RateLimit;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Properties of the queues of one name. A name inherits every property that it does not set. */
class QueueInstanceProperties {

    /** Maximum number of tasks that run concurrently in one queue. */
    private @Nullable Integer workers;

    /**
     * Maximum number of waiting tasks. A full queue blocks its producers. Twice the number of workers unless set at any
     * level.
     */
    private @Nullable Integer maxsize;

    /** Level at which a queue logs the start and the end of its workers. */
    private @Nullable LogLevel logLevel;

    /**
     * Name of the QueueExceptionHandler bean that receives the failures of tasks. Unless set, the only or primary such
     * bean receives them; without one, they are logged at WARN.
     */
    private @Nullable String exceptionHandler;

    /** Maximum duration of one attempt of a task, after which the task is interrupted. Zero means no limit. */
    private @Nullable Duration taskTimeout;

    /** Maximum duration of a round, from its first put to its join. Zero means no limit. */
    private @Nullable Duration deadline;

    /** Whether the first failure cancels the unfinished tasks of the round. */
    private @Nullable Boolean failFast;

    /** Maximum number of tasks that run concurrently in all open queues of a name together. Zero means no limit. */
    private @Nullable Integer totalWorkers;

    /** Whether a queue records the stack trace of its opening, for the warning about a queue that was never closed. */
    private @Nullable Boolean leakTrace;

    /**
     * Whether to propagate the context of the producer to its tasks: the MDC, the current observation, the security
     * context, and every other value with a ThreadLocalAccessor.
     */
    private @Nullable Boolean propagateContext;

    /** Maximum numbers of task starts per period, over all open queues of a name. Zero means no limit. */
    private @Nullable List<Rate> rateLimits;

    private Retry retry = new Retry();

    public @Nullable Integer getWorkers() {
        return workers;
    }

    public void setWorkers(@Nullable Integer workers) {
        this.workers = workers;
    }

    public @Nullable Integer getMaxsize() {
        return maxsize;
    }

    public void setMaxsize(@Nullable Integer maxsize) {
        this.maxsize = maxsize;
    }

    public @Nullable LogLevel getLogLevel() {
        return logLevel;
    }

    public void setLogLevel(@Nullable LogLevel logLevel) {
        this.logLevel = logLevel;
    }

    public @Nullable String getExceptionHandler() {
        return exceptionHandler;
    }

    public void setExceptionHandler(@Nullable String exceptionHandler) {
        this.exceptionHandler = exceptionHandler;
    }

    public @Nullable Duration getTaskTimeout() {
        return taskTimeout;
    }

    public void setTaskTimeout(@Nullable Duration taskTimeout) {
        this.taskTimeout = taskTimeout;
    }

    public @Nullable Duration getDeadline() {
        return deadline;
    }

    public void setDeadline(@Nullable Duration deadline) {
        this.deadline = deadline;
    }

    public @Nullable Boolean getFailFast() {
        return failFast;
    }

    public void setFailFast(@Nullable Boolean failFast) {
        this.failFast = failFast;
    }

    public @Nullable Integer getTotalWorkers() {
        return totalWorkers;
    }

    public void setTotalWorkers(@Nullable Integer totalWorkers) {
        this.totalWorkers = totalWorkers;
    }

    public @Nullable Boolean getLeakTrace() {
        return leakTrace;
    }

    public void setLeakTrace(@Nullable Boolean leakTrace) {
        this.leakTrace = leakTrace;
    }

    public @Nullable Boolean getPropagateContext() {
        return propagateContext;
    }

    public void setPropagateContext(@Nullable Boolean propagateContext) {
        this.propagateContext = propagateContext;
    }

    public @Nullable List<Rate> getRateLimits() {
        return rateLimits;
    }

    public void setRateLimits(@Nullable List<Rate> rateLimits) {
        this.rateLimits = rateLimits;
    }

    public Retry getRetry() {
        return retry;
    }

    public void setRetry(Retry retry) {
        this.retry = retry;
    }

    /** Level of the lifecycle lines. Spring Boot converts the bare {@code off} of YAML, a boolean, to {@link #OFF}. */
    enum LogLevel {

        /** No lifecycle lines. */
        OFF(null),

        /** Lifecycle lines at level TRACE. */
        TRACE(Level.TRACE),

        /** Lifecycle lines at level DEBUG. */
        DEBUG(Level.DEBUG),

        /** Lifecycle lines at level INFO. */
        INFO(Level.INFO),

        /** Lifecycle lines at level WARN. */
        WARN(Level.WARN),

        /** Lifecycle lines at level ERROR. */
        ERROR(Level.ERROR);

        private final @Nullable Level level;

        LogLevel(@Nullable Level level) {
            this.level = level;
        }

        @Nullable
        Level level() {
            return level;
        }
    }

    /** Properties of one rate limit. */
    static class Rate {

        /** Maximum number of task starts in any period of the given length. */
        private @Nullable Integer permits;

        /** Length of the period. */
        private @Nullable Duration per;

        /** Value 0 in place of a list, which switches inherited limits off. */
        static final Rate NONE = new Rate();

        /** Converts the short form of a limit; Spring finds this method by its name. */
        public static Rate of(String text) {
            if (text.strip().equals("0")) {
                return NONE;
            }
            RateLimit limit = RateLimit.valueOf(text);
            Rate rate = new Rate();
            rate.permits = limit.permits();
            rate.per = limit.per();
            return rate;
        }

        public @Nullable Integer getPermits() {
            return permits;
        }

        public void setPermits(@Nullable Integer permits) {
            this.permits = permits;
        }

        public @Nullable Duration getPer() {
            return per;
        }

        public void setPer(@Nullable Duration per) {
            this.per = per;
        }
    }

    /** Queues that a failure with a Retry-After header delays. */
    enum Hold {
        /** All queues of the name. */
        NAME,
        /** The failed task only. */
        TASK
    }

    /** Properties of retries. */
    static class Retry {

        /** Maximum number of retries of a failed task. Zero means no retry. */
        private @Nullable Integer maxRetries;

        /** Delay before the first retry. */
        private @Nullable Duration delay;

        /** Multiplier applied to the delay after each retry. */
        private @Nullable Double multiplier;

        /** Maximum delay before a retry. */
        private @Nullable Duration maxDelay;

        /** Maximum random deviation from the delay. The multiplier applies to it as well. */
        private @Nullable Duration jitter;

        /**
         * Types of exceptions for which a task is retried, also as the cause of another exception. When empty, all
         * types except Error and InterruptedException.
         */
        private @Nullable List<Class<? extends Throwable>> includes;

        /** Types of exceptions for which a task is not retried, also as the cause of another exception. */
        private @Nullable List<Class<? extends Throwable>> excludes;

        /** Tasks that wait when a server asks for a later retry: all tasks of the name, or the failed task. */
        private @Nullable Hold hold;

        /** Maximum wait for which a server can hold a name. A failure with a longer wait is one like any other. */
        private @Nullable Duration maxHold;

        public @Nullable Integer getMaxRetries() {
            return maxRetries;
        }

        public void setMaxRetries(@Nullable Integer maxRetries) {
            this.maxRetries = maxRetries;
        }

        public @Nullable Duration getDelay() {
            return delay;
        }

        public void setDelay(@Nullable Duration delay) {
            this.delay = delay;
        }

        public @Nullable Double getMultiplier() {
            return multiplier;
        }

        public void setMultiplier(@Nullable Double multiplier) {
            this.multiplier = multiplier;
        }

        public @Nullable Duration getMaxDelay() {
            return maxDelay;
        }

        public void setMaxDelay(@Nullable Duration maxDelay) {
            this.maxDelay = maxDelay;
        }

        public @Nullable Duration getJitter() {
            return jitter;
        }

        public void setJitter(@Nullable Duration jitter) {
            this.jitter = jitter;
        }

        public @Nullable List<Class<? extends Throwable>> getIncludes() {
            return includes;
        }

        public void setIncludes(@Nullable List<Class<? extends Throwable>> includes) {
            this.includes = includes;
        }

        public @Nullable List<Class<? extends Throwable>> getExcludes() {
            return excludes;
        }

        public void setExcludes(@Nullable List<Class<? extends Throwable>> excludes) {
            this.excludes = excludes;
        }

        public @Nullable Hold getHold() {
            return hold;
        }

        public void setHold(@Nullable Hold hold) {
            this.hold = hold;
        }

        public @Nullable Duration getMaxHold() {
            return maxHold;
        }

        public void setMaxHold(@Nullable Duration maxHold) {
            this.maxHold = maxHold;
        }
    }
}
