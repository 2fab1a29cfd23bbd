package io.github.workerqueue.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Properties of worker queues. */
@ConfigurationProperties("queue")
class QueueProperties extends QueueInstanceProperties {

    /**
     * Whether to enable the auto-configuration of worker queues.
     */
    private boolean enabled = true;

    /**
     * Whether to reject the opening of a queue whose name has no settings of its own, "default" excepted.
     */
    private boolean strictNames;

    /**
     * Settings of queues by name. What a name does not set is inherited.
     */
    private final Map<String, QueueInstanceProperties> instances = new LinkedHashMap<>();

    private Shutdown shutdown = new Shutdown();

    private Metrics metrics = new Metrics();

    private Stall stall = new Stall();

    private Test test = new Test();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public boolean isStrictNames() {
        return strictNames;
    }

    public void setStrictNames(boolean strictNames) {
        this.strictNames = strictNames;
    }

    public Map<String, QueueInstanceProperties> getInstances() {
        return instances;
    }

    public Shutdown getShutdown() {
        return shutdown;
    }

    public void setShutdown(Shutdown shutdown) {
        this.shutdown = shutdown;
    }

    public Metrics getMetrics() {
        return metrics;
    }

    public void setMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    public Stall getStall() {
        return stall;
    }

    public void setStall(Stall stall) {
        this.stall = stall;
    }

    public Test getTest() {
        return test;
    }

    public void setTest(Test test) {
        this.test = test;
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

    /** Properties of the watch for queues that have stalled. */
    static class Stall {

        /**
         * Time for which all workers of a queue may be busy with the same tasks, and a task may wait, before the queue
         * counts as stalled; 0 for no watch.
         */
        private Duration after = Duration.ZERO;

        /**
         * Status of the health of queues while one is stalled.
         */
        private String healthStatus = "DOWN";

        public Duration getAfter() {
            return after;
        }

        public void setAfter(Duration after) {
            this.after = after;
        }

        public String getHealthStatus() {
            return healthStatus;
        }

        public void setHealthStatus(String healthStatus) {
            this.healthStatus = healthStatus;
        }
    }

    /** Properties that only the test kit reads. */
    static class Test {

        /**
         * Seed of the order in which the tasks of test queues run. They run inside put where it is not set.
         */
        private @Nullable Long seed;

        public @Nullable Long getSeed() {
            return seed;
        }

        public void setSeed(@Nullable Long seed) {
            this.seed = seed;
        }
    }
}
