package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.RateLimit;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Properties of the queues of one name; what is not set is inherited. */
class QueueInstanceProperties {

    /**
     * Number of tasks that run at once.
     */
    private @Nullable Integer workers;

    /**
     * Number of tasks that may wait before producers are held back. Twice the workers where no level sets it.
     */
    private @Nullable Integer maxsize;

    /**
     * Level of the lifecycle lines of queues.
     */
    private @Nullable String logLevel;

    /**
     * Name of the QueueExceptionHandler bean that gets the failures of tasks. By default the only such bean, or one that
     * logs at WARN.
     */
    private @Nullable String exceptionHandler;

    /**
     * How long one task may run before it is interrupted; 0 for no limit.
     */
    private @Nullable Duration taskTimeout;

    /**
     * How long a round may take, from its first put to its join; 0 for no limit.
     */
    private @Nullable Duration deadline;

    /**
     * Whether the first failure cancels the rest of a round.
     */
    private @Nullable Boolean failFast;

    /**
     * Number of tasks that run at once in all open queues of the same name together; 0 for no limit.
     */
    private @Nullable Integer totalWorkers;

    /**
     * Whether a queue remembers the stack of its opening, to be logged if it is lost without a close.
     */
    private @Nullable Boolean leakTrace;

    /**
     * Whether tasks have the context of the thread that puts them: MDC, observation, security context, and whatever else
     * has a ThreadLocalAccessor.
     */
    private @Nullable Boolean propagateContext;

    /**
     * Limits of how often tasks start, over all open queues of the same name; all of them hold at once.
     */
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

    public @Nullable String getLogLevel() {
        return logLevel;
    }

    public void setLogLevel(@Nullable String logLevel) {
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

    /** A limit of how often tasks start. */
    static class Rate {

        /**
         * Number of tasks that may start in each period.
         */
        private @Nullable Integer permits;

        /**
         * Length of the period.
         */
        private @Nullable Duration per;

        /** The value 0 in place of a list: no limit, if one is inherited. */
        static final Rate NONE = new Rate();

        /** Returns the limit that its short form describes; Spring calls this method to convert a text. */
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

    /** Properties of what happens to tasks that failed. */
    static class Retry {

        /**
         * Number of times that a task which failed runs again; 0 for never.
         */
        private @Nullable Integer maxRetries;

        /**
         * How long a task waits before it runs again for the first time.
         */
        private @Nullable Duration delay;

        /**
         * By what the delay grows from one retry to the next.
         */
        private @Nullable Double multiplier;

        /**
         * Longest delay.
         */
        private @Nullable Duration maxDelay;

        /**
         * By how much a delay may differ at random.
         */
        private @Nullable Duration jitter;

        /**
         * Exceptions after which a task runs again, their causes included. By default all but errors and interrupts.
         */
        private @Nullable List<Class<? extends Throwable>> includes;

        /**
         * Exceptions after which a task does not run again, their causes included.
         */
        private @Nullable List<Class<? extends Throwable>> excludes;

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
    }
}
