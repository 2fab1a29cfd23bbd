package io.github.workerqueue.health;

import io.github.workerqueue.event.StallWatchdog;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} that is up while no queue has stalled. Its details say which queues have, and what is wrong with
 * them, as seen when the watchdog last looked; asking it costs nothing.
 */
public class QueueHealthIndicator extends AbstractHealthIndicator {

    private final StallWatchdog watchdog;

    private final Status whenStalled;

    /**
     * Makes an indicator.
     *
     * @param watchdog what watches the queues
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
