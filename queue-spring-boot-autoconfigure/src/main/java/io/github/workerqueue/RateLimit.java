package io.github.workerqueue;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Maximum number of starts of tasks in a period. The limit holds in any period of this length, not only in those that
 * begin at a full second or minute:
 *
 * <pre>{@code
 * settings.withRateLimits(List.of(RateLimit.valueOf("20/1s"), new RateLimit(100, Duration.ofMinutes(2))));
 * }</pre>
 *
 * @param permits the number of starts, from 1 to 1,000,000
 * @param per the length of the period, which must be positive
 * @see QueueSettings#withRateLimits
 * @since 0.1
 */
public record RateLimit(int permits, Duration per) {

    /** Maximum number of permits: {@value}. */
    public static final int MAX_PERMITS = 1_000_000;

    private static final Pattern SHORT_FORM =
            Pattern.compile("(\\d{1,9})\\s*/\\s*(\\d{0,12})\\s*(ns|us|ms|s|m|h|d)", Pattern.CASE_INSENSITIVE);

    /**
     * Creates a rate limit.
     *
     * @param permits the number of starts
     * @param per the length of the period
     * @throws IllegalArgumentException if one of the arguments is out of range
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
     * Returns the rate limit that a text in the short form describes. The short form consists of the permits, a slash
     * and the period with its unit, such as {@code 20/1s}, {@code 20/s} or {@code 100/2m}. The units are ns, us, ms, s,
     * m, h and d, in upper or lower case. Spaces around the numbers are ignored.
     *
     * @param text the short form of one rate limit
     * @return the rate limit
     * @throws IllegalArgumentException if the text is not in the short form, or a number is out of range
     */
    public static RateLimit valueOf(String text) {
        Matcher matcher = SHORT_FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("A rate limit must be permits and a period with a unit, such as 20/1s, "
                    + "20/s or 100/2m, but was '" + Names.printable(text) + "'");
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
