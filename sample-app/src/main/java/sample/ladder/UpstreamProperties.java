package sample.ladder;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The league API that the sample asks.
 *
 * @param baseUrl Address of the API; empty for the one embedded in this application.
 * @param apiKey Key that is sent in the header X-Riot-Token.
 * @param latency Mean time that the embedded API takes to answer, in whole milliseconds.
 * @param jitter Largest deviation from that mean, in whole milliseconds.
 * @param failureShare Share of summoners and matches for which the embedded API answers with status 503.
 * @param seed Seed that picks those summoners and matches.
 */
@ConfigurationProperties("sample.upstream")
public record UpstreamProperties(
        @DefaultValue("") String baseUrl,
        @DefaultValue("embedded") String apiKey,
        @DefaultValue("20ms") Duration latency,
        @DefaultValue("5ms") Duration jitter,
        @DefaultValue("0.02") double failureShare,
        @DefaultValue("1") long seed) {

    public boolean embedded() {
        return baseUrl.isEmpty();
    }
}
