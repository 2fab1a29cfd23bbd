package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.RateLimit;
import io.github.workerqueue.TaskRetryPolicy;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.retry.RetryPolicy;

/** Tests for the properties of retries and rate limits. */
@Timeout(60)
class QueueRetryAndRateTests {

    private static final String YAML = """
            queue:
              retry:
                max-retries: 3
                delay: 100ms
                multiplier: 2
                max-delay: 300ms
              rate-limits: [{permits: 20, per: 1s}, {permits: 100, per: 120s}]
              instances:
                riot:
                  retry:
                    delay: 10ms
                    includes: [java.io.IOException]
                    excludes: [java.io.FileNotFoundException]
                once:
                  retry:
                    max-retries: 0
                  rate-limits: []
            """;

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
            .withInitializer(context -> {
                try {
                    new YamlPropertySourceLoader()
                            .load("application.yml", new ByteArrayResource(YAML.getBytes(StandardCharsets.UTF_8)))
                            .forEach(context.getEnvironment().getPropertySources()::addFirst);
                } catch (IOException ex) {
                    throw new UncheckedIOException(ex);
                }
            });

    @Test
    void retriesAndRateLimitsAreDisabledByDefault() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
                .run(context -> {
                    QueueSettings settings = context.getBean(QueueFactory.class).settings("any");
                    assertThat(settings.retryPolicy()).isNull();
                    assertThat(settings.rateLimits()).isEmpty();
                });
    }

    @Test
    void delaysGrowUpToMaxDelay() {
        contextRunner.run(context -> assertThat(
                        delays(policy(context.getBean(QueueFactory.class), "any"), new IOException()))
                .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(300)));
    }

    @Test
    void instanceInheritsEachKeyThatItDoesNotSet() {
        contextRunner.run(context -> assertThat(
                        delays(policy(context.getBean(QueueFactory.class), "riot"), new IOException()))
                .containsExactly(Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(40)));
    }

    @Test
    void instanceDisablesRetriesAndRateLimits() {
        contextRunner.run(context -> {
            QueueSettings settings = context.getBean(QueueFactory.class).settings("once");
            assertThat(settings.retryPolicy()).isNull();
            assertThat(settings.rateLimits()).isEmpty();
        });
    }

    @Test
    void nameIsHeldForAtMostFiveMinutesByDefault() {
        contextRunner.run(context -> {
            QueueFactory factory = context.getBean(QueueFactory.class);
            assertThat(factory.settings("any").maxHold()).isEqualTo(Duration.ofMinutes(5));
            assertThat(factory.settings("riot").maxHold()).isEqualTo(Duration.ofMinutes(5));
        });
    }

    @Test
    void instanceInheritsHoldUnlessItSetsIt() {
        contextRunner
                .withPropertyValues(
                        "queue.retry.hold=task",
                        "queue.retry.max-hold=7s",
                        "queue.instances.riot.retry.hold=name",
                        "queue.instances.once.retry.max-hold=8s")
                .run(context -> {
                    QueueFactory factory = context.getBean(QueueFactory.class);
                    assertThat(factory.settings("any").maxHold()).isZero();
                    assertThat(factory.settings("riot").maxHold()).isEqualTo(Duration.ofSeconds(7));
                    assertThat(factory.settings("once").maxHold()).isZero();
                });
    }

    @Test
    void errorsAndInterruptsAreNotRetriedUnlessTheyAreIncluded() {
        contextRunner.run(context -> {
            TaskRetryPolicy policy = policy(context.getBean(QueueFactory.class), "any");
            assertThat(delays(policy, new AssertionError())).isEmpty();
            assertThat(delays(policy, new InterruptedException())).isEmpty();
            assertThat(delays(policy, new IllegalStateException())).hasSize(3);
        });
        contextRunner
                .withPropertyValues("queue.retry.includes=java.lang.AssertionError")
                .run(context -> assertThat(
                                delays(policy(context.getBean(QueueFactory.class), "any"), new AssertionError()))
                        .hasSize(3));
    }

    @Test
    void includesAndExcludesLookIntoCauses() {
        contextRunner.run(context -> {
            TaskRetryPolicy policy = policy(context.getBean(QueueFactory.class), "riot");
            assertThat(delays(policy, new ExecutionException(new IOException())))
                    .hasSize(3);
            assertThat(delays(policy, new IllegalStateException())).isEmpty();
            assertThat(delays(policy, new ExecutionException(new java.io.FileNotFoundException())))
                    .isEmpty();
        });
    }

    @Test
    void instanceInheritsRateLimits() {
        contextRunner.run(context -> assertThat(
                        context.getBean(QueueFactory.class).settings("riot").rateLimits())
                .containsExactly(
                        new RateLimit(20, Duration.ofSeconds(1)), new RateLimit(100, Duration.ofSeconds(120))));
    }

    @Test
    void failedTaskIsRetried() {
        contextRunner.withPropertyValues("queue.instances.riot.retry.delay=1ms").run(context -> {
            AtomicInteger runs = new AtomicInteger();
            try (WorkerQueue<String> queue = context.getBean(QueueFactory.class).open("riot")) {
                queue.put(() -> {
                    if (runs.incrementAndGet() < 4) {
                        throw new IOException("run " + runs);
                    }
                    return "done";
                });
                assertThat(queue.join()).containsExactly("done");
            }
        });
    }

    @Test
    void policyOfSpringGivesDelaysBeforeRetries() {
        TaskRetryPolicy policy = new SpringRetryPolicy(RetryPolicy.withMaxRetries(2));
        assertThat(delays(policy, new IOException())).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    private static TaskRetryPolicy policy(QueueFactory factory, String name) {
        return Objects.requireNonNull(factory.settings(name).retryPolicy());
    }

    private static List<Duration> delays(TaskRetryPolicy policy, Throwable failure) {
        List<Duration> delays = new ArrayList<>();
        for (@Nullable Duration delay = policy.delayBeforeRetry(failure, 1);
                delay != null;
                delay = policy.delayBeforeRetry(failure, delays.size() + 1)) {
            delays.add(delay);
        }
        return delays;
    }
}
