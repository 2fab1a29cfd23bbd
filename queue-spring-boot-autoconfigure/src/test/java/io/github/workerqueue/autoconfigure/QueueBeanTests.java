package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/** Tests for queues that an application declares as beans. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class QueueBeanTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
            .withUserConfiguration(LongLived.class, QueueShutdownTests.Trail.class);

    @Test
    void queueBeanDrainsBeforeBeansThatItsTasksUseAreDestroyed() {
        contextRunner.run(context -> {
            QueueShutdownTests.Trail trail = context.getBean(QueueShutdownTests.Trail.class);
            WorkerQueue<?> matches = context.getBean("matches", WorkerQueue.class);
            for (int i = 0; i < 3; i++) {
                matches.execute(() -> {
                    trail.closing.await();
                    matches.execute(() -> trail.events.add("child"));
                });
            }
            context.getSourceApplicationContext().close();
            assertThat(trail.events).containsExactly("child", "child", "child", "below stopped", "bean destroyed");
            assertThat(matches.snapshot().completed()).isEqualTo(6);
        });
    }

    @Test
    void queueBeanIsAbandonedOnceWhenGracePeriodExpires(CapturedOutput output) {
        contextRunner
                .withPropertyValues("queue.shutdown.await-termination-period=1s")
                .run(context -> {
                    CountDownLatch started = new CountDownLatch(1);
                    context.getBean("matches", WorkerQueue.class).execute(() -> {
                        started.countDown();
                        new CountDownLatch(1).await();
                    });
                    started.await();
                    long start = System.nanoTime();
                    context.getSourceApplicationContext().close();
                    assertThat(Duration.ofNanos(System.nanoTime() - start))
                            .isBetween(Duration.ofMillis(990), Duration.ofMillis(1_900));
                });
        assertThat(output).containsOnlyOnce("Queue 'matches': abandoned 1 unfinished task on close");
    }

    @Test
    void queueBeanDoesNotReplaceExecutorsOfSpring() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        QueueAutoConfiguration.class,
                        TaskExecutionAutoConfiguration.class,
                        WebMvcAutoConfiguration.class))
                .withUserConfiguration(LongLived.class, AsyncMethodTests.Asynchronous.class)
                .run(context -> {
                    Object executor = context.getBean("applicationTaskExecutor");
                    assertThat(context.getBean(Executor.class)).isSameAs(executor);
                    assertThat(ReflectionTestUtils.getField(
                                    context.getBean(RequestMappingHandlerAdapter.class), "taskExecutor"))
                            .isSameAs(executor);
                    assertThat(context.getBean(AsyncMethodTests.Calls.class)
                                    .plain()
                                    .get())
                            .startsWith("task-");
                });
    }

    record Match(String id) {}

    @Configuration(proxyBeanMethods = false)
    static class LongLived {

        @Bean
        WorkerQueue<Match> matches(QueueFactory factory) {
            return factory.open("matches");
        }
    }
}
