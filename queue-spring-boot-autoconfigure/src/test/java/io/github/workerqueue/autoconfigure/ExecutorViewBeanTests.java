package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;

/** Tests for the shutdown of queues whose executor view is a bean, with a task that ignores interrupts. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class ExecutorViewBeanTests {

    private static final Duration PERIOD = Duration.ofMillis(500);

    private final Stubborn stubborn = new Stubborn();

    private final Failure failure = new Failure();

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
            .withBean(Stubborn.class, () -> stubborn)
            .withPropertyValues("queue.shutdown.await-termination-period=" + PERIOD.toMillis() + "ms");

    @AfterEach
    void release() {
        stubborn.release();
    }

    @ParameterizedTest
    @ValueSource(classes = {AsExecutor.class, AsExecutorService.class, AsAutoCloseable.class, InAdapter.class})
    void startFailsWithOriginalFailureWithinPeriod(Class<?> declaration, CapturedOutput output) {
        contextRunner
                .withUserConfiguration(declaration)
                .withBean("fails", Object.class, failure::raise, definition -> definition.setDependsOn("own"))
                .run(context -> {
                    assertThat(failure.age()).isBetween(PERIOD, PERIOD.plusSeconds(1));
                    assertThat(context)
                            .getFailure()
                            .rootCause()
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage("on purpose");
                });
        assertThat(output)
                .containsOnlyOnce("Queue 'own': abandoned 1 unfinished task on close")
                .containsOnlyOnce("Queue 'own': task 0 'stubborn' was abandoned after it started");
    }

    @ParameterizedTest
    @ValueSource(classes = {AsExecutor.class, AsExecutorService.class, AsAutoCloseable.class, InAdapter.class})
    void contextClosesWithinPeriodAndDestroysOtherBeans(Class<?> declaration, CapturedOutput output) {
        contextRunner
                .withUserConfiguration(declaration, QueueShutdownTests.Trail.class)
                .run(context -> {
                    List<String> trail = context.getBean(QueueShutdownTests.Trail.class).events;
                    assertThat(close(context)).isBetween(PERIOD, PERIOD.plusSeconds(1));
                    assertThat(trail).containsExactly("below stopped", "bean destroyed");
                });
        assertThat(output)
                .containsOnlyOnce("Queue 'own': abandoned 1 unfinished task on close")
                .containsOnlyOnce("Queue 'own': task 0 'stubborn' was abandoned after it started");
    }

    @ParameterizedTest
    @ValueSource(classes = {AsExecutor.class, AsExecutorService.class, AsAutoCloseable.class})
    void childContextClosesWithinPeriodAndLeavesFactoryOfParentOpen(Class<?> declaration, CapturedOutput output) {
        contextRunner.run(parent -> {
            contextRunner
                    .withParent(parent)
                    .withUserConfiguration(declaration)
                    .run(child -> assertThat(close(child)).isBetween(PERIOD, PERIOD.plusSeconds(1)));
            assertIsOpen(parent.getBean(QueueFactory.class));
            stubborn.release();
        });
        assertThat(output)
                .containsOnlyOnce("Queue 'own': abandoned 1 unfinished task on close")
                .containsOnlyOnce("Queue 'own': task 0 'stubborn' was abandoned after it started");
    }

    @ParameterizedTest
    @ValueSource(classes = {AsExecutor.class, AsExecutorService.class, AsAutoCloseable.class})
    void childContextFailsWithOriginalFailureWithinPeriod(Class<?> declaration, CapturedOutput output) {
        contextRunner.run(parent -> {
            contextRunner
                    .withParent(parent)
                    .withUserConfiguration(declaration)
                    .withBean("fails", Object.class, failure::raise, definition -> definition.setDependsOn("own"))
                    .run(child -> {
                        assertThat(failure.age()).isBetween(PERIOD, PERIOD.plusSeconds(1));
                        assertThat(child).getFailure().rootCause().hasMessage("on purpose");
                    });
            assertIsOpen(parent.getBean(QueueFactory.class));
            stubborn.release();
        });
        assertThat(output).containsOnlyOnce("Queue 'own': task 0 'stubborn' was abandoned after it started");
    }

    @ParameterizedTest
    @ValueSource(classes = InAdapter.class)
    void childContextLeavesQueueOpenWhenNoBeanIsItsView(Class<?> declaration) {
        contextRunner.run(parent -> {
            contextRunner
                    .withParent(parent)
                    .withUserConfiguration(declaration)
                    .run(child -> assertThat(close(child)).isLessThan(PERIOD));
            assertIsOpen(parent.getBean(QueueFactory.class));
            stubborn.release();
        });
    }

    private static void assertIsOpen(QueueFactory factory) throws InterruptedException {
        try (WorkerQueue<String> queue = factory.open("parent")) {
            queue.put(() -> "still open");
            assertThat(queue.join()).containsExactly("still open");
        }
    }

    private static Duration close(AssertableApplicationContext context) {
        long start = System.nanoTime();
        context.getSourceApplicationContext().close();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** The failure of a bean. */
    private static final class Failure {

        private volatile long raised;

        Object raise() {
            raised = System.nanoTime();
            throw new IllegalStateException("on purpose");
        }

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - raised);
        }
    }

    private static ExecutorService busyView(WorkerQueue<?> queue, Stubborn stubborn) throws InterruptedException {
        ExecutorService view = queue.asExecutorService();
        view.execute(stubborn.asRunnable());
        stubborn.awaitStart();
        return view;
    }

    @Configuration(proxyBeanMethods = false)
    static class AsExecutor {

        @Bean(defaultCandidate = false)
        Executor own(QueueFactory factory, Stubborn stubborn) throws InterruptedException {
            return busyView(factory.open("own"), stubborn);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AsExecutorService {

        @Bean(defaultCandidate = false)
        ExecutorService own(QueueFactory factory, Stubborn stubborn) throws InterruptedException {
            return busyView(factory.open("own"), stubborn);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AsAutoCloseable {

        /** The view, which is closeable since Java 19, else the queue. */
        @Bean(defaultCandidate = false)
        AutoCloseable own(QueueFactory factory, Stubborn stubborn) throws InterruptedException {
            WorkerQueue<?> queue = factory.open("own");
            ExecutorService view = busyView(queue, stubborn);
            return view instanceof AutoCloseable closeable ? closeable : queue;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class InAdapter {

        @Bean(defaultCandidate = false)
        TaskExecutor own(QueueFactory factory, Stubborn stubborn) throws InterruptedException {
            return new TaskExecutorAdapter(busyView(factory.open("own"), stubborn));
        }
    }
}
