package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.WorkerQueue;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tests for the injection of a queue by its configured name. */
@Timeout(60)
class QualifiedQueueTests {

    private static final String NAME = "queue.instances.riot";

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
            .withPropertyValues("queue.instances.riot.workers=3");

    @Test
    void queueIsInjectedByNameOfInstance() {
        contextRunner.withUserConfiguration(Ladder.class).run(context -> {
            WorkerQueue<String> queue = context.getBean(Ladder.class).queue();
            assertThat(queue.name()).isEqualTo("riot");
            assertThat(queue.workers()).isEqualTo(3);
            queue.put(() -> "done");
            assertThat(queue.join()).containsExactly("done");
        });
    }

    @Test
    void queueIsSharedByInjectionPointsOfDifferentResultTypes() {
        contextRunner.withUserConfiguration(Ladder.class, Matches.class).run(context -> {
            assertThat((Object) context.getBean(Matches.class).queue())
                    .isSameAs(context.getBean(Ladder.class).queue())
                    .isSameAs(context.getBean(NAME));
            assertThat(context.getBean(QueueFactory.class).queues()).hasSize(1);
        });
    }

    @Test
    void queueIsNotOpenedUnlessItIsInjected() {
        contextRunner.run(context -> {
            assertThat(context.containsBean(NAME)).isTrue();
            assertThat(context.getBean(QueueFactory.class).queues()).isEmpty();
        });
    }

    @Test
    void queueIsAvailableForNameOfAnyCharacters() {
        contextRunner
                .withPropertyValues("queue.instances[&My queue.1].workers=4")
                .run(context ->
                        assertThat(queue(context, "&My queue.1").workers()).isEqualTo(4));
    }

    @Test
    void queueIsNotInjectedWhenNameIsNotConfigured() {
        contextRunner
                .withUserConfiguration(Other.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(UnsatisfiedDependencyException.class)
                        .rootCause()
                        .isInstanceOf(NoSuchBeanDefinitionException.class)
                        .hasMessageContaining("@org.springframework.beans.factory.annotation.Qualifier(\"other\")"));
    }

    @Test
    void queueIsNotInjectedWithoutQualifier() {
        contextRunner.withUserConfiguration(Unqualified.class).run(context -> {
            Unqualified unqualified = context.getBean(Unqualified.class);
            assertThat(unqualified.any().getIfAvailable()).isNull();
            assertThat(unqualified.any().stream()).isEmpty();
            assertThat(unqualified.typed().getIfAvailable()).isNull();
            assertThat(unqualified.all().getIfAvailable()).isNull();
            assertThat(unqualified.executors().getIfAvailable()).isNull();
            assertThat(context.getBean(QueueFactory.class).queues()).isEmpty();
        });
    }

    @Test
    void queueIsNotInjectedWhenOnlyParameterHasItsName() {
        contextRunner
                .withUserConfiguration(NamedParameter.class)
                .run(context ->
                        assertThat(context).getFailure().rootCause().isInstanceOf(NoSuchBeanDefinitionException.class));
    }

    @Test
    void queueOfApplicationIsInjectedWithoutQualifier() {
        contextRunner
                .withUserConfiguration(OwnQueue.class, Plain.class, Ladder.class)
                .run(context -> {
                    assertThat(context.getBean(Plain.class).queue().name()).isEqualTo("own");
                    assertThat(context.getBean(Plain.class).any().name()).isEqualTo("own");
                    assertThat(context.getBean(Ladder.class).queue().name()).isEqualTo("riot");
                });
    }

    @Test
    void queueOfApplicationReplacesConfiguredQueueWhenItHasQualifier() {
        contextRunner
                .withUserConfiguration(OwnQualifiedQueue.class, Ladder.class)
                .run(context -> {
                    assertThat(context).doesNotHaveBean(NAME);
                    assertThat(context.getBean(Ladder.class).queue().name()).isEqualTo("own qualified");
                });
    }

    @Test
    void queueOfApplicationReplacesConfiguredQueueWhenItHasBeanName() {
        contextRunner.withUserConfiguration(OwnRiot.class, Ladder.class).run(context -> {
            assertThat(context).doesNotHaveBean(NAME);
            assertThat(context.getBean(Ladder.class).queue().name()).isEqualTo("own riot");
        });
    }

    @Test
    void beanOfAnotherTypeIsKeptWhenItHasNameOfQueue() {
        contextRunner.withUserConfiguration(RiotApi.class, Ladder.class).run(context -> {
            assertThat(context.getBean("riot")).isEqualTo("https://riot");
            assertThat(context.getBean(Ladder.class).queue().name()).isEqualTo("riot");
        });
    }

    @Test
    void queueIsOpenedByFactoryOfApplication() {
        contextRunner.withUserConfiguration(OwnFactory.class, Ladder.class).run(context -> {
            assertThat(context.getBean(Ladder.class).queue().workers()).isEqualTo(7);
        });
    }

    @Test
    void queueOfParentContextIsInjectedIntoChildContext() {
        contextRunner.run(parent -> contextRunner
                .withParent(parent)
                .withUserConfiguration(Ladder.class)
                .run(child ->
                        assertThat((Object) child.getBean(Ladder.class).queue()).isSameAs(parent.getBean(NAME))));
    }

    @Test
    void queueIsNotDeclaredWhenQueuesAreDisabled() {
        contextRunner
                .withPropertyValues("queue.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(WorkerQueue.class));
    }

    @Test
    void executorOfApplicationIsInjectedWithoutQualifier() {
        contextRunner
                .withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
                .withUserConfiguration(Ladder.class, OneExecutor.class)
                .run(context -> {
                    Object executor = context.getBean("applicationTaskExecutor");
                    assertThat((Object) context.getBean(OneExecutor.class).executor())
                            .isSameAs(executor);
                    assertThat(context.getBean(OneExecutor.class).all()).containsOnlyKeys("applicationTaskExecutor");
                    assertThat((Object) context.getBean(Executor.class)).isSameAs(executor);
                    assertThat((Object) context.getBeanProvider(Executor.class).getIfUnique())
                            .isSameAs(executor);
                });
    }

    static WorkerQueue<?> queue(ApplicationContext context, String name) {
        return BeanFactoryAnnotationUtils.qualifiedBeanOfType(
                context.getAutowireCapableBeanFactory(), WorkerQueue.class, name);
    }

    record Ladder(@Qualifier("riot") WorkerQueue<String> queue) {}

    record Match(String id) {}

    record Matches(@Qualifier("riot") WorkerQueue<Match> queue) {}

    record Other(@Qualifier("other") WorkerQueue<String> queue) {}

    record Unqualified(
            ObjectProvider<WorkerQueue<?>> any,
            ObjectProvider<WorkerQueue<Match>> typed,
            ObjectProvider<List<WorkerQueue<?>>> all,
            ObjectProvider<Executor> executors) {}

    record NamedParameter(WorkerQueue<String> riot) {}

    record Plain(WorkerQueue<String> queue, WorkerQueue<?> any) {}

    record OneExecutor(Executor executor, Map<String, Executor> all) {}

    @Configuration(proxyBeanMethods = false)
    static class OwnQueue {

        @Bean
        WorkerQueue<String> own(QueueFactory factory) {
            return factory.open("own");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnQualifiedQueue {

        @Bean
        @Qualifier("riot")
        WorkerQueue<String> own(QueueFactory factory) {
            return factory.open("own qualified");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnRiot {

        @Bean
        WorkerQueue<String> riot(QueueFactory factory) {
            return factory.open("own riot");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class RiotApi {

        @Bean
        String riot() {
            return "https://riot";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {

        @Bean
        QueueFactory ownFactory() {
            return QueueFactory.create(QueueSettings.defaults().withWorkers(7));
        }
    }
}
