package io.github.workerqueue.health;

import io.github.workerqueue.event.StallWatchdog;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} that is up while no queue has stalled. Its details name the stalled queues and describe the
 * problems, as seen in the last check of the watchdog. A health check costs almost nothing and does not block.
 *
 * @since 0.1
 */
public class QueueHealthIndicator extends AbstractHealthIndicator {

    private final StallWatchdog watchdog;

    private final Status whenStalled;

    /**
     * Creates an indicator.
     *
     * @param watchdog the watchdog that detects stalled queues
     * @param whenStalled the status while a queue has stalled
     */
    public QueueHealthIndicator(StallWatchdog watchdog, Status whenStalled) {
        this.watchdog = Objects.requireNonNull(watchdog, "watchdog must not be null");
        this.whenStalled = Objects.requireNonNull(whenStalled, "whenStalled must not be null");
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Map<String, String> stalled = watchdog.stalled();
        if (stalled.isEmpty()) {
            builder.up();
        } else {
            builder.status(whenStalled).withDetail("stalled", stalled);
        }
    }
}
