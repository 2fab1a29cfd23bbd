package io.github.workerqueue.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Properties of worker queues. */
@ConfigurationProperties("queue")
class QueueProperties {

    /**
     * Whether to enable the auto-configuration of worker queues.
     */
    private boolean enabled = true;

    /**
     * Number of tasks that run at once.
     */
    private @Nullable Integer workers;

    /**
     * Number of tasks that may wait before producers are held back. Twice the workers by default.
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
     * Settings of queues by name. What a name does not set is inherited.
     */
    private final Map<String, Instance> instances = new LinkedHashMap<>();

    private final Shutdown shutdown = new Shutdown();

    private final Metrics metrics = new Metrics();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

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

    public Map<String, Instance> getInstances() {
        return instances;
    }

    public Shutdown getShutdown() {
        return shutdown;
    }

    public Metrics getMetrics() {
        return metrics;
    }

    /** Properties of the queues of one name. */
    static class Instance {

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
         * Name of the QueueExceptionHandler bean that gets the failures of tasks.
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

    /** Properties of the end of the application. */
    static class Shutdown {

        /**
         * Time for which the tasks of open queues are waited for when the application stops. What is left then is
         * cancelled.
         */
        private Duration awaitTerminationPeriod = Duration.ofSeconds(20);

        public Duration getAwaitTerminationPeriod() {
            return awaitTerminationPeriod;
        }

        public void setAwaitTerminationPeriod(Duration awaitTerminationPeriod) {
            this.awaitTerminationPeriod = awaitTerminationPeriod;
        }
    }

    /** Properties of the meters. */
    static class Metrics {

        /**
         * Number of queue names without settings of their own that get a series of meters each. Further names share one
         * named "other".
         */
        private int maxNames = 100;

        public int getMaxNames() {
            return maxNames;
        }

        public void setMaxNames(int maxNames) {
            this.maxNames = maxNames;
        }
    }
}
