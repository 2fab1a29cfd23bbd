package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.workerqueue.RateLimit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import tools.jackson.databind.json.JsonMapper;

/** Tests for the form of a run when the API is not the embedded one. */
@SpringBootTest(properties = {"sample.job=none", "sample.upstream.embedded=false", "queue.instances.riot.workers=200"})
@Timeout(60)
class RunFormTests {

    @Autowired
    private RunForm form;

    private final JsonMapper json = new JsonMapper();

    @Test
    void onlyLadderWithoutUpstreamSettingsIsOffered() {
        assertThat(form.rules()).singleElement().satisfies(rules -> {
            assertThat(rules.defaults().job()).isEqualTo("ladder");
            assertThat(rules.defaults().latency()).isNull();
            assertThat(rules.maxLatency()).isNull();
            assertThat(rules.maxItems()).isNull();
        });
    }

    @Test
    void settingsOfUpstreamAreRejected() {
        assertThatExceptionOfType(InvalidRunException.class)
                .isThrownBy(() -> form.parse(
                        json.readTree("{\"job\": \"matches\", \"latency\": 5, \"failureShare\": 0.5, \"items\": 3}")))
                .satisfies(ex -> assertThat(ex.violations())
                        .extracting(InvalidRunException.Violation::field)
                        .containsExactly("job", "failureShare", "latency", "items"));
    }

    @Test
    void missingFieldsHaveValuesOfPropertiesEvenBeyondMaximum() {
        RunSettings settings = form.parse(json.readTree("{}"));

        assertThat(settings.workers()).isEqualTo(200);
        assertThat(settings.maxsize()).isEqualTo(50);
        assertThat(settings.rateLimits()).isEqualTo(List.of(new RateLimit(50, Duration.ofSeconds(1))));
        assertThat(form.rules().get(0).maxWorkers()).isEqualTo(200);
    }
}
