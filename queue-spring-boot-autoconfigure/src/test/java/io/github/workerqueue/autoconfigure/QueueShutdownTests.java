package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** Tests for graceful shutdown: rule 6 of {@code docs/reference/rules.md}. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class QueueShutdownTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(QueueAutoConfiguration.class, QueueMetricsAutoConfiguration.class));

    @Test
    void openQueuesDrainTogetherWhenContextCloses() {
        contextRunner.withUserConfiguration(Trail.class).run(context -> {
            QueueFactory factory = context.getBean(QueueFactory.class);
            List<String> trail = context.getBean(Trail.class).events;
            CountDownLatch closing = context.getBean(Trail.class).closing;
            WorkerQueue<String> first = factory.open("first");
            WorkerQueue<String> second = factory.open("second");
            second.execute(() -> {
                closing.await();
                first.execute(() -> second.execute(() -> trail.add("last task")));
            });
            close(context);
            assertThat(trail).containsExactly("last task", "below stopped", "bean destroyed");
            assertThat(first.snapshot().completed()).isEqualTo(1);
            assertThat(second.snapshot().completed()).isEqualTo(2);
        });
    }

    @Test
    void abandonedTasksAreLoggedWhenGracePeriodExpires(CapturedOutput output) {
        contextRunner
                .withPropertyValues("queue.shutdown.await-termination-period=50ms", "queue.instances.riot.workers=1")
                .run(context -> {
                    WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open("riot");
                    putStuck(queue, "match 17");
                    queue.put(() -> "never", TaskOptions.named("match 18"));
                    context.getBean(QueueFactory.class).open("idle");
                    close(context);
                    await().untilAsserted(() ->
                            assertThat(queue.snapshot().cancelled()).isEqualTo(2));
                });
        assertThat(output.getOut().lines().filter(line -> line.contains("WARN") && line.contains("Queue 'riot'")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .endsWith("abandoned 2 unfinished tasks on close (1 started, 1 not started)"),
                        line -> assertThat(line).endsWith("task 0 'match 17' was abandoned after it started"),
                        line -> assertThat(line).endsWith("task 1 'match 18' was abandoned before it started"));
    }

    @Test
    void tasksAreCancelledImmediatelyWhenGracePeriodIsZero() {
        contextRunner
                .withPropertyValues("queue.shutdown.await-termination-period=0")
                .run(context -> {
                    WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open();
                    putStuck(queue, "stuck");
                    close(context);
                    await().untilAsserted(() ->
                            assertThat(queue.snapshot().cancelled()).isEqualTo(1));
                });
    }

    @Test
    void gracePeriodMayExceedRangeOfNanoseconds() {
        contextRunner
                .withPropertyValues("queue.shutdown.await-termination-period=365000d")
                .run(context -> {
                    WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open();
                    queue.put(() -> "done");
                    close(context);
                    assertThat(queue.snapshot().completed()).isEqualTo(1);
                });
    }

    @Test
    void metersCountDuringDrain() {
        contextRunner
                .withUserConfiguration(Trail.class)
                .withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        SimpleMetricsExportAutoConfiguration.class))
                .run(context -> {
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    CountDownLatch closing = context.getBean(Trail.class).closing;
                    WorkerQueue<Boolean> queue =
                            context.getBean(QueueFactory.class).open("riot");
                    queue.put(() -> {
                        closing.await();
                        queue.execute(() -> {
                            throw new IOException();
                        });
                        return registry.isClosed();
                    });
                    close(context);
                    assertThat(queue.responses()).containsExactly(true);
                    assertThat(registry.get("queue.tasks")
                                    .tag("outcome", "success")
                                    .timer()
                                    .count())
                            .isEqualTo(1);
                    assertThat(registry.get("queue.tasks")
                                    .tag("outcome", "failure")
                                    .timer()
                                    .count())
                            .isEqualTo(1);
                    assertThat(registry.get("queue.wait").timer().count()).isEqualTo(2);
                });
    }

    @Test
    void queueAcceptsTasksWhenContextIsPausedAndRestarted() {
        contextRunner.run(context -> {
            ConfigurableApplicationContext pausable = source(context);
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
            pausable.pause();
            queue.put(() -> "while paused");
            pausable.restart();
            queue.put(() -> "after");
            assertThat(queue.join()).containsExactly("while paused", "after");
        });
    }

    @Test
    void factoryOpensQueuesWhenContextIsStoppedAndStarted() {
        contextRunner.run(context -> {
            ConfigurableApplicationContext stoppable = source(context);
            stoppable.stop();
            stoppable.start();
            try (WorkerQueue<String> queue = context.getBean(QueueFactory.class).open()) {
                queue.put(() -> "after");
                assertThat(queue.join()).containsExactly("after");
            }
        });
    }

    @Test
    void queuesDrainInTheirPhaseWhenContextWasRestarted() {
        contextRunner.withUserConfiguration(Trail.class).run(context -> {
            source(context).pause();
            source(context).restart();
            assertTasksEndInPhaseOfQueues(context);
        });
    }

    @Test
    void queuesDrainInTheirPhaseWhenContextIsPaused() {
        contextRunner.withUserConfiguration(Trail.class).run(context -> {
            source(context).pause();
            assertTasksEndInPhaseOfQueues(context);
        });
    }

    @Test
    void tasksMayBePutBeforeContextHasStarted() {
        contextRunner.withUserConfiguration(EarlyUser.class).run(context -> {
            WorkerQueue<?> queue = context.getBean("early", WorkerQueue.class);
            assertThat(queue.join()).hasToString("[early]");
        });
    }

    @Test
    void factoryClosesWithinGracePeriodWhenContextFailsToStart(CapturedOutput output) {
        contextRunner
                .withUserConfiguration(FailsAfterPut.class)
                .withPropertyValues("queue.shutdown.await-termination-period=50ms")
                .run(context -> assertThat(context).hasFailed());
        assertThat(output)
                .contains(
                        "Queue 'default': abandoned 1 unfinished task on close",
                        "task 0 'started too early' was abandoned after it started");
    }

    @Test
    void factoryOfApplicationClosesWithinGracePeriod(CapturedOutput output) {
        contextRunner
                .withUserConfiguration(OwnFactory.class)
                .withPropertyValues("queue.shutdown.await-termination-period=50ms")
                .run(context -> {
                    putStuck(context.getBean(QueueFactory.class).open("own"), "stuck");
                    close(context);
                });
        assertThat(output)
                .contains(
                        "Queue 'own': abandoned 1 unfinished task on close",
                        "task 0 'stuck' was abandoned after it started");
    }

    @Test
    void factoryOfApplicationDrainsInPhaseOfQueues() {
        contextRunner.withUserConfiguration(OwnFactory.class, Trail.class).run(context -> {
            assertTasksEndInPhaseOfQueues(context);
        });
    }

    @Test
    void queueBeanClosesWithinGracePeriodWhenContextFailsToStart(CapturedOutput output) {
        contextRunner
                .withUserConfiguration(QueueBeanFails.class)
                .withPropertyValues("queue.shutdown.await-termination-period=50ms")
                .run(context -> assertThat(context).hasFailed());
        assertThat(output)
                .contains(
                        "Queue 'default': abandoned 1 unfinished task on close",
                        "task 0 'started too early' was abandoned after it started");
    }

    @Test
    void factoriesOfContextShareGracePeriod() {
        contextRunner
                .withUserConfiguration(OwnFactory.class, AnotherFactory.class)
                .withPropertyValues("queue.shutdown.await-termination-period=2s")
                .run(context -> {
                    for (QueueFactory factory :
                            context.getBeansOfType(QueueFactory.class).values()) {
                        putStuck(factory.open(), "stuck");
                    }
                    long start = System.nanoTime();
                    close(context);
                    assertThat(Duration.ofNanos(System.nanoTime() - start))
                            .isBetween(Duration.ofMillis(1_990), Duration.ofMillis(3_900));
                });
    }

    @Test
    void childContextLeavesFactoryOfParentOpenWhenItCloses() {
        contextRunner.run(parent -> {
            contextRunner
                    .withParent(parent)
                    .run(child -> assertThat(source(child).getBeanFactory().getBeanNamesForType(QueueFactory.class))
                            .isEmpty());
            try (WorkerQueue<String> queue = parent.getBean(QueueFactory.class).open()) {
                queue.put(() -> "still open");
                assertThat(queue.join()).containsExactly("still open");
            }
        });
    }

    @Test
    void phaseLiesBetweenEndOfRequestsAndEndOfServer() {
        assertThat(QueueShutdown.PHASE)
                .isLessThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE)
                .isGreaterThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
    }

    private static void assertTasksEndInPhaseOfQueues(AssertableApplicationContext context)
            throws InterruptedException {
        Trail trail = context.getBean(Trail.class);
        context.getBean(QueueFactory.class).open().execute(() -> {
            trail.closing.await();
            trail.events.add("task");
        });
        close(context);
        assertThat(trail.events).containsExactly("task", "below stopped", "bean destroyed");
    }

    private static ConfigurableApplicationContext source(AssertableApplicationContext context) {
        return context.getSourceApplicationContext();
    }

    private static void close(AssertableApplicationContext context) {
        source(context).close();
    }

    /** Puts a task that runs until it is interrupted, and waits until it has started. */
    private static void putStuck(WorkerQueue<String> queue, String name) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        queue.put(
                () -> {
                    started.countDown();
                    new CountDownLatch(1).await();
                    return "never";
                },
                TaskOptions.named(name));
        started.await();
    }

    /** Beans that stop before and after the queues, and one that is destroyed. Tasks may wait for the first stop. */
    @Configuration(proxyBeanMethods = false)
    static class Trail {

        final CountDownLatch closing = new CountDownLatch(1);

        final List<String> events = new CopyOnWriteArrayList<>();

        @Bean
        SmartLifecycle above() {
            return new Stop(SmartLifecycle.DEFAULT_PHASE, closing::countDown);
        }

        @Bean
        SmartLifecycle below() {
            return new Stop(QueueShutdown.PHASE - 1, () -> events.add("below stopped"));
        }

        @Bean
        AutoCloseable usedByTasks() {
            return () -> events.add("bean destroyed");
        }
    }

    static final class Stop implements SmartLifecycle {

        private final int phase;

        private final Runnable onStop;

        private volatile boolean running;

        Stop(int phase, Runnable onStop) {
            this.phase = phase;
            this.onStop = onStop;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            onStop.run();
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public boolean isPauseable() {
            return false;
        }

        @Override
        public int getPhase() {
            return phase;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EarlyUser {

        @Bean
        WorkerQueue<String> early(QueueFactory factory) throws InterruptedException {
            WorkerQueue<String> queue = factory.open();
            queue.put(() -> "early");
            return queue;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class FailsAfterPut {

        @Bean
        String puts(QueueFactory factory) throws InterruptedException {
            putStuck(factory.open(), "started too early");
            return "put";
        }

        @Bean
        @DependsOn("puts")
        Object fails() {
            throw new IllegalStateException("on purpose");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class QueueBeanFails {

        @Bean
        WorkerQueue<String> puts(QueueFactory factory) throws InterruptedException {
            WorkerQueue<String> queue = factory.open();
            putStuck(queue, "started too early");
            return queue;
        }

        @Bean
        @DependsOn("puts")
        Object fails() {
            throw new IllegalStateException("on purpose");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {

        @Bean
        QueueFactory ownFactory() {
            return QueueFactory.create(QueueSettings.defaults());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AnotherFactory {

        @Bean
        QueueFactory anotherFactory() {
            return QueueFactory.create(QueueSettings.defaults());
        }
    }
}
