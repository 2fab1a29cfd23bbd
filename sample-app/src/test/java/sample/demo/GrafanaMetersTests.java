package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.client.RestClient;

/** Tests for the meters of the dashboard and the alerts, which are compared with a scrape after a job. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.profiles.active=fast",
            "management.metrics.distribution.percentiles-histogram.queue.tasks=true",
            "management.metrics.distribution.percentiles-histogram.queue.wait=true"
        })
@AutoConfigureMetrics
@Timeout(60)
class GrafanaMetersTests {

    private static final Path DOCS = Path.of("../queue-spring-boot-starter/docs/grafana");

    @LocalServerPort
    private int port;

    @ParameterizedTest
    @ValueSource(strings = {"dashboard.json", "alerts.yaml"})
    void scrapeHasMetersAndTags(String file) throws IOException {
        String text = Files.readString(DOCS.resolve(file));
        Set<String> meters = find("\\b(queue_[a-z_]+)\\b", text);
        Set<String> tags = find("(\\w+)(?:=~|!=|=)\\\\?\"", text);
        find("by \\(([^)]+)\\)", text).forEach(list -> tags.addAll(Set.of(list.split(", "))));
        tags.removeAll(Set.of("job", "instance")); // which Prometheus adds

        String scrape = Objects.requireNonNull(RestClient.create("http://localhost:" + port)
                .get()
                .uri("/actuator/prometheus")
                .retrieve()
                .body(String.class));

        assertThat(meters).hasSizeGreaterThan(4).isSubsetOf(find("(?m)^(queue_\\w+)\\{", scrape));
        assertThat(tags).contains("outcome").isSubsetOf(find("[{,](\\w+)=\"", scrape));
    }

    private static Set<String> find(String pattern, String text) {
        Set<String> found = new TreeSet<>();
        Pattern.compile(pattern).matcher(text).results().forEach(match -> found.add(match.group(1)));
        return found;
    }
}
