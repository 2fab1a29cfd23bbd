package sample.demo;

import io.github.workerqueue.RateLimit;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.boot.convert.DurationStyle;

/** Texts of numbers, durations and rate limits. */
final class Text {

    private Text() {}

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String duration(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        if (seconds < 1) {
            return duration.toMillis() + " ms";
        }
        return seconds < 120
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : String.format(Locale.ROOT, "%.1f min", seconds / 60);
    }

    static String rateLimits(List<RateLimit> limits) {
        return limits.stream()
                .map(limit -> String.format(Locale.ROOT, "%,d starts per %s", limit.permits(), whole(limit.per())))
                .collect(Collectors.joining(" and "));
    }

    /** Returns the short form that properties have, such as {@code 20/1s, 100/2m}, or {@code none}. */
    static String shortForm(List<RateLimit> limits) {
        return limits.isEmpty()
                ? "none"
                : limits.stream()
                        .map(limit ->
                                limit.permits() + "/" + DurationStyle.SIMPLE.print(limit.per(), unit(limit.per())))
                        .collect(Collectors.joining(", "));
    }

    private static ChronoUnit unit(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return ChronoUnit.MILLIS;
        }
        return duration.toSeconds() % 60 == 0 ? ChronoUnit.MINUTES : ChronoUnit.SECONDS;
    }

    private static String whole(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
