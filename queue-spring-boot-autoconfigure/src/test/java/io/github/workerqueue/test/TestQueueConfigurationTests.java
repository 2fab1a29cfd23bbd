package io.github.workerqueue.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.autoconfigure.QueueAutoConfiguration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tests for {@link TestQueueConfiguration}. */
@Timeout(60)
class TestQueueConfigurationTests {

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class));

    private final ApplicationContextRunner test = application.withUserConfiguration(TestQueueConfiguration.class);

    @Test
    void configurationIsAbsentUnlessItIsImported() {
        application.run(context -> assertThat(context)
                .hasSingleBean(QueueFactory.class)
                .hasBean("queueFactory")
                .doesNotHaveBean(TestQueueConfiguration.class));
        assertThat(ImportCandidates.load(AutoConfiguration.class, null))
                .noneMatch(name -> name.startsWith(TestQueueConfiguration.class.getPackageName()));
    }

    @Test
    void testFactoryReplacesDefaultFactoryAndKeepsProperties() {
        test.withPropertyValues(
                        "queue.workers=7", "queue.instances.riot.maxsize=3", "queue.instances.riot.fail-fast=true")
                .run(context -> {
                    QueueFactory factory = context.getBean(QueueFactory.class);
                    assertThat(context).hasSingleBean(QueueFactory.class);
                    assertThat(factory.settings("riot"))
                            .isEqualTo(QueueSettings.defaults()
                                    .withWorkers(7)
                                    .withMaxsize(3)
                                    .withFailFast(true));
                    assertThat(factory.settings("other").workers()).isEqualTo(7);
                    assertThat(threadOfTasks(factory)).isSameAs(Thread.currentThread());
                });
    }

    @Test
    void testFactoryHasListenersOfApplication() {
        test.withUserConfiguration(Listening.class).run(context -> {
            try (WorkerQueue<Integer> queue =
                    context.getBean(QueueFactory.class).open("riot")) {
                queue.put(() -> 1);
            }
            assertThat(context.getBean(Listening.class).finished).containsExactly("riot");
        });
    }

    @Test
    void testFactoryHasPropertiesInTestSlice() {
        new ApplicationContextRunner()
                .withUserConfiguration(TestQueueConfiguration.class)
                .withPropertyValues("queue.workers=7")
                .run(context -> assertThat(context.getBean(QueueFactory.class)
                                .settings("any")
                                .workers())
                        .isEqualTo(7));
    }

    @Test
    void seedShufflesTasks() {
        test.withPropertyValues("queue.test.seed=42").run(context -> {
            WorkerQueue<Thread> queue = context.getBean(QueueFactory.class).open();
            queue.put(Thread::currentThread);
            assertThat(queue.responses()).isEmpty();
            assertThat(queue.join()).containsExactly(Thread.currentThread());
        });
    }

    @Test
    void startFailsWithPropertyNameWhenSeedIsInvalid() {
        test.withPropertyValues("queue.test.seed=many")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("many")
                        .isNotNull());
        test.withPropertyValues("queue.test.seed=many")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("queue.test.seed"));
    }

    @Test
    void testFactoryIsDeclaredWhenQueuesAreDisabled() {
        test.withPropertyValues("queue.enabled=false")
                .run(context -> assertThat(threadOfTasks(context.getBean(QueueFactory.class)))
                        .isSameAs(Thread.currentThread()));
    }

    @Test
    void testFactoryIsInjectedWhenApplicationDeclaresFactory() {
        test.withUserConfiguration(OwnFactory.class)
                .run(context -> assertThat(threadOfTasks(context.getBean(QueueFactory.class)))
                        .isSameAs(Thread.currentThread()));
    }

    @Test
    void configurationDoesNotNeedAssertJ() {
        test.withClassLoader(new FilteredClassLoader("org.assertj"))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void queuesAreClosedWhenContextCloses() {
        List<WorkerQueue<?>> opened = new ArrayList<>();
        test.run(context -> opened.add(context.getBean(QueueFactory.class).open()));
        opened.forEach(queue -> QueueAssertions.assertThat(queue).isClosed());
    }

    private static Thread threadOfTasks(QueueFactory factory) throws InterruptedException {
        try (WorkerQueue<Thread> queue = factory.open()) {
            queue.put(Thread::currentThread);
            return queue.join().get(0);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening implements QueueListener {

        private final List<String> finished = new ArrayList<>();

        @Override
        public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
            finished.add(queue);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {

        @Bean
        QueueFactory ownFactory() {
            return QueueFactory.create(QueueSettings.defaults());
        }
    }
}
