package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.RetryAfterResolver;
import io.github.workerqueue.TaskRetryPolicy;
import io.github.workerqueue.actuate.QueueEndpoint;
import io.github.workerqueue.autoconfigure.QueueInstanceProperties.LogLevel;
import io.github.workerqueue.metrics.QueueMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Tests for the configuration metadata, from which IDEs complete an {@code application.yml}. */
@Timeout(60)
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
            "queue.retry.hold",
            "queue.retry.max-hold",
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

    /** Properties that Boot's annotation processor generates for an endpoint. */
    private static final List<String> GENERATED = List.of(
            "management.endpoint.queueboard.access",
            "management.endpoint.queueboard.cache.time-to-live",
            "management.endpoint.queues.access",
            "management.endpoint.queues.cache.time-to-live");

    private static final RetryAfterResolver NO_RESOLVER = failure -> null;

    private final DocumentContext metadata = read();

    @Test
    void metadataListsOnlyKnownProperties() {
        assertThat(metadata.<List<String>>read("$.properties[*].name"))
                .hasSize(DESCRIBED.size() + GENERATED.size())
                .containsAll(DESCRIBED)
                .containsAll(GENERATED);
    }

    @ParameterizedTest
    @FieldSource("DESCRIBED")
    void propertyHasDescriptionInStyleOfSpringBoot(String property) {
        assertThat(metadata.<List<String>>read("$.properties[?(@.name=='%s')].description".formatted(property)))
                .singleElement()
                .asString()
                .matches("[A-Z].*\\.")
                .doesNotMatch("(A|An|The) .*");
    }

    @Test
    void defaultsAreComplete() {
        assertThat(metadata.<List<String>>read("$.properties[?(@.defaultValue)].name"))
                .containsExactlyInAnyOrder(
                        "queue.enabled",
                        "queue.workers",
                        "queue.log-level",
                        "queue.task-timeout",
                        "queue.deadline",
                        "queue.fail-fast",
                        "queue.total-workers",
                        "queue.leak-trace",
                        "queue.propagate-context",
                        "queue.retry.max-retries",
                        "queue.retry.delay",
                        "queue.retry.multiplier",
                        "queue.retry.jitter",
                        "queue.retry.hold",
                        "queue.retry.max-hold",
                        "queue.strict-names",
                        "queue.shutdown.await-termination-period",
                        "queue.metrics.max-names",
                        "queue.stall.after",
                        "queue.stall.health-status",
                        "management.endpoint.queueboard.access",
                        "management.endpoint.queueboard.cache.time-to-live",
                        "management.endpoint.queues.access",
                        "management.endpoint.queues.cache.time-to-live",
                        "management.endpoint.queues.show-values");
    }

    /** Verifies that the properties of queues are null unless they are set, since instances inherit them. */
    @Test
    void settingsAreUnchangedWhenPropertiesOfQueuesHaveTheirDefaults() {
        ApplicationContextRunner runner =
                new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class));
        List<String> defaults = propertiesOfQueues()
                .filter(name -> defaultOf(name) != null)
                .map(name -> name + "=" + defaultOf(name))
                .toList();
        assertThat(defaults).hasSize(14);
        runner.run(context -> {
            QueueSettings expected = comparable(settings(context));
            runner.withPropertyValues(defaults.toArray(String[]::new))
                    .run(set -> assertThat(comparable(settings(set))).isEqualTo(expected));
        });
    }

    @Test
    void retriesAreUnchangedWhenTheirPropertiesHaveTheirDefaults() {
        ApplicationContextRunner runner =
                new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class));
        runner.withPropertyValues("queue.retry.max-retries=" + defaultOf("queue.retry.max-retries"))
                .run(context -> assertThat(settings(context).retryPolicy()).isNull());
        for (String name : List.of("queue.retry.delay", "queue.retry.multiplier", "queue.retry.jitter")) {
            ApplicationContextRunner retrying = runner.withPropertyValues("queue.retry.max-retries=3");
            retrying.run(context -> {
                List<Duration> expected = delays(settings(context));
                assertThat(expected).hasSize(3);
                retrying.withPropertyValues(name + "=" + defaultOf(name))
                        .run(set -> assertThat(delays(settings(set))).isEqualTo(expected));
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "queue.enabled, enabled",
        "queue.strict-names, strictNames",
        "queue.shutdown.await-termination-period, shutdown.awaitTerminationPeriod",
        "queue.metrics.max-names, metrics.maxNames",
        "queue.stall.after, stall.after",
        "queue.stall.health-status, stall.healthStatus"
    })
    void otherPropertiesHaveTheirDefaultsWithoutBeingSet(String name, String path) {
        BeanWrapper bound = new BeanWrapperImpl(new QueueProperties());
        Class<?> type = Objects.requireNonNull(bound.getPropertyType(path));
        assertThat(ApplicationConversionService.getSharedInstance().convert(defaultOf(name), type))
                .isEqualTo(bound.getPropertyValue(path));
    }

    @Test
    void propertiesOfEndpointHaveTheirDefaultsWithoutBeingSet() {
        assertThat(defaultOf("management.endpoint.queues.show-values"))
                .isEqualToIgnoringCase(
                        new QueueEndpointProperties().getShowValues().name());
        Endpoint endpoint = Objects.requireNonNull(QueueEndpoint.class.getAnnotation(Endpoint.class));
        assertThat(defaultOf("management.endpoint.queues.access"))
                .isEqualToIgnoringCase(endpoint.defaultAccess().name());
    }

    @Test
    void defaultOfMaxNamesIsThatOfQueueMetrics() {
        assertThat(defaultOf("queue.metrics.max-names")).isEqualTo("" + QueueMetrics.DEFAULT_MAX_NAMES);
    }

    @Test
    void instancesAreCompletedFromTheirClass() {
        assertThat(metadata.<List<String>>read("$.properties[?(@.name=='queue.instances')].type"))
                .containsExactly("java.util.Map<java.lang.String," + QueueInstanceProperties.class.getName() + ">");
    }

    /** The second name is not a standard: IDEs that do not know it complete no beans in instances. */
    @ParameterizedTest
    @ValueSource(strings = {"queue.exception-handler", "queue.instances.*.exception-handler"})
    void exceptionHandlerIsCompletedWithBeans(String name) {
        String providers = "$.hints[?(@.name=='" + name + "')].providers[*]";
        assertThat(metadata.<List<String>>read(providers + ".name")).containsExactly("spring-bean-reference");
        assertThat(metadata.<List<String>>read(providers + ".parameters.target"))
                .containsExactly(QueueExceptionHandler.class.getName());
    }

    /** Verifies the type, from which an IDE also completes the values in instances. */
    @Test
    void logLevelIsEnum() throws Exception {
        assertThat(metadata.<List<String>>read("$.properties[?(@.name=='queue.log-level')].type"))
                .containsExactly(LogLevel.class.getName());
        assertThat(QueueInstanceProperties.class.getMethod("getLogLevel").getReturnType())
                .isEqualTo(LogLevel.class);
        assertThat(LogLevel.values())
                .extracting(Enum::name)
                .containsExactly("OFF", "TRACE", "DEBUG", "INFO", "WARN", "ERROR");
    }

    @Test
    void healthStatusIsCompletedWithStatusesOfBoot() {
        assertThat(metadata.<List<String>>read("$.hints[?(@.name=='queue.stall.health-status')].values[*].value"))
                .containsExactlyInAnyOrder(
                        Status.DOWN.getCode(),
                        Status.OUT_OF_SERVICE.getCode(),
                        Status.UNKNOWN.getCode(),
                        Status.UP.getCode());
    }

    @Test
    void namesOfInstancesAreCompletedWithThatOfUnnamedQueues() {
        assertThat(metadata.<List<String>>read("$.hints[?(@.name=='queue.instances.keys')].values[*].value"))
                .containsExactly("default");
    }

    /** Returns the names of the properties that instances may set, too. */
    private static Stream<String> propertiesOfQueues() {
        List<String> keys = Arrays.stream(BeanUtils.getPropertyDescriptors(QueueInstanceProperties.class))
                .map(property -> "queue." + DataObjectPropertyName.toDashedForm(property.getName()))
                .toList();
        return DESCRIBED.stream().filter(name -> keys.stream().anyMatch(key -> (name + ".").startsWith(key + ".")));
    }

    private @Nullable String defaultOf(String name) {
        List<Object> values = metadata.read("$.properties[?(@.name=='%s')].defaultValue".formatted(name));
        return values.isEmpty() ? null : values.get(0).toString();
    }

    private static QueueSettings settings(AssertableApplicationContext context) {
        return context.getBean(QueueFactory.class).settings("any");
    }

    /** Returns the settings without the objects that each context has of its own. */
    private static QueueSettings comparable(QueueSettings settings) {
        return settings.withRetryAfterResolver(NO_RESOLVER);
    }

    private static List<Duration> delays(QueueSettings settings) {
        TaskRetryPolicy policy = Objects.requireNonNull(settings.retryPolicy());
        return IntStream.rangeClosed(1, 3)
                .mapToObj(attempts -> Objects.requireNonNull(policy.delayBeforeRetry(new IOException(), attempts)))
                .toList();
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
