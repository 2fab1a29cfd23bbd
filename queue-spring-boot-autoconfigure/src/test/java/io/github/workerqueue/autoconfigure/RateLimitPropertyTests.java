package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.RateLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Tests for the property {@code rate-limits}: its short form, and lists that one source replaces. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class RateLimitPropertyTests {

    private final ApplicationContextRunner contextRunner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue.rate-limits=20/1s, 100/2m",
                "queue.rate-limits=20/s,100/2m",
                "queue.rate-limits[0]=20/S;queue.rate-limits[1]=100/120s",
                "queue.rate-limits[0].permits=20;queue.rate-limits[0].per=1s;queue.rate-limits[1]=100 / 2 m"
            })
    void shortFormOfRateLimitsIsBound(String properties) {
        contextRunner
                .withPropertyValues(properties.split(";"))
                .run(context -> assertThat(context.getBean(QueueFactory.class)
                                .settings("any")
                                .rateLimits())
                        .containsExactly(
                                new RateLimit(20, Duration.ofSeconds(1)), new RateLimit(100, Duration.ofMinutes(2))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "'0'", "[]"})
    void instanceDisablesInheritedRateLimits(String value) throws IOException {
        Files.writeString(
                folder.resolve("application.yml"),
                "queue:\n  rate-limits: 20/s\n  instances:\n    riot:\n      rate-limits: " + value + "\n");
        try (ConfigurableApplicationContext context = application().run("--spring.config.location=" + folder.toUri())) {
            QueueFactory factory = context.getBean(QueueFactory.class);
            assertThat(factory.settings("riot").rateLimits()).isEmpty();
            assertThat(factory.settings("any").rateLimits()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"20/1, with a unit", "20, permits and a period", "x/s, such as 20/1s", "0/s, 'between 1 and 1,000,000'"
    })
    void invalidShortFormOfRateLimitIsReported(String value, String rule, CapturedOutput output) {
        assertThatException().isThrownBy(() -> application().run("--queue.rate-limits=" + value));
        assertThat(output).contains("APPLICATION FAILED TO START", "queue.rate-limits", value, rule);
    }

    @Test
    void overriddenElementOfRateLimitsIsReportedAsIncomplete(CapturedOutput output) throws IOException {
        Files.writeString(
                folder.resolve("application.yml"),
                "queue:\n  rate-limits: [{permits: 20, per: 1s}, {permits: 100, per: 120s}]\n");
        assertThatException()
                .isThrownBy(() -> application()
                        .initializers(context -> context.getEnvironment()
                                .getPropertySources()
                                .replace(
                                        "systemEnvironment",
                                        new SystemEnvironmentPropertySource(
                                                "systemEnvironment", Map.of("QUEUE_RATELIMITS_0_PERMITS", "50"))))
                        .run("--spring.config.location=file:" + folder + "/"));
        assertThat(output)
                .contains("Invalid value '{permits: 50}' for configuration property 'queue.rate-limits[0]'")
                .contains("per is missing", "replaces the whole list of another source")
                .doesNotContain("Invalid value '1s'");
    }

    private static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(QueueAutoConfiguration.class)
    static class Application {}
}
