package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.metrics.QueueMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What an IDE offers while somebody writes an {@code application.yml}. */
class ConfigurationMetadataTests {

    private static final List<String> DESCRIBED = List.of(
            "queue.enabled",
            "queue.workers",
            "queue.maxsize",
            "queue.log-level",
            "queue.exception-handler",
            "queue.task-timeout",
            "queue.deadline",
            "queue.fail-fast",
            "queue.total-workers",
            "queue.leak-trace",
            "queue.rate-limits",
            "queue.retry.max-retries",
            "queue.retry.delay",
            "queue.retry.multiplier",
            "queue.retry.max-delay",
            "queue.retry.jitter",
            "queue.retry.includes",
            "queue.retry.excludes",
            "queue.propagate-context",
            "queue.strict-names",
            "queue.instances",
            "queue.shutdown.await-termination-period",
            "queue.metrics.max-names",
            "queue.test.seed",
            "queue.stall.after",
            "queue.stall.health-status",
            "management.endpoint.queues.show-values",
            "management.endpoint.queues.roles");

    /** What Boot's processor makes of an endpoint. */
    private static final List<String> GENERATED =
            List.of("management.endpoint.queues.access", "management.endpoint.queues.cache.time-to-live");

    private final DocumentContext metadata = read();

    @Test
    void nothingElseIsOffered() {
        assertThat(metadata.<List<String>>read("$.properties[*].name"))
                .hasSize(DESCRIBED.size() + GENERATED.size())
                .containsAll(DESCRIBED)
                .containsAll(GENERATED);
    }

    @ParameterizedTest
    @FieldSource("DESCRIBED")
    void propertyHasADescriptionInTheStyleOfBoot(String property) {
        assertThat(metadata.<List<String>>read("$.properties[?(@.name=='%s')].description".formatted(property)))
                .singleElement()
                .asString()
                .matches("[A-Z].*\\.")
                .doesNotMatch("(A|An|The) .*");
    }

    @ParameterizedTest
    @CsvSource({
        "queue.enabled, true",
        "queue.workers, " + QueueSettings.DEFAULT_WORKERS,
        "queue.log-level, off",
        "queue.fail-fast, false",
        "queue.strict-names, false",
        "queue.leak-trace, false",
        "queue.propagate-context, false",
        "queue.shutdown.await-termination-period, 20s",
        "queue.metrics.max-names, " + QueueMetrics.DEFAULT_MAX_NAMES,
        "queue.stall.after, 0",
        "queue.stall.health-status, DOWN",
        "management.endpoint.queues.access, read_only",
        "management.endpoint.queues.show-values, never"
    })
    void propertyHasItsDefault(String property, String value) {
        assertThat(metadata.<List<Object>>read("$.properties[?(@.name=='%s')].defaultValue".formatted(property)))
                .singleElement()
                .hasToString(value);
    }

    @Test
    void instancesAreCompletedFromTheirClass() {
        assertThat(metadata.<List<String>>read("$.properties[?(@.name=='queue.instances')].type"))
                .containsExactly("java.util.Map<java.lang.String," + QueueInstanceProperties.class.getName() + ">");
    }

    @Test
    void exceptionHandlerIsCompletedWithBeans() {
        assertThat(metadata.<List<String>>read("$.hints[?(@.name=='queue.exception-handler')].providers[*].name"))
                .containsExactly("spring-bean-reference");
        assertThat(metadata.<List<String>>read(
                        "$.hints[?(@.name=='queue.exception-handler')].providers[*].parameters.target"))
                .containsExactly(QueueExceptionHandler.class.getName());
    }

    @Test
    void logLevelIsCompletedWithLevels() {
        assertThat(metadata.<List<String>>read("$.hints[?(@.name=='queue.log-level')].values[*].value"))
                .containsExactly("off", "trace", "debug", "info", "warn", "error");
    }

    @Test
    void namesOfInstancesAreCompletedWithThatOfUnnamedQueues() {
        assertThat(metadata.<List<String>>read("$.hints[?(@.name=='queue.instances.keys')].values[*].value"))
                .containsExactly("default");
    }

    private static DocumentContext read() {
        String type = "/" + QueueProperties.class.getName().replace('.', '/') + ".class";
        URL location = Objects.requireNonNull(QueueProperties.class.getResource(type));
        URI metadata = URI.create(location.toString().replace(type, "/META-INF/spring-configuration-metadata.json"));
        try (InputStream stream = metadata.toURL().openStream()) {
            return JsonPath.parse(stream);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
