package io.github.workerqueue.autoconfigure;

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
}
