package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.context.ContextInterceptor;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;

/** Tests for {@link QueueContextAutoConfiguration}. */
@Timeout(60)
class QueueContextAutoConfigurationTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(QueueAutoConfiguration.class, QueueContextAutoConfiguration.class));

    @Test
    void contextIsNotPropagatedByDefault() {
        contextRunner.run(context -> {
            assertThat(interceptors(context, "any")).isEmpty();
            assertThat(mdcOfTask(context, "any")).isEqualTo("null");
        });
    }

    @Test
    void contextIsPropagatedWhenPropertyIsSet() {
        contextRunner.withPropertyValues("queue.propagate-context=true").run(context -> {
            assertThat(interceptors(context, "any")).hasExactlyElementsOfTypes(ContextInterceptor.class);
            assertThat(mdcOfTask(context, "any")).isEqualTo("ada");
        });
    }

    @Test
    void instanceInheritsPropagation() {
        contextRunner
                .withPropertyValues("queue.propagate-context=true", "queue.instances.riot.workers=3")
                .run(context -> assertThat(interceptors(context, "riot")).hasSize(1));
    }

    @Test
    void instanceEnablesPropagationForItsQueuesOnly() {
        contextRunner
                .withPropertyValues("queue.instances.riot.propagate-context=true")
                .run(context -> {
                    assertThat(interceptors(context, "riot")).hasSize(1);
                    assertThat(interceptors(context, "any")).isEmpty();
                });
    }

    @Test
    void instanceDisablesPropagation() {
        contextRunner
                .withPropertyValues("queue.propagate-context=true", "queue.instances.riot.propagate-context=false")
                .run(context -> {
                    assertThat(interceptors(context, "riot")).isEmpty();
                    assertThat(interceptors(context, "any")).hasSize(1);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue.propagate-context", "queue.instances.riot.propagate-context"})
    void startFailsWithMissingDependencyWhenPropagationIsEnabled(String key) {
        contextRunner
                .withClassLoader(new FilteredClassLoader("io.micrometer.context"))
                .withPropertyValues(key + "=true")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, failure -> {
                            assertThat(failure.getName()).isEqualTo(key);
                            assertThat(failure.getReason())
                                    .contains(
                                            "io.micrometer:context-propagation",
                                            "Must be false",
                                            "is on the classpath");
                        }));
    }

    @Test
    void startSucceedsWithoutDependencyWhenPropagationIsDisabled() {
        contextRunner
                .withClassLoader(new FilteredClassLoader("io.micrometer.context"))
                .withPropertyValues("queue.propagate-context=false")
                .run(context ->
                        assertThat(context).hasSingleBean(QueueFactory.class).doesNotHaveBean("queueContext"));
    }

    @Test
    void contextIsNotDeclaredWhenQueuesAreDisabled() {
        contextRunner
                .withPropertyValues("queue.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(QueueContextPropagation.class));
    }

    @Test
    void snapshotFactoryOfApplicationSelectsPropagatedContext() {
        contextRunner
                .withUserConfiguration(CarriesNothing.class)
                .withPropertyValues("queue.propagate-context=true")
                .run(context -> assertThat(mdcOfTask(context, "any")).isEqualTo("null"));
    }

    @Test
    void contextSurroundsInterceptorsAndDecorators() {
        contextRunner
                .withUserConfiguration(DecoratorOfBoot.class, OneInterceptor.class)
                .withPropertyValues("queue.propagate-context=true")
                .run(context -> assertThat(interceptors(context, "any"))
                        .hasSize(3)
                        .first()
                        .isInstanceOf(ContextInterceptor.class));
    }

    @Test
    void contextIsPropagatedWhenDecoratorOfSpringPropagatesItToo() {
        contextRunner
                .withUserConfiguration(DecoratorOfBoot.class)
                .withPropertyValues("queue.propagate-context=true", "queue.workers=1")
                .run(context -> {
                    ObservationRegistry registry = ObservationRegistry.create();
                    registry.observationConfig().observationHandler(new AnyHandler());
                    try (WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open()) {
                        Observation observation = Observation.start("ada", registry);
                        observation.scopedChecked(() -> queue.put(() -> currentObservation(registry)));
                        observation.stop();
                        queue.put(() -> currentObservation(registry));
                        assertThat(queue.join()).containsExactly("ada", "none");
                    }
                    assertThat(mdcOfTask(context, "any")).isEqualTo("ada");
                });
    }

    private static String currentObservation(ObservationRegistry registry) {
        Observation current = registry.getCurrentObservation();
        return current == null
                ? "none"
                : String.valueOf(current.getContextView().getName());
    }

    private static List<TaskInterceptor> interceptors(BeanFactory context, String name) {
        return context.getBean(QueueFactory.class).settings(name).interceptors();
    }

    private static String mdcOfTask(BeanFactory context, String name) throws InterruptedException {
        MDC.put("user", "ada");
        try (WorkerQueue<String> queue = context.getBean(QueueFactory.class).open(name)) {
            queue.put(() -> String.valueOf(MDC.get("user")));
            return queue.join().get(0);
        } finally {
            MDC.clear();
        }
    }

    private static final class AnyHandler implements ObservationHandler<Observation.Context> {

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class CarriesNothing {

        @Bean
        ContextSnapshotFactory contextSnapshotFactory() {
            return ContextSnapshotFactory.builder()
                    .captureKeyPredicate(key -> false)
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class DecoratorOfBoot {

        @Bean
        TaskDecorator contextPropagatingTaskDecorator() {
            return new ContextPropagatingTaskDecorator();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneInterceptor {

        @Bean
        TaskInterceptor leavesTasksAsTheyAre() {
            return task -> null;
        }
    }
}
