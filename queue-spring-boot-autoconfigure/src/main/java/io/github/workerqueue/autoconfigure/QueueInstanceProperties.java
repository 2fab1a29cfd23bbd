package io.github.workerqueue.autoconfigure;

import java.time.Duration;
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
}
