package io.github.workerqueue;

import java.time.Duration;

/** Durations as the engine counts them. */
final class Durations {

    private Durations() {}

    /** The nanoseconds; beyond {@code Long.MAX_VALUE} of them for ever. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException ex) {
            return duration.isNegative() ? 0 : Engine.FOREVER;
        }
    }

    /** The time between two readings of the clock. */
    static Duration between(long start, long end) {
        return Duration.ofNanos(Math.max(0, end - start));
    }

    /** The nanoseconds of a delay, which is not negative. */
    static long nanosOfDelay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay is " + delay + ", allowed is zero or more");
        }
        return nanos(delay);
    }
}
