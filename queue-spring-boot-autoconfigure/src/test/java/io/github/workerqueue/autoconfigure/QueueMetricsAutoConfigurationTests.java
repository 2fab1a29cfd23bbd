package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.event.StallWatchdog;
import io.github.workerqueue.metrics.QueueMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tests for {@link QueueMetricsAutoConfiguration}. */
@Timeout(60)
class QueueMetricsAutoConfigurationTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(QueueAutoConfiguration.class, QueueMetricsAutoConfiguration.class));

    @Test
    void queuesAreMetered() {
        contextRunner.withUserConfiguration(Registry.class).run(context -> {
            context.getBean(QueueFactory.class).open("riot").close();
            assertThat(names(context.getBean(MeterRegistry.class))).containsExactly("riot");
        });
    }

    @Test
    void metricsUseRegistryOfSpringBoot() {
        contextRunner
                .withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        SimpleMetricsExportAutoConfiguration.class))
                .run(context -> assertThat(context).hasSingleBean(QueueMetrics.class));
    }

    @Test
    void metricsAreNotDeclaredWithoutRegistry() {
        contextRunner.run(
                context -> assertThat(context).hasSingleBean(QueueFactory.class).doesNotHaveBean(QueueMetrics.class));
    }

    @Test
    void metricsAreNotDeclaredWithoutMicrometer() {
        contextRunner
                .withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context ->
                        assertThat(context).hasSingleBean(QueueFactory.class).doesNotHaveBean("queueMetrics"));
    }

    @Test
    void metricsAreNotDeclaredWhenQueuesAreDisabled() {
        contextRunner
                .withUserConfiguration(Registry.class)
                .withPropertyValues("queue.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(QueueMetrics.class));
    }

    @Test
    void metricsOfApplicationReplaceDefaultMetrics() {
        contextRunner
                .withUserConfiguration(Registry.class, OwnMetrics.class)
                .run(context ->
                        assertThat(context).hasSingleBean(QueueMetrics.class).hasBean("ownMetrics"));
    }

    @Test
    void hundredNamesHaveSeriesOfTheirOwnByDefault() {
        contextRunner.withUserConfiguration(Registry.class).run(context -> {
            QueueFactory factory = context.getBean(QueueFactory.class);
            for (int i = 0; i < 150; i++) {
                factory.open("user-" + i).close();
            }
            assertThat(names(context.getBean(MeterRegistry.class)))
                    .hasSize(101)
                    .contains("other", "user-0", "user-99")
                    .doesNotContain("user-100");
        });
    }

    @Test
    void maxNamesIsSet() {
        contextRunner
                .withUserConfiguration(Registry.class)
                .withPropertyValues("queue.metrics.max-names=1")
                .run(context -> {
                    QueueFactory factory = context.getBean(QueueFactory.class);
                    factory.open("a").close();
                    factory.open("b").close();
                    factory.open("c").close();
                    assertThat(names(context.getBean(MeterRegistry.class))).containsExactly("a", "other");
                });
    }

    @Test
    void configuredNamesAlwaysHaveSeriesOfTheirOwn() {
        contextRunner
                .withUserConfiguration(Registry.class)
                .withPropertyValues("queue.metrics.max-names=0", "queue.instances.riot.workers=3")
                .run(context -> {
                    QueueFactory factory = context.getBean(QueueFactory.class);
                    factory.open("a").close();
                    factory.open("riot").close();
                    assertThat(names(context.getBean(MeterRegistry.class))).containsExactly("other", "riot");
                });
    }

    @Test
    void stalledQueuesAreCountedUntilTheyAreClosed() {
        contextRunner
                .withConfiguration(AutoConfigurations.of(QueueEventAutoConfiguration.class))
                .withUserConfiguration(Registry.class)
                .withPropertyValues("queue.stall.after=1ms", "queue.workers=1", "queue.metrics.max-names=1")
                .run(context -> {
                    QueueFactory factory = context.getBean(QueueFactory.class);
                    CountDownLatch release = new CountDownLatch(1);
                    List<WorkerQueue<Object>> queues = Stream.of("riot", "valve", "blizzard")
                            .map(factory::open)
                            .toList();
                    for (WorkerQueue<Object> queue : queues) {
                        queue.execute(release::await);
                    }
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    await().untilAsserted(
                                    () -> assertThat(stalled(registry)).isEqualTo(Map.of("riot", 1.0, "other", 2.0)));
                    release.countDown();
                    factory.close();
                    assertThat(stalled(registry)).isEqualTo(Map.of("riot", 0.0, "other", 0.0));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue.workers=1", "queue.stall.after=0"})
    void stalledQueuesAreNotCountedWithoutStallDetection(String property) {
        contextRunner
                .withConfiguration(AutoConfigurations.of(QueueEventAutoConfiguration.class))
                .withUserConfiguration(Registry.class)
                .withPropertyValues(property)
                .run(context -> {
                    context.getBean(QueueFactory.class).open("riot").close();
                    assertThat(names(context.getBean(MeterRegistry.class))).containsExactly("riot");
                    assertThat(stalled(context.getBean(MeterRegistry.class))).isEmpty();
                });
    }

    @Test
    void stallsAreDetectedWithoutMicrometer() {
        contextRunner
                .withConfiguration(AutoConfigurations.of(QueueEventAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("io.micrometer"))
                .withPropertyValues("queue.stall.after=1h")
                .run(context -> assertThat(context)
                        .hasSingleBean(StallWatchdog.class)
                        .doesNotHaveBean("queueMetrics")
                        .doesNotHaveBean("queueStalledQueues"));
    }

    private static Map<String, Double> stalled(MeterRegistry registry) {
        return registry.find("queue.stalled").gauges().stream()
                .collect(Collectors.toMap(
                        gauge -> Objects.requireNonNull(gauge.getId().getTag("name")), Gauge::value));
    }

    private static Set<String> names(MeterRegistry registry) {
        Set<String> names = new TreeSet<>();
        registry.find("queue.depth")
                .gauges()
                .forEach(gauge -> names.add(gauge.getId().getTag("name")));
        return names;
    }

    @Configuration(proxyBeanMethods = false)
    static class Registry {

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnMetrics {

        @Bean
        QueueMetrics ownMetrics(MeterRegistry registry) {
            return new QueueMetrics(registry);
        }
    }
}
