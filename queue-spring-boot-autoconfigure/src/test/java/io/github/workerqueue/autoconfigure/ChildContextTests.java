package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.AbandonedTaskHandler;
import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.RateLimit;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskScope;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.actuate.QueueEndpoint;
import io.github.workerqueue.event.QueueEvents;
import io.github.workerqueue.event.QueueOpenedEvent;
import io.github.workerqueue.event.StallWatchdog;
import io.github.workerqueue.health.QueueHealthIndicator;
import io.github.workerqueue.jfr.JfrTasks;
import io.github.workerqueue.metrics.QueueMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.task.TaskDecorator;

/** Tests for the factories of parent and child contexts. */
@Timeout(60)
class ChildContextTests {

    private static final String NAME = "queue.instances.reports";

    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    QueueAutoConfiguration.class,
                    QueueEndpointAutoConfiguration.class,
                    QueueEventAutoConfiguration.class,
                    QueueHealthAutoConfiguration.class,
                    QueueJfrAutoConfiguration.class,
                    QueueMetricsAutoConfiguration.class))
            .withPropertyValues(
                    "queue.instances.reports.task-timeout=9s",
                    "queue.instances.reports.rate-limits[0].permits=${permits:7}",
                    "queue.instances.reports.rate-limits[0].per=1s",
                    "queue.stall.after=1h",
                    "management.endpoints.web.exposure.include=queues");

    private final ApplicationContextRunner parentRunner = contextRunner.withBean(SimpleMeterRegistry.class);

    @Test
    void childUsesFactoryOfParentWhenNothingDiffers() {
        parentRunner.run(parent -> childRunner(parent, "other.key=1", "queue.our-own-key=1", "queue.enabled=true")
                .run(child -> {
                    assertThat(local(child).getBeanNamesForType(QueueFactory.class))
                            .isEmpty();
                    assertThat(local(child).getBeanNamesForType(QueueFactory.Builder.class))
                            .isEmpty();
                    assertThat(local(child).getBeanNamesForType(QueueListener.class))
                            .isEmpty();
                    assertThat(local(child).getBeanNamesForType(QueueEndpoint.class))
                            .isEmpty();
                    assertThat(local(child).getBeanNamesForType(WorkerQueue.class))
                            .isEmpty();
                    assertThat(local(child).getBeanNamesForType(QueueHealthIndicator.class))
                            .isEmpty();
                    assertThat((Object) queue(child)).isSameAs(parent.getBean(NAME));
                }));
    }

    @Test
    void parentAndChildrenDrainWithinOneGracePeriodWhenParentCloses() throws InterruptedException {
        ConfigurableApplicationContext parent = contextThatDrains(null);
        ConfigurableApplicationContext first = contextThatDrains(parent);
        ConfigurableApplicationContext second = contextThatDrains(parent);
        CountDownLatch started = new CountDownLatch(3);
        for (ConfigurableApplicationContext context : List.of(parent, first, second)) {
            context.getBean(QueueFactory.class).open().execute(() -> {
                started.countDown();
                new CountDownLatch(1).await();
            });
        }
        started.await();

        long start = System.nanoTime();
        parent.close();

        assertThat(first.isActive() || second.isActive()).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(PERIOD, PERIOD.plusMillis(1_500));
    }

    private static ConfigurableApplicationContext contextThatDrains(@Nullable ConfigurableApplicationContext parent) {
        SpringApplicationBuilder builder = new SpringApplicationBuilder(Drains.class).web(WebApplicationType.NONE);
        if (parent != null) {
            builder.parent(parent);
        }
        return builder.run(
                "--queue.shutdown.await-termination-period=" + PERIOD.toSeconds() + "s",
                "--queue.workers=" + (parent == null ? 1 : 2));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(QueueAutoConfiguration.class)
    static class Drains {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue.instances.reports.workers=3",
                "queue.instances.reports.taskTimeout=8s",
                "queue.instances.another.workers=3",
                "queue.maxsize=3",
                "queue.shutdown.await-termination-period=3s",
                "permits=8"
            })
    void childHasFactoryOfItsOwnWhenPropertyDiffers(String property) {
        parentRunner.run(parent -> childRunner(parent, property)
                .run(child -> assertThat((Object) child.getBean(QueueFactory.class))
                        .isNotSameAs(parent.getBean(QueueFactory.class))));
    }

    @Test
    void childHasFactoryOfItsOwnWhenItsListReplacesThatOfParent() {
        String second = "queue.instances.reports.rate-limits[1].";
        parentRunner.withPropertyValues(second + "permits=8", second + "per=1m").run(parent -> {
            assertThat(rateLimits(parent)).hasSize(2);
            String first = "queue.instances.reports.rate-limits[0].";
            childRunner(parent, first + "permits=7", first + "per=1s")
                    .run(child -> assertThat(rateLimits(child)).hasSize(1));
        });
    }

    private static List<RateLimit> rateLimits(ApplicationContext context) {
        return context.getBean(QueueFactory.class).settings("reports").rateLimits();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                DeclaresExceptionHandler.class,
                DeclaresAbandonedTaskHandler.class,
                DeclaresListener.class,
                DeclaresInterceptor.class,
                DeclaresDecorator.class
            })
    void childHasFactoryOfItsOwnWhenItDeclaresBean(Class<?> declaration) {
        parentRunner.run(parent -> childRunner(parent)
                .withUserConfiguration(declaration)
                .run(child -> assertThat((Object) child.getBean(QueueFactory.class))
                        .isNotSameAs(parent.getBean(QueueFactory.class))));
    }

    @Test
    void handlerOfChildIsUsedAndListenersOfBothAreNotifiedOnce() {
        Calls ofParent = new Calls();
        Calls ofChild = new Calls();
        parentRunner
                .withBean("parentHandler", QueueExceptionHandler.class, () -> ofParent::failed)
                .withBean("parentListener", QueueListener.class, () -> ofParent)
                .withBean("parentOpened", Opened.class, () -> new Opened(ofParent))
                .run(parent -> childRunner(parent)
                        .withBean("childHandler", QueueExceptionHandler.class, () -> ofChild::failed)
                        .withBean("childListener", QueueListener.class, () -> ofChild)
                        .withBean("childOpened", Opened.class, () -> new Opened(ofChild))
                        .run(child -> {
                            WorkerQueue<?> queue = queue(child);
                            queue.put(() -> {
                                throw new IllegalStateException("on purpose");
                            });
                            queue.join();
                            assertThat(ofChild.events).containsExactlyInAnyOrder("opened", "event", "failed");
                            assertThat(ofParent.events).containsExactlyInAnyOrder("opened", "event");
                        }));
    }

    @Test
    void handlerOfParentIsUsedWhenChildHasNone() {
        Calls ofParent = new Calls();
        parentRunner
                .withBean("parentHandler", QueueExceptionHandler.class, () -> ofParent::failed)
                .run(parent -> childRunner(parent, "queue.workers=3").run(child -> {
                    WorkerQueue<?> queue = queue(child);
                    queue.put(() -> {
                        throw new IllegalStateException("on purpose");
                    });
                    queue.join();
                    assertThat(ofParent.events).containsExactly("failed");
                }));
    }

    @Test
    void metersOfParentSumQueuesOfBothContexts() {
        parentRunner.run(parent -> childRunner(parent, "queue.instances.reports.workers=3")
                .run(child -> {
                    MeterRegistry registry = parent.getBean(MeterRegistry.class);
                    queue(parent);
                    WorkerQueue<?> ofChild = queue(child);
                    ofChild.put(() -> null);
                    ofChild.join();
                    assertThat(local(child).getBeanNamesForType(QueueMetrics.class))
                            .isEmpty();
                    assertThat(registry.get("queue.workers").gauge().value()).isEqualTo(28);
                    assertThat(registry.get("queue.open").gauge().value()).isEqualTo(2);
                    assertThat(registry.get("queue.tasks")
                                    .tag("outcome", "success")
                                    .timer()
                                    .count())
                            .isEqualTo(1);
                    close(child);
                    assertThat(registry.get("queue.workers").gauge().value()).isEqualTo(25);
                }));
    }

    @Test
    void metersOfParentCountStalledQueuesOfBothContexts() {
        parentRunner
                .withPropertyValues("queue.stall.after=1ms", "queue.instances.reports.workers=1")
                .run(parent -> childRunner(parent, "queue.stall.after=1ms", "queue.instances.reports.workers=2")
                        .run(child -> {
                            CountDownLatch release = new CountDownLatch(1);
                            CountDownLatch releaseChild = new CountDownLatch(1);
                            queue(parent).execute(release::await);
                            queue(child).execute(releaseChild::await);
                            queue(child).execute(releaseChild::await);
                            Gauge stalled = parent.getBean(MeterRegistry.class)
                                    .get("queue.stalled")
                                    .gauge();
                            await().until(() -> stalled.value() == 2);
                            releaseChild.countDown();
                            close(child);
                            assertThat(stalled.value()).isEqualTo(1);
                            release.countDown();
                        }));
    }

    @Test
    void childHasWatchdogEndpointAndHealthOfItsOwn() {
        parentRunner.run(parent -> childRunner(parent, "queue.instances.reports.workers=3")
                .run(child -> {
                    queue(parent);
                    WorkerQueue<?> ofChild = queue(child);
                    assertThat((Object) child.getBean(StallWatchdog.class))
                            .isNotSameAs(parent.getBean(StallWatchdog.class));
                    assertThat(child.getBean(StallWatchdog.class).isRunning()).isTrue();
                    assertThat((Object) child.getBean(QueueEvents.class))
                            .isNotSameAs(parent.getBean(QueueEvents.class));
                    assertThat(local(child).getBeanNamesForType(JfrTasks.class)).isEmpty();
                    assertThat(local(child).getBeanNamesForType(QueueHealthIndicator.class))
                            .hasSize(1);
                    assertThat(child.getBean(QueueEndpoint.class).queues(null).queues())
                            .extracting(queue -> queue.figures().workers())
                            .containsExactly(3);
                    assertThat(parent.getBean(QueueEndpoint.class).queues(null).queues())
                            .extracting(queue -> queue.figures().workers())
                            .containsExactly(25);
                    assertThat(new NearestFactories(local(child)))
                            .containsExactly(child.getBean("queueFactory", QueueFactory.class));
                    assertThat(ofChild.workers()).isEqualTo(3);
                }));
    }

    @Test
    void eventsArePublishedOnceWhenParentDeclaresItsOwn() {
        Calls ofParent = new Calls();
        parentRunner
                .withBean("ownEvents", QueueEvents.class, () -> new QueueEvents(event -> ofParent.events.add("own")))
                .withBean("parentOpened", Opened.class, () -> new Opened(ofParent))
                .run(parent -> childRunner(parent, "queue.workers=3").run(child -> {
                    queue(child);
                    assertThat(ofParent.events).containsExactly("event");
                }));
    }

    @Test
    void endpointOfChildShowsFactoryOfParentWhenParentHasNoEndpoint() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
                .run(parent -> new ApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(
                                QueueAutoConfiguration.class, QueueEndpointAutoConfiguration.class))
                        .withParent(parent)
                        .withPropertyValues("management.endpoints.web.exposure.include=queues")
                        .run(child -> {
                            parent.getBean(QueueFactory.class).open("of-parent");
                            assertThat(child.getBean(QueueEndpoint.class)
                                            .queues(null)
                                            .queues())
                                    .extracting(queue -> queue.figures().name())
                                    .containsExactly("of-parent");
                        }));
    }

    @Test
    void closeOfChildDrainsOnlyQueuesOfChild() {
        parentRunner.run(parent -> childRunner(parent, "queue.instances.reports.workers=3")
                .run(child -> {
                    WorkerQueue<?> ofParent = queue(parent);
                    WorkerQueue<?> ofChild = queue(child);
                    CountDownLatch closing = new CountDownLatch(1);
                    ofParent.execute(closing::await);
                    ofChild.execute(() -> {});
                    close(child);
                    assertThat(ofChild.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
                    assertThat(ofChild.snapshot().completed()).isEqualTo(1);
                    assertThat(ofParent.snapshot().state()).isEqualTo(QueueSnapshot.State.OPEN);
                    closing.countDown();
                    ofParent.join();
                }));
    }

    @Test
    void startFailsWhenFactoryOfParentIsDeclaredByApplication() {
        new ApplicationContextRunner().withUserConfiguration(OwnFactory.class).run(parent -> {
            childRunner(parent, "queue.workers=3")
                    .withUserConfiguration(DeclaresListener.class)
                    .run(child -> assertThat(child)
                            .getFailure()
                            .rootCause()
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("The QueueFactory bean 'ownFactory' of the parent context")
                            .hasMessageContaining("settings of this context: queue.workers, ")
                            .hasMessageContaining("bean 'listener'")
                            .hasMessageContaining("Declare a QueueFactory in this context"));
            childRunner(parent)
                    .withUserConfiguration(ChildFactory.class)
                    .run(child -> assertThat((Object) child.getBean(QueueFactory.class))
                            .isSameAs(child.getBean("childFactory")));
        });
    }

    @Test
    void childUsesFactoryOfApplicationInParentWhenNothingDiffers() {
        new ApplicationContextRunner()
                .withUserConfiguration(OwnFactory.class)
                .run(parent -> new ApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(
                                QueueAutoConfiguration.class,
                                QueueEventAutoConfiguration.class,
                                QueueJfrAutoConfiguration.class))
                        .withParent(parent)
                        .run(child -> assertThat((Object) child.getBean(QueueFactory.class))
                                .isSameAs(parent.getBean("ownFactory"))));
    }

    @Test
    void grandchildUsesFactoryOfNearestContext() {
        parentRunner.run(parent -> childRunner(parent, "queue.workers=3")
                .run(child -> childRunner(child, "queue.workers=3").run(grandchild -> {
                    assertThat((Object) grandchild.getBean(QueueFactory.class)).isSameAs(child.getBean("queueFactory"));
                    assertThat((Object) queue(grandchild)).isSameAs(child.getBean(NAME));
                })));
    }

    @Test
    void childOfApplicationBuilderHasFactoryOfItsOwnOnlyWhenPropertiesDiffer() {
        SpringApplicationBuilder parent = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("queue.instances.reports.workers=2");
        for (int workers : new int[] {2, 3}) {
            try (ConfigurableApplicationContext child = parent.child(Application.class)
                    .web(WebApplicationType.NONE)
                    .properties("queue.instances.reports.workers=" + workers)
                    .run()) {
                assertThat(child.getBeanFactory().getBeanNamesForType(QueueFactory.class))
                        .hasSize(workers - 2);
                assertThat(queue(child).workers()).isEqualTo(workers);
            }
        }
        Objects.requireNonNull(parent.context()).close();
    }

    @Test
    void managementContextShowsFactoryOfApplication() throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--management.endpoints.web.exposure.include=queues,health",
                        "--queue.stall.after=1h",
                        "--queue.instances.reports.workers=3")) {
            queue(context);
            String port = context.getEnvironment().getRequiredProperty("local.management.port");
            assertThat(port).isNotEqualTo(context.getEnvironment().getRequiredProperty("local.server.port"));
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/queues"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).containsOnlyOnce("\"name\":\"reports\"").contains("\"workers\":3");
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("queue-stall-watchdog"))
                    .hasSize(1);
        }
    }

    /** Adds properties of the child alone; the runner shares those of the test with the parent. */
    private ApplicationContextRunner childRunner(AssertableApplicationContext parent, String... properties) {
        return contextRunner
                .withParent(parent)
                .withInitializer(child -> TestPropertyValues.of(properties)
                        .applyTo(child.getEnvironment(), TestPropertyValues.Type.MAP, "child" + parent.getId()));
    }

    private static WorkerQueue<?> queue(ApplicationContext context) {
        return QualifiedQueueTests.queue(context, "reports");
    }

    private static ConfigurableListableBeanFactory local(AssertableApplicationContext context) {
        return context.getSourceApplicationContext().getBeanFactory();
    }

    private static void close(AssertableApplicationContext context) {
        context.getSourceApplicationContext().close();
    }

    /** Names of the calls of a queue listener, an exception handler and an event listener. */
    static class Calls implements QueueListener {

        final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public void opened(String queue, long id, Supplier<QueueSnapshot> figures) {
            events.add("opened");
        }

        void failed(Object failure) {
            events.add("failed");
        }
    }

    record Opened(Calls calls) {

        @EventListener
        void opened(QueueOpenedEvent event) {
            calls.events.add("event");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class DeclaresExceptionHandler {

        @Bean
        QueueExceptionHandler exceptionHandler() {
            return failure -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class DeclaresAbandonedTaskHandler {

        @Bean
        AbandonedTaskHandler abandonedTaskHandler() {
            return task -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class DeclaresListener {

        @Bean
        QueueListener listener() {
            return new Calls();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class DeclaresInterceptor {

        @Bean
        TaskInterceptor interceptor() {
            return task -> new TaskScope() {
                @Override
                public <R extends @Nullable Object> R call(Callable<R> callable) throws Exception {
                    return callable.call();
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class DeclaresDecorator {

        @Bean
        TaskDecorator decorator() {
            return task -> task;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {

        @Bean
        QueueFactory ownFactory() {
            return QueueFactory.create(QueueSettings.defaults().withWorkers(7));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ChildFactory {

        @Bean
        QueueFactory childFactory(QueueFactory.Builder builder) {
            return builder.build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
