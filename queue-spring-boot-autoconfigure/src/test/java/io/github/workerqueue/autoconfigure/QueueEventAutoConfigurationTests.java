package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.event.QueueClosedEvent;
import io.github.workerqueue.event.QueueEvents;
import io.github.workerqueue.event.QueueOpenedEvent;
import io.github.workerqueue.event.QueueStalledEvent;
import io.github.workerqueue.event.StallWatchdog;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Tests for {@link QueueEventAutoConfiguration} and {@link QueueHealthAutoConfiguration}. */
@Timeout(60)
class QueueEventAutoConfigurationTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    QueueAutoConfiguration.class,
                    QueueEventAutoConfiguration.class,
                    QueueHealthAutoConfiguration.class,
                    HealthContributorRegistryAutoConfiguration.class,
                    HealthContributorAutoConfiguration.class))
            .withUserConfiguration(Listener.class)
            .withPropertyValues("queue.workers=1");

    @Test
    void eventsArePublishedWhenQueueOpensAndCloses() {
        contextRunner.run(context -> {
            WorkerQueue<?> queue = context.getBean(QueueFactory.class).open("riot");
            long id = queue.snapshot().id();
            assertThat(events(context)).containsExactly(new QueueOpenedEvent("riot", id));
            queue.close();
            queue.close();
            assertThat(events(context))
                    .containsExactly(new QueueOpenedEvent("riot", id), new QueueClosedEvent("riot", id));
        });
    }

    @Test
    void closedEventIsPublishedWhenContextCloses() {
        contextRunner.run(context -> {
            List<Object> events = events(context);
            long id =
                    context.getBean(QueueFactory.class).open("riot").snapshot().id();
            context.getSourceApplicationContext().close();
            assertThat(events).containsExactly(new QueueOpenedEvent("riot", id), new QueueClosedEvent("riot", id));
        });
    }

    @Test
    void reportHasNoAgesWhenOnlyEventsAreEnabled() {
        contextRunner.run(context -> {
            try (Stuck stuck = new Stuck(context)) {
                assertThat(stuck.queue.report().running())
                        .singleElement()
                        .extracting(RunningTask::age)
                        .isNull();
            }
        });
    }

    @Test
    void watchdogIsDisabledByDefault() {
        for (String property : List.of("queue.workers=1", "queue.stall.after=0", "queue.stall.after=0s")) {
            contextRunner.withPropertyValues(property).run(context -> {
                assertThat(context)
                        .hasSingleBean(QueueEvents.class)
                        .doesNotHaveBean(StallWatchdog.class)
                        .doesNotHaveBean("queuesHealthIndicator");
                assertThat(watchdogs()).isEmpty();
            });
        }
    }

    @Test
    void stallIsPublishedAndHealthIsDownWhileQueueIsStalled() {
        contextRunner.withPropertyValues("queue.stall.after=1ms").run(context -> {
            assertThat(watchdogs()).hasSize(1);
            assertThat(health(context)).isEqualTo(Health.up().build());
            try (Stuck stuck = new Stuck(context)) {
                await().until(() -> health(context).getStatus().equals(Status.DOWN));
                await().untilAsserted(() -> assertThat(
                                health(context).getDetails().get("stalled"))
                        .asString()
                        .contains("riot (" + stuck.queue.snapshot().id() + ")", "all workers (1) have been busy"));
                await().until(() -> events(context).stream().anyMatch(QueueStalledEvent.class::isInstance));
            }
            await().until(() -> health(context).getStatus().equals(Status.UP));
            context.getSourceApplicationContext().close();
            assertThat(watchdogs()).isEmpty();
        });
    }

    @Test
    void healthStatusOfStallIsConfigurable() {
        contextRunner
                .withPropertyValues("queue.stall.after=1ms", "queue.stall.health-status=out-of-service")
                .run(context -> {
                    try (Stuck stuck = new Stuck(context)) {
                        await().until(() -> health(context).getStatus().equals(Status.OUT_OF_SERVICE));
                        assertThat(stuck.queue.active()).isEqualTo(1);
                    }
                });
    }

    @Test
    void healthIndicatorIsNotDeclaredWhenDisabled() {
        contextRunner
                .withPropertyValues("queue.stall.after=1m", "management.health.queues.enabled=false")
                .run(context -> assertThat(context)
                        .hasSingleBean(StallWatchdog.class)
                        .doesNotHaveBean("queuesHealthIndicator"));
    }

    @Test
    void healthIndicatorIsNotDeclaredWithoutHealthOfSpringBoot() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        QueueAutoConfiguration.class,
                        QueueEventAutoConfiguration.class,
                        QueueHealthAutoConfiguration.class))
                .withPropertyValues("queue.stall.after=1m")
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context)
                        .hasSingleBean(StallWatchdog.class)
                        .doesNotHaveBean("queuesHealthIndicator"));
    }

    @Test
    void invalidValuesAreReportedWithTheirKey() {
        contextRunner
                .withPropertyValues("queue.stall.after=-1s")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("queue.stall.after")
                        .hasMessageContaining("Must be zero (no stall detection) or positive."));
        contextRunner
                .withPropertyValues("queue.stall.after=1s", "queue.stall.health-status=")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("queue.stall.health-status")
                        .hasMessageContaining("Must be a health status: DOWN"));
    }

    @Test
    void eventsAndWatchdogAreNotDeclaredWhenQueuesAreDisabled() {
        contextRunner
                .withPropertyValues("queue.enabled=false", "queue.stall.after=1m")
                .run(context ->
                        assertThat(context).doesNotHaveBean(QueueEvents.class).doesNotHaveBean(StallWatchdog.class));
    }

    private static List<Object> events(ApplicationContext context) {
        return context.getBean(Listener.class).events;
    }

    private static Health health(ApplicationContext context) {
        HealthIndicator indicator = (HealthIndicator)
                context.getBean(HealthContributorRegistry.class).getContributor("queues");
        return Objects.requireNonNull(
                Objects.requireNonNull(indicator, "no contributor named queues").health());
    }

    private static List<Thread> watchdogs() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("queue-stall-watchdog"))
                .toList();
    }

    /** A queue with one worker, whose task runs until this object is closed. */
    private static final class Stuck implements AutoCloseable {

        private final CountDownLatch goOn = new CountDownLatch(1);

        private final WorkerQueue<String> queue;

        Stuck(ApplicationContext context) throws InterruptedException {
            queue = context.getBean(QueueFactory.class).open("riot");
            CountDownLatch started = new CountDownLatch(1);
            queue.execute(() -> {
                started.countDown();
                goOn.await();
            });
            started.await();
        }

        @Override
        public void close() {
            goOn.countDown();
            queue.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Listener {

        final List<Object> events = new CopyOnWriteArrayList<>();

        @EventListener({QueueOpenedEvent.class, QueueClosedEvent.class, QueueStalledEvent.class})
        void record(Object event) {
            events.add(event);
        }
    }
}
