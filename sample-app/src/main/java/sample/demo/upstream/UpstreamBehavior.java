package sample.demo.upstream;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.stereotype.Component;

/** Behavior of the embedded API: that of the properties, unless a run changes it. Thread-safe. */
@Component
public class UpstreamBehavior {

    private final UpstreamProperties configured;

    private volatile Behavior current;

    UpstreamBehavior(UpstreamProperties configured) {
        this.configured = configured;
        this.current = configured();
    }

    /**
     * Changes the behavior until the next change or reset.
     *
     * @param latency mean response time; the jitter keeps its proportion to it
     * @param failureShare share of summoners and matches for which the API always fails
     * @param summoners maximum number of summoners in the ladder
     */
    public void change(Duration latency, double failureShare, int summoners) {
        long millis = latency.toMillis();
        long configuredMillis = configured.latency().toMillis();
        long jitter = configuredMillis == 0 ? 0 : configured.jitter().toMillis() * millis / configuredMillis;
        current = new Behavior(millis, jitter, new FailureShare(failureShare, configured.seed()), summoners);
    }

    /** Restores the behavior of the properties. */
    public void reset() {
        current = configured();
    }

    private Behavior configured() {
        return new Behavior(
                configured.latency().toMillis(),
                configured.jitter().toMillis(),
                new FailureShare(configured.failureShare(), configured.seed()),
                Integer.MAX_VALUE);
    }

    /** Returns the response time of the next request. */
    long nextMillis() {
        Behavior behavior = current;
        long deviation = ThreadLocalRandom.current().nextLong(-behavior.jitter, behavior.jitter + 1);
        return Math.max(0, behavior.latency + deviation);
    }

    boolean fails(String id) {
        return current.failing.hits(id);
    }

    /** Returns the maximum number of summoners in the ladder. */
    int summoners() {
        return current.summoners;
    }

    private record Behavior(long latency, long jitter, FailureShare failing, int summoners) {}
}
