package sample.demo.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** Tests for the rules of the properties of the embedded API. */
@Timeout(10)
class UpstreamPropertiesTests {

    private final ApplicationContextRunner contexts =
            new ApplicationContextRunner().withUserConfiguration(Properties.class);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            failure-share=1.5  | sample.upstream.failure-share must be between 0 and 1, but was 1.5
            failure-share=-0.1 | sample.upstream.failure-share must be between 0 and 1, but was -0.1
            failure-share=NaN  | sample.upstream.failure-share must be between 0 and 1, but was NaN
            flaky-share=2      | sample.upstream.flaky-share must be between 0 and 1, but was 2.0
            latency=-5s        | sample.upstream.latency must not be negative, but was -5,000 ms
            jitter=-1ms        | sample.upstream.jitter must not be negative, but was -1 ms
            """)
    void startFailsWithKeyValueAndRuleWhenPropertyIsInvalid(String property, String message) {
        contexts.withPropertyValues("sample.upstream." + property)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessage(message));
    }

    @Test
    void limitsAreAllowed() {
        contexts.withPropertyValues(
                        "sample.upstream.failure-share=0",
                        "sample.upstream.flaky-share=1",
                        "sample.upstream.latency=0ms",
                        "sample.upstream.jitter=0ms")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(UpstreamProperties.class)
    static class Properties {}
}
