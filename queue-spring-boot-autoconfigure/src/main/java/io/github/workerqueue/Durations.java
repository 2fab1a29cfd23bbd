package io.github.workerqueue;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Objects;

/** Conversion of durations to nanoseconds and to text in messages. */
final class Durations {

    /** Time limit that never ends. */
    static final long FOREVER = Long.MAX_VALUE;

    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final Duration MAX = Duration.ofSeconds(Long.MAX_VALUE);

    private static final Duration MIN = Duration.ofSeconds(Long.MIN_VALUE);

    private Durations() {}

    /** Returns the nanoseconds of a duration: on overflow, {@link #FOREVER}, or 0 if the duration is negative. */
    static long nanos(Duration duration) {
        Objects.requireNonNull(duration, "duration must not be null; Duration.ZERO does not wait");
        try {
            return duration.toNanos();
        } catch (ArithmeticException ex) {
            return duration.isNegative() ? 0 : FOREVER;
        }
    }

    /** Returns the time between two readings of the clock. */
    static Duration between(long start, long end) {
        return Duration.ofNanos(Math.max(0, end - start));
    }

    /** Returns a readable text of a duration, exact to the millisecond: 217 ms, 3 s, 1.25 s, 5 min, 1 min 30 s. */
    static String text(Duration duration) {
        if (duration.isNegative()) {
            return "-" + text(duration.equals(MIN) ? MAX : duration.negated());
        }
        if (duration.compareTo(MILLISECOND) < 0) {
            return decimal(duration.toNanos(), 6) + " ms";
        }
        if (duration.compareTo(SECOND) < 0) {
            return duration.toMillis() + " ms";
        }
        long minutes = duration.toMinutes();
        String seconds = decimal(duration.toSecondsPart() * 1_000L + duration.toMillisPart(), 3) + " s";
        return minutes == 0 ? seconds : Counts.text(minutes) + " min" + (seconds.equals("0 s") ? "" : " " + seconds);
    }

    /** Returns the text of a measured duration, rounded to tenths of a second, or to milliseconds below one second. */
    static String roundedText(Duration duration) {
        long unit = duration.compareTo(SECOND) < 0 ? MILLISECOND.toNanos() : 100 * MILLISECOND.toNanos();
        return text(Duration.ofNanos((nanos(duration) + unit / 2) / unit * unit));
    }

    private static String decimal(long unscaled, int scale) {
        return BigDecimal.valueOf(unscaled, scale).stripTrailingZeros().toPlainString();
    }

    /** Returns the nanoseconds of a delay, which must not be negative. */
    static long nanosOfDelay(Duration delay) {
        long nanos = nanos(delay);
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must be zero or positive, but was " + text(delay));
        }
        return nanos;
    }
}
