package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Tests for applications that are closed and started again, lazily or not, in one class loader. */
@Timeout(120)
class RepeatedStartTests {

    private final ApplicationContextRunner lazyRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
            .withInitializer(
                    context -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
            .withUserConfiguration(QueueShutdownTests.Trail.class, Ladder.class)
            .withPropertyValues("queue.instances.riot.workers=3");

    @Test
    void lazyApplicationOpensQueuesWhenTheyAreNeededAndDrainsThem() {
        lazyRunner.run(context -> {
            assertThat(context.getSourceApplicationContext().getBeanFactory().containsSingleton("queueFactory"))
                    .isFalse();
            QueueShutdownTests.Trail trail = context.getBean(QueueShutdownTests.Trail.class);
            context.getBean(Ladder.class).queue().execute(() -> {
                trail.closing.await();
                trail.events.add("task");
            });
            context.getSourceApplicationContext().close();
            assertThat(trail.events).startsWith("task", "below stopped");
        });
    }

    @Test
    void lazyApplicationDoesNotCreateFactoryWhenItNeedsNoQueue() {
        lazyRunner.run(context -> {
            ConfigurableApplicationContext source = context.getSourceApplicationContext();
            source.close();
            assertThat(source.getBeanFactory().containsSingleton("queueFactory"))
                    .isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closedApplicationsLeaveNoThreadsAndAreCollected(boolean shutdownHook) throws InterruptedException {
        List<WeakReference<Object>> left = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            left.addAll(runAndClose(shutdownHook));
        }
        await().untilAsserted(() -> {
            System.gc();
            assertThat(left).allMatch(it -> it.refersTo(null));
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("queue-riot") || name.equals("queue-timer"));
        });
    }

    private static List<WeakReference<Object>> runAndClose(boolean shutdownHook) throws InterruptedException {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.main.register-shutdown-hook=" + shutdownHook,
                        "queue.instances.riot.task-timeout=1h",
                        "queue.instances.riot.rate-limits=1000/1h")
                .run()) {
            WorkerQueue<String> queue = context.getBean(Ladder.class).queue();
            queue.put(() -> "done");
            assertThat(queue.join()).containsExactly("done");
            QueueFactory factory = context.getBean(QueueFactory.class);
            WorkerQueue<String> neverJoined = factory.open("riot");
            neverJoined.put(() -> "never joined");
            return List.of(new WeakReference<>(context), new WeakReference<>(factory), new WeakReference<>(queue));
        }
    }

    record Ladder(@Qualifier("riot") WorkerQueue<String> queue) {}

    @Configuration(proxyBeanMethods = false)
    @Import({QueueAutoConfiguration.class, Ladder.class})
    static class Application {}
}
