package sample.demo.upstream;

import java.time.Duration;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the league API.
 *
 * @param embedded Whether the API is the one embedded in this application, instead of that of the base URL.
 * @param latency Mean response time of the embedded API, in whole milliseconds.
 * @param jitter Maximum deviation from the mean response time, in whole milliseconds.
 * @param flakyShare Share of summoners for which the embedded API fails at every other request.
 * @param failureShare Share of summoners and matches for which the embedded API always fails.
 * @param seed Seed that selects these summoners and matches.
 */
@ConfigurationProperties("sample.upstream")
public record UpstreamProperties(
        @DefaultValue("true") boolean embedded,
        @DefaultValue("300ms") Duration latency,
        @DefaultValue("100ms") Duration jitter,
        @DefaultValue("0.1") double flakyShare,
        @DefaultValue("0.01") double failureShare,
        @DefaultValue("1") long seed) {

    /** Creates the properties. Throws an exception that names the property and the rule if a value is out of range. */
    public UpstreamProperties {
        requireTime("latency", latency);
        requireTime("jitter", jitter);
        requireShare("flaky-share", flakyShare);
        requireShare("failure-share", failureShare);
    }

    private static void requireTime(String key, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "sample.upstream.%s must not be negative, but was %,d ms", key, time.toMillis()));
        }
    }

    private static void requireShare(String key, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("sample.upstream." + key + " must be between 0 and 1, but was " + share);
        }
    }
}
