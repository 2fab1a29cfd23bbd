package io.github.workerqueue;

import java.time.Duration;
import java.util.Objects;

/**
 * How many tasks may start in a period: in any period of that length, not only in those of a calendar.
 *
 * @param permits how many tasks, 1 to 1,000,000
 * @param per the length of the period, more than zero
 */
public record RateLimit(int permits, Duration per) {

    /** The highest number of permits: {@value}. */
    public static final int MAX_PERMITS = 1_000_000;

    /**
     * Creates the limit.
     *
     * @param permits how many tasks
     * @param per the length of the period
     * @throws IllegalArgumentException if one of them is out of range
     */
    public RateLimit {
        Objects.requireNonNull(per, "per");
        if (permits < 1 || permits > MAX_PERMITS) {
            throw new IllegalArgumentException("permits is " + permits + ", allowed is 1 to " + MAX_PERMITS);
        }
        if (per.isNegative() || per.isZero()) {
            throw new IllegalArgumentException("per is " + per + ", allowed is more than zero");
        }
    }
}
