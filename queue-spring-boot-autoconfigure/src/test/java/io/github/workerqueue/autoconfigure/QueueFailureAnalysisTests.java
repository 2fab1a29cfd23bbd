package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.mockito.Mockito.mock;

import io.github.workerqueue.AbandonedTaskHandler;
import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.WorkerQueue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskDecorator;

/** Tests for the reports of starts that fail because of an injection: qualifiers, cycles and mocks. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class QueueFailureAnalysisTests {

    private static final String[] TWO_NAMES = {"--queue.instances.riot.workers=3", "--queue.instances.lol.workers=3"};

    @Test
    void misspeltQualifierIsReportedWithConfiguredNames(CapturedOutput output) {
        fail(Misspelt.class, TWO_NAMES);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The bean 'queueFailureAnalysisTests.Misspelt' needs a bean of type WorkerQueue "
                        + "with the qualifier 'roit', "
                        + "but no queue of this name is configured.")
                .contains("The names below 'queue.instances' are 'lol', 'riot'.")
                .contains("Use @Qualifier(\"riot\") if you mean that queue.")
                .doesNotContain("Consider defining a bean");
    }

    @Test
    void missingQualifierIsReportedWithConfiguredNames(CapturedOutput output) {
        fail(Unqualified.class, TWO_NAMES);
        assertThat(output)
                .contains("needs a bean of type WorkerQueue without a qualifier")
                .contains("The names below 'queue.instances' are 'lol', 'riot'.")
                .contains("Add @Qualifier(\"lol\") or another name")
                .doesNotContain("Consider defining a bean");
    }

    @Test
    void qualifierIsReportedWhenNoNameIsConfigured(CapturedOutput output) {
        fail(Misspelt.class);
        assertThat(output)
                .contains("with the qualifier 'roit'", "No name is configured below 'queue.instances'.")
                .contains("Configure 'queue.instances[roit]'", "'name: {}' is ignored");
    }

    @Test
    void missingQualifierIsReportedWhenNoNameIsConfigured(CapturedOutput output) {
        fail(Unqualified.class);
        assertThat(output)
                .contains(
                        "No name is configured below 'queue.instances'.", "Configure a queue below 'queue.instances'");
    }

    @Test
    void qualifierIsReportedWhenQueuesAreDisabled(CapturedOutput output) {
        fail(Misspelt.class, "--queue.enabled=false", "--queue.instances.roit.workers=3");
        assertThat(output).contains("needs a bean of type WorkerQueue, but 'queue.enabled' is false.");
    }

    @Test
    void misspeltQualifierOfExecutorIsReported(CapturedOutput output) {
        fail(MisspeltExecutor.class, TWO_NAMES);
        assertThat(output)
                .contains("needs a bean of type Executor with the qualifier 'roit'", "Use @Qualifier(\"riot\")");
    }

    @Test
    void missingBeansOfOtherTypesAreLeftToBoot(CapturedOutput output) {
        fail(OtherExecutor.class, TWO_NAMES);
        assertThat(output).contains("Consider revisiting the entries above").doesNotContain("queue.instances'");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                HandlerWithFactory.class,
                AbandonedTaskHandlerWithFactory.class,
                ListenerWithFactory.class,
                InterceptorWithFactory.class,
                DecoratorWithFactory.class,
                HandlerWithQueue.class
            })
    void cycleOfBeanThatFactoryNeedsIsReported(Class<?> application, CapturedOutput output) {
        fail(application, TWO_NAMES);
        assertThat(output)
                .contains("The queue factory needs the bean 'user' while it is built, and 'user' needs the factory")
                .contains("queueFactoryBuilder")
                .contains("Inject ObjectProvider<QueueFactory> into 'user'")
                .doesNotContain("form a cycle");
    }

    @Test
    void reportNamesBeanThatNeedsFactoryWhenCycleHasAnotherBean(CapturedOutput output) {
        fail(HandlerWithService.class);
        assertThat(output).contains("Inject ObjectProvider<QueueFactory> into 'service'");
    }

    @Test
    void cycleOfSelectedHandlerIsReported(CapturedOutput output) {
        fail(TwoHandlers.class, "--queue.exception-handler=user");
        assertThat(output).contains("Inject ObjectProvider<QueueFactory> into 'user'");
    }

    @Test
    void cycleWithoutFactoryIsLeftToBoot(CapturedOutput output) {
        fail(OtherCycle.class);
        assertThat(output).contains("form a cycle").doesNotContain("ObjectProvider<QueueFactory>");
    }

    @Test
    void handlerWithProviderOfFactoryStarts() {
        start(HandlerWithProvider.class);
    }

    @Test
    void factoryThatReturnsNullIsReported(CapturedOutput output) {
        fail(MockedFactory.class, TWO_NAMES);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The QueueFactory bean returned null for queue 'riot'")
                .contains("Stub open(\"riot\")", "TestQueueConfiguration");
    }

    private static void fail(Class<?> application, String... args) {
        assertThatException().isThrownBy(() -> start(application, args));
    }

    private static void start(Class<?> application, String... args) {
        new SpringApplicationBuilder(application, Queues.class)
                .web(WebApplicationType.NONE)
                .run(args)
                .close();
    }

    record Misspelt(@Qualifier("roit") WorkerQueue<String> queue) {}

    record Unqualified(WorkerQueue<String> queue) {}

    record MisspeltExecutor(@Qualifier("roit") Executor executor) {}

    record OtherExecutor(@Qualifier("other") Executor executor) {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(QueueAutoConfiguration.class)
    static class Queues {}

    @Configuration(proxyBeanMethods = false)
    static class HandlerWithFactory {

        @Bean
        QueueExceptionHandler user(QueueFactory factory) {
            return failure -> factory.queues();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AbandonedTaskHandlerWithFactory {

        @Bean
        AbandonedTaskHandler user(QueueFactory factory) {
            return task -> factory.queues();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ListenerWithFactory {

        @Bean
        QueueListener user(QueueFactory factory) {
            return new QueueListener() {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class InterceptorWithFactory {

        @Bean
        TaskInterceptor user(QueueFactory factory) {
            return task -> null;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class DecoratorWithFactory {

        @Bean
        TaskDecorator user(QueueFactory factory) {
            return task -> task;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class HandlerWithQueue {

        @Bean
        QueueExceptionHandler user(@Qualifier("riot") WorkerQueue<String> queue) {
            return failure -> queue.cancel();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class HandlerWithService {

        @Bean
        QueueExceptionHandler user(StringBuilder service) {
            return failure -> service.append(failure);
        }

        @Bean
        StringBuilder service(QueueFactory factory) {
            return new StringBuilder();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoHandlers {

        @Bean
        String consumer(QueueFactory factory) {
            return "";
        }

        @Bean
        QueueExceptionHandler user(QueueFactory factory) {
            return failure -> factory.queues();
        }

        @Bean
        QueueExceptionHandler other() {
            return failure -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherCycle {

        @Bean
        String one(StringBuilder other) {
            return "";
        }

        @Bean
        StringBuilder other(String one) {
            return new StringBuilder();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class HandlerWithProvider {

        @Bean
        QueueExceptionHandler user(ObjectProvider<QueueFactory> factory) {
            return failure -> factory.getObject().queues();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class MockedFactory {

        @Bean
        QueueFactory queueFactory() {
            return mock();
        }

        @Bean
        String user(@Qualifier("riot") WorkerQueue<String> queue) {
            return queue.name();
        }
    }
}
