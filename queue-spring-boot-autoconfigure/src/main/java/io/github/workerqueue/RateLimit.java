package io.github.workerqueue;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many tasks may start in a period: in any period of that length, not only in those of a calendar.
 *
 * @param permits how many tasks, 1 to 1,000,000
 * @param per the length of the period, more than zero
 */
public record RateLimit(int permits, Duration per) {

    /** The highest number of permits: {@value}. */
    public static final int MAX_PERMITS = 1_000_000;

    private static final Pattern SHORT_FORM =
            Pattern.compile("(\\d{1,9})\\s*/\\s*(\\d{0,12})\\s*(ns|us|ms|s|m|h|d)", Pattern.CASE_INSENSITIVE);

    /**
     * Creates the limit.
     *
     * @param permits how many tasks
     * @param per the length of the period
     * @throws IllegalArgumentException if one of them is out of range
     */
    public RateLimit {
        Objects.requireNonNull(per, "per must not be null");
        if (permits < 1 || permits > MAX_PERMITS) {
            throw new IllegalArgumentException(
                    "permits must be between 1 and " + Counts.text(MAX_PERMITS) + ", but was " + Counts.text(permits));
        }
        if (per.isNegative() || per.isZero()) {
            throw new IllegalArgumentException("per must be positive, but was " + Durations.text(per));
        }
    }

    /**
     * Returns the limit that a text in the short form describes: the permits, a slash and the period with its unit, such
     * as {@code 20/1s}, {@code 20/s} or {@code 100/2m}. The units are ns, us, ms, s, m, h and d, in upper or lower case.
     * Spaces around the numbers are ignored.
     *
     * @param text the short form of one limit
     * @return the limit
     * @throws IllegalArgumentException if the text is not in the short form, or a number is out of range
     */
    public static RateLimit valueOf(String text) {
        Matcher matcher = SHORT_FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("A rate limit must be permits and a period with a unit, such as 20/1s, "
                    + "20/s or 100/2m, but was '" + Names.shown(text) + "'");
        }
        return new RateLimit(
                Integer.parseInt(matcher.group(1)),
                period(matcher.group(2), matcher.group(3).toLowerCase(Locale.ROOT)));
    }

    private static Duration period(String text, String unit) {
        long amount = text.isEmpty() ? 1 : Long.parseLong(text);
        return switch (unit) {
            case "ns" -> Duration.ofNanos(amount);
            case "us" -> Duration.ofNanos(1_000).multipliedBy(amount);
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    @Override
    public String toString() {
        return "RateLimit[permits=" + permits + ", per=" + Durations.text(per) + "]";
    }
}
