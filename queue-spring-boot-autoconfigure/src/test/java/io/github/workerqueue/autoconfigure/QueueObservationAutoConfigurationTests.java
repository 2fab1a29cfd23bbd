package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.TaskInfo;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskScope;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.context.ContextInterceptor;
import io.github.workerqueue.observation.ObservationInterceptor;
import io.github.workerqueue.observation.QueueTaskObservationConvention;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.TaskDecorator;

/** Tests for {@link QueueObservationAutoConfiguration}. */
@Timeout(60)
class QueueObservationAutoConfigurationTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    QueueAutoConfiguration.class,
                    QueueContextAutoConfiguration.class,
                    QueueMetricsAutoConfiguration.class,
                    QueueObservationAutoConfiguration.class));

    private final ApplicationContextRunner bootRunner = contextRunner.withConfiguration(AutoConfigurations.of(
            MetricsAutoConfiguration.class,
            CompositeMeterRegistryAutoConfiguration.class,
            SimpleMetricsExportAutoConfiguration.class,
            ObservationAutoConfiguration.class));

    @Test
    void tasksAreObserved() {
        contextRunner.withUserConfiguration(Registry.class).run(context -> {
            assertThat(interceptors(context)).hasExactlyElementsOfTypes(ObservationInterceptor.class);
            runTask(context, "riot");
            assertThat(context.getBean(TestObservationRegistry.class))
                    .hasSingleObservationThat()
                    .hasBeenStopped()
                    .hasNameEqualTo("queue.task")
                    .hasLowCardinalityKeyValue("queue.name", "riot");
        });
    }

    @Test
    void observationAddsNoMeterByDefault() {
        bootRunner
                .withBean("other", SimpleMeterRegistry.class)
                .withBean("another", SimpleMeterRegistry.class)
                .run(context -> {
                    runTask(context, "riot");
                    assertThat(context.getBeansOfType(MeterRegistry.class)).hasSize(3);
                    for (MeterRegistry registry : List.of(
                            context.getBean("other", MeterRegistry.class),
                            context.getBean("another", MeterRegistry.class))) {
                        assertThat(registry.getMeters())
                                .extracting(meter -> meter.getId().getName())
                                .contains("queue.tasks")
                                .noneMatch(name -> name.equals("queue.task") || name.startsWith("queue.task."));
                    }
                });
    }

    @Test
    void observationAddsTimerWhenApplicationReplacesFilter() {
        bootRunner.withBean("queueTaskMeterFilter", NoFilter.class).run(context -> {
            runTask(context, "riot");
            assertThat(context.getBean(MeterRegistry.class)
                            .get("queue.task")
                            .tags("queue.name", "riot", "outcome", "success", "exception", "none")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void propertyOfSpringBootDisablesObservation() {
        bootRunner
                .withBean("queueTaskMeterFilter", NoFilter.class)
                .withPropertyValues("management.observations.enable.queue.task=false")
                .run(context -> {
                    runTask(context, "riot");
                    assertThat(context.getBean(MeterRegistry.class)
                                    .find("queue.task")
                                    .timer())
                            .isNull();
                });
    }

    @Test
    void observationUsesNamesOfMetersWhenMaxNamesIsExceeded() {
        bootRunner
                .withBean("queueTaskMeterFilter", NoFilter.class)
                .withPropertyValues("queue.metrics.max-names=1")
                .run(context -> {
                    for (int i = 0; i < 5; i++) {
                        runTask(context, "user-" + i);
                    }
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("queue.task")
                                    .timers())
                            .extracting(timer -> timer.getId().getTag("queue.name"))
                            .containsExactlyInAnyOrder("user-0", "other");
                });
    }

    @Test
    void tasksAreNotObservedWithoutRegistry() {
        contextRunner.run(context -> assertThat(interceptors(context)).isEmpty());
    }

    @Test
    void tasksAreNotObservedWhenRegistryIsNoop() {
        contextRunner
                .withUserConfiguration(NoopRegistry.class)
                .run(context -> assertThat(interceptors(context)).isEmpty());
    }

    @Test
    void tasksAreNotObservedWithoutMicrometerObservation() {
        contextRunner
                .withClassLoader(new FilteredClassLoader("io.micrometer.observation"))
                .run(context -> {
                    assertThat(context).hasSingleBean(QueueFactory.class).doesNotHaveBean("queueObservation");
                    assertThat(interceptors(context)).isEmpty();
                });
    }

    @Test
    void tasksAreObservedWithoutMeters() {
        contextRunner
                .withClassLoader(new FilteredClassLoader("io.micrometer.core"))
                .withUserConfiguration(Registry.class)
                .run(context -> {
                    runTask(context, "riot");
                    assertThat(context.getBean(TestObservationRegistry.class))
                            .hasSingleObservationThat()
                            .hasLowCardinalityKeyValue("queue.name", "riot");
                });
    }

    @Test
    void observationIsNotDeclaredWhenQueuesAreDisabled() {
        contextRunner
                .withUserConfiguration(Registry.class)
                .withPropertyValues("queue.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ObservationInterceptor.class));
    }

    @Test
    void conventionOfApplicationNamesObservation() {
        contextRunner.withUserConfiguration(Registry.class, OwnConvention.class).run(context -> {
            runTask(context, "riot");
            assertThat(context.getBean(TestObservationRegistry.class))
                    .hasSingleObservationThat()
                    .hasNameEqualTo("my.task");
        });
    }

    @Test
    void interceptorOfApplicationReplacesDefaultInterceptor() {
        contextRunner
                .withUserConfiguration(Registry.class, OwnInterceptor.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(ObservationInterceptor.class)
                        .hasBean("ownInterceptor"));
    }

    @Test
    void contextIsOutermostThenInterceptorsInOrderThenDecorators() {
        contextRunner
                .withUserConfiguration(Registry.class, InterceptorsAndDecorator.class)
                .withPropertyValues("queue.propagate-context=true")
                .run(context -> assertThat(interceptors(context))
                        .extracting(interceptor -> interceptor.getClass().getSimpleName())
                        .containsExactly(
                                ContextInterceptor.class.getSimpleName(),
                                "Before",
                                ObservationInterceptor.class.getSimpleName(),
                                "After",
                                DecoratorInterceptor.class.getSimpleName()));
    }

    private static List<TaskInterceptor> interceptors(BeanFactory context) {
        return context.getBean(QueueFactory.class).settings("any").interceptors();
    }

    private static void runTask(BeanFactory context, String queue) throws InterruptedException {
        try (WorkerQueue<String> opened = context.getBean(QueueFactory.class).open(queue)) {
            opened.put(() -> "done");
            assertThat(opened.join()).containsExactly("done");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Registry {

        @Bean
        TestObservationRegistry observationRegistry() {
            return TestObservationRegistry.create();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NoopRegistry {

        @Bean
        ObservationRegistry observationRegistry() {
            return ObservationRegistry.NOOP;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnConvention {

        @Bean
        QueueTaskObservationConvention ownConvention() {
            return new QueueTaskObservationConvention() {
                @Override
                public String getName() {
                    return "my.task";
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnInterceptor {

        @Bean
        ObservationInterceptor ownInterceptor(ObservationRegistry registry) {
            return new ObservationInterceptor(registry);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class InterceptorsAndDecorator {

        @Bean
        TaskDecorator decorator() {
            return task -> task;
        }

        @Bean
        @Order(1)
        After after() {
            return new After();
        }

        @Bean
        @Order(-1)
        Before before() {
            return new Before();
        }
    }

    static final class Before extends LeavesTasksAsTheyAre {}

    static final class After extends LeavesTasksAsTheyAre {}

    private abstract static class LeavesTasksAsTheyAre implements TaskInterceptor {

        @Override
        public @Nullable TaskScope intercept(TaskInfo task) {
            return null;
        }
    }

    static class NoFilter implements MeterFilter {}
}
