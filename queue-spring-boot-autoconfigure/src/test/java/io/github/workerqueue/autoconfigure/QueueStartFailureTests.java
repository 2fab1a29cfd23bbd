package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.github.workerqueue.QueueExceptionHandler;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tests for the reports of starts that fail because a property has an invalid value. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class QueueStartFailureTests {

    @ParameterizedTest
    @CsvSource({
        "queue.workers, 0, 'Must be between 1 and 100,000.'",
        "queue.workers, 100001, 'Must be between 1 and 100,000.'",
        "queue.maxsize, -1, 'Must be between 1 and 16,777,216.'",
        "queue.maxsize, 0, 'Must be between 1 and 16,777,216.'",
        "queue.task-timeout, -1s, Must be zero (no limit) or positive.",
        "queue.deadline, -1ms, Must be zero (no limit) or positive.",
        "queue.total-workers, -1, 'Must be between 0 and 100,000.'",
        "queue.total-workers, 100001, 'Must be between 0 and 100,000.'",
        "queue.retry.max-retries, -1, Must be zero (no retries) or positive.",
        "queue.retry.delay, -1s, Must be zero or positive.",
        "queue.retry.multiplier, 0.5, Must be at least 1.",
        "queue.retry.max-delay, 0s, Must be at least 1 ms.",
        "queue.retry.jitter, -1s, Must be zero or positive.",
        "queue.retry.max-hold, 0s, Must be positive.",
        "queue.instances.riot.retry.max-hold, -1s, Must be positive.",
        "queue.instances.riot.retry.max-retries, -1, Must be zero (no retries) or positive.",
        "queue.metrics.max-names, -1, Must be zero or positive.",
        "queue.shutdown.await-termination-period, -1s, Must be zero or positive.",
        "queue.instances.riot.workers, 0, 'Must be between 1 and 100,000.'",
        "queue.instances.riot.maxsize, -1, 'Must be between 1 and 16,777,216.'",
        "queue.instances.riot.task-timeout, -1s, Must be zero (no limit) or positive.",
        "queue.instances.riot.deadline, -1s, Must be zero (no limit) or positive.",
        "queue.instances.riot.total-workers, -1, 'Must be between 0 and 100,000.'",
        "queue.instances[My queue].workers, 0, 'Must be between 1 and 100,000.'",
        "queue.exception-handler, missing, "
                + "'Must be the name of a QueueExceptionHandler bean (first, second); no bean has this name.'",
        "queue.instances.riot.exception-handler, missing, "
                + "'Must be the name of a QueueExceptionHandler bean (first, second); no bean has this name.'",
        "queue.exception-handler, text, 'Must be the name of a QueueExceptionHandler bean (first, second); "
                + "the bean of this name is a java.lang.String.'",
    })
    void invalidValueIsReportedWithItsKeyItsOriginAndAllowedValues(
            String key, String value, String allowed, CapturedOutput output) {
        assertThatException().isThrownBy(() -> start(Application.class, "--" + key + "=" + value));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Invalid value '" + value + "' for configuration property '" + key + "'")
                .contains("originating from '\"" + key + "\" from property source \"commandLineArgs\"'")
                .contains(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "queue.log-level, loud",
        "queue.log-level, true",
        "queue.instances.riot.log-level, loud",
    })
    void unknownLogLevelIsReportedWithKeyAndLevels(String key, String value, CapturedOutput output) {
        assertThatException().isThrownBy(() -> start(Application.class, "--" + key + "=" + value));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Property: " + key)
                .contains("Value: \"" + value + "\"")
                .contains("\"" + key + "\" from property source \"commandLineArgs\"")
                .containsPattern("(?s)The following values are valid:.*OFF");
    }

    @Test
    void missingExceptionHandlerIsReportedWhenNoHandlerBeanExists(CapturedOutput output) {
        assertThatException().isThrownBy(() -> start(Bare.class, "--queue.exception-handler=missing"));
        assertThat(output)
                .contains("Invalid value 'missing' for configuration property 'queue.exception-handler'")
                .contains("Must be the name of a QueueExceptionHandler bean (there is none); no bean has this name.");
    }

    @Test
    void rateLimitWithoutPeriodIsReportedAsIncomplete(CapturedOutput output) {
        assertThatException().isThrownBy(() -> start(Application.class, "--queue.rate-limits[0].permits=20"));
        assertThat(output)
                .contains("Invalid value '{permits: 20}' for configuration property 'queue.rate-limits[0]'")
                .contains("Must have both permits and per, but per is missing.");
    }

    @Test
    void rateLimitWithoutPermitsIsReportedAsIncomplete(CapturedOutput output) {
        assertThatException().isThrownBy(() -> start(Application.class, "--queue.rate-limits[0].per=1s"));
        assertThat(output)
                .contains("Invalid value '{per: 1s}' for configuration property 'queue.rate-limits[0]'")
                .contains("Must have both permits and per, but permits is missing.");
    }

    @Test
    void rateLimitWithPeriodOfZeroIsReportedWithItsKey(CapturedOutput output) {
        assertThatException()
                .isThrownBy(() ->
                        start(Application.class, "--queue.rate-limits[0].permits=20", "--queue.rate-limits[0].per=0"));
        assertThat(output)
                .contains("Invalid value '0' for configuration property 'queue.rate-limits[0].per'")
                .contains("Must be a positive period, such as 1s or 2m.");
    }

    @Test
    void rateLimitOfNoPermitsIsReportedWithItsKey(CapturedOutput output) {
        assertThatException()
                .isThrownBy(() -> start(
                        Application.class,
                        "--queue.instances.riot.rate-limits[0].permits=0",
                        "--queue.instances.riot.rate-limits[0].per=1s"));
        assertThat(output)
                .contains("Invalid value '0' for configuration property 'queue.instances.riot.rate-limits[0].permits'")
                .contains("Must be between 1 and 1,000,000.");
    }

    @Test
    void nonNumericValueIsReportedWithItsKey(CapturedOutput output) {
        assertThatException().isThrownBy(() -> start(Application.class, "--queue.instances.riot.workers=many"));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Property: queue.instances.riot.workers")
                .contains("Value: \"many\"");
    }

    private static void start(Class<?> application, String... args) {
        new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .run(args)
                .close();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({QueueAutoConfiguration.class, QueueMetricsAutoConfiguration.class})
    static class Bare {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({QueueAutoConfiguration.class, QueueMetricsAutoConfiguration.class})
    static class Application {

        @Bean
        QueueExceptionHandler first() {
            return failure -> {};
        }

        @Bean
        QueueExceptionHandler second() {
            return failure -> {};
        }

        @Bean
        String text() {
            return "no handler";
        }

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }
    }
}
