package io.github.workerqueue;

import java.time.Duration;
import java.util.Objects;

/** Durations as the engine counts them. */
final class Durations {

    private Durations() {}

    /** The nanoseconds; beyond {@code Long.MAX_VALUE} of them for ever. */
    static long nanos(Duration duration) {
        Objects.requireNonNull(duration, "The duration is null: Duration.ZERO does not wait");
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

    /** A duration as people write it: 217 ms, 3 s, 1.5 s, 5 min, 1 min 30 s. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 59_950) {
            long tenths = (millis + 50) / 100;
            return tenths % 10 == 0 ? tenths / 10 + " s" : tenths / 10 + "." + tenths % 10 + " s";
        }
        long seconds = (millis + 500) / 1_000;
        return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
    }

    /** The nanoseconds of a delay, which is not negative. */
    static long nanosOfDelay(Duration delay) {
        long nanos = nanos(delay);
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay is " + delay + ", allowed is zero or more");
        }
        return nanos;
    }
}
