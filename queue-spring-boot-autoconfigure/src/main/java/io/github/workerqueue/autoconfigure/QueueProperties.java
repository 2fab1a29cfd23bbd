package io.github.workerqueue.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Properties of worker queues. */
@ConfigurationProperties("queue")
class QueueProperties extends QueueInstanceProperties {

    /** Whether to enable the auto-configuration of worker queues. */
    private boolean enabled = true;

    /** Whether to reject queues whose name is neither configured under "queue.instances" nor "default". */
    private boolean strictNames;

    /** Settings by queue name. A name inherits every setting that it does not override. */
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

    /** Properties of the graceful shutdown. */
    static class Shutdown {

        /** Maximum time to wait for open queues to drain on shutdown. Remaining tasks are cancelled. */
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
         * Maximum number of queue names outside "queue.instances" that have meters of their own. Further names share
         * the meters named "other".
         */
        private int maxNames = 100;

        public int getMaxNames() {
            return maxNames;
        }

        public void setMaxNames(int maxNames) {
            this.maxNames = maxNames;
        }
    }

    /** Properties of stall detection. */
    static class Stall {

        /**
         * Time after which a queue counts as stalled, if all of its workers were busy with the same tasks or a task
         * waited. Zero disables stall detection.
         */
        private Duration after = Duration.ZERO;

        /** Health status while a queue is stalled. */
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

    /** Properties of the test kit. */
    static class Test {

        /** Seed of the order in which the test kit runs tasks. Unless set, tasks run inside their put. */
        private @Nullable Long seed;

        public @Nullable Long getSeed() {
            return seed;
        }

        public void setSeed(@Nullable Long seed) {
            this.seed = seed;
        }
    }
}
