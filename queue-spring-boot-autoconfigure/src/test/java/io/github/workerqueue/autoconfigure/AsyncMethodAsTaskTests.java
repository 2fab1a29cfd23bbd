package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.TaskFailure;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/** Tests for calls of {@link Async} methods as asynchronous tasks, which keep a thread of Spring's executor. */
@Timeout(60)
class AsyncMethodAsTaskTests {

    /** Default number of threads of Boot's executor. */
    private static final int EXECUTOR_THREADS = 8;

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(QueueAutoConfiguration.class, TaskExecutionAutoConfiguration.class))
            .withUserConfiguration(Application.class);

    @Test
    void resultsAreCollectedAndFailuresHandled() {
        contextRunner.run(context -> {
            Methods methods = context.getBean(Methods.class);
            Trail trail = context.getBean(Trail.class);
            WorkerQueue<Integer> queue = context.getBean(QueueFactory.class).open();
            for (String word : List.of("one", "three", "")) {
                queue.putAsync(() -> methods.length(word));
            }
            assertThat(queue.join()).containsExactly(3, 5);
            assertThat(trail.failures)
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.exception())
                            .isExactlyInstanceOf(IOException.class)
                            .hasMessage("no word"));
        });
    }

    @Test
    void executorThreadsLimitRunningMethodsWhenMoreTasksAreInFlight() {
        contextRunner.run(context -> {
            Methods methods = context.getBean(Methods.class);
            Trail trail = context.getBean(Trail.class);
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
            for (int i = 0; i < 25; i++) {
                queue.putAsync(methods::hold);
            }
            trail.awaitStarted(EXECUTOR_THREADS);
            await().untilAsserted(() -> assertThat(queue.active()).isEqualTo(25));
            trail.goOn.countDown();
            assertThat(queue.join()).hasSize(25);
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STOP")
    void taskFreesItsWorkerWhileMethodKeepsRunningWhenQueueEndsTask(Ending ending) {
        contextRunner.withPropertyValues(ending.property()).run(context -> {
            Methods methods = context.getBean(Methods.class);
            Trail trail = context.getBean(Trail.class);
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
            queue.putAsync(methods::hold);
            trail.awaitStarted(1);
            ending.end(context, queue);
            await().untilAsserted(() -> assertThat(queue.active()).isZero());
            assertThat(trail.ended).hasValue(0);
            trail.goOn.countDown();
            await().untilAsserted(() -> assertThat(trail.ended).hasValue(1));
            assertThat(trail.interrupted).hasValue(0);
        });
    }

    @Test
    void shutdownInterruptsMethodWhenPhaseOfExecutorTimesOut() {
        ApplicationContextRunner inShortPhases = contextRunner
                .withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class))
                .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=200ms");
        inShortPhases.withPropertyValues(Ending.STOP.property()).run(context -> {
            Methods methods = context.getBean(Methods.class);
            Trail trail = context.getBean(Trail.class);
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
            queue.putAsync(methods::hold);
            trail.awaitStarted(1);
            Ending.STOP.end(context, queue);
            await().untilAsserted(() -> assertThat(trail.interrupted).hasValue(1));
        });
    }

    @Test
    void methodIsNotCalledWhenItsTaskIsCancelledBeforeThreadIsFree() {
        contextRunner
                .withPropertyValues("spring.task.execution.pool.core-size=1")
                .run(context -> {
                    Methods methods = context.getBean(Methods.class);
                    Trail trail = context.getBean(Trail.class);
                    WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open();
                    queue.putAsync(methods::hold);
                    queue.putAsync(methods::hold);
                    trail.awaitStarted(1);
                    await().untilAsserted(() -> assertThat(queue.depth()).isZero());
                    queue.cancel();
                    trail.goOn.countDown();
                    assertThat(methods.length("next")).succeedsWithin(Duration.ofSeconds(10));
                    assertThat(trail.started).hasValue(1);
                });
    }

    @Test
    void futureReturnedByMethodIsNotCancelledWhenQueueIsCancelled() {
        contextRunner.run(context -> {
            Methods methods = context.getBean(Methods.class);
            Trail trail = context.getBean(Trail.class);
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
            queue.putAsync(methods::call);
            trail.awaitStarted(1);
            queue.cancel();
            assertThat(queue.join()).isEmpty();
            assertThat(trail.call).isNotDone();
            trail.call.complete("so that the executor ends");
        });
    }

    @Test
    void methodIsInterruptedByCancelWhenItRunsWithoutExecutor() {
        contextRunner.run(context -> {
            Trail trail = context.getBean(Trail.class);
            Methods methods = new Methods(trail);
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
            queue.put(() -> methods.hold().join());
            trail.awaitStarted(1);
            queue.cancel();
            await().untilAsserted(() -> assertThat(trail.interrupted).hasValue(1));
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    @Import({Methods.class, Trail.class})
    static class Application {

        @Bean
        QueueExceptionHandler handler(Trail trail) {
            return trail.failures::add;
        }
    }

    static class Trail {

        final List<TaskFailure> failures = Collections.synchronizedList(new ArrayList<>());

        final AtomicInteger started = new AtomicInteger();

        final AtomicInteger interrupted = new AtomicInteger();

        final AtomicInteger ended = new AtomicInteger();

        final CountDownLatch goOn = new CountDownLatch(1);

        final CompletableFuture<String> call = new CompletableFuture<>();

        void awaitStarted(int count) {
            await().untilAsserted(() -> assertThat(started).hasValue(count));
        }
    }

    static class Methods {

        private final Trail trail;

        Methods(Trail trail) {
            this.trail = trail;
        }

        @Async
        CompletableFuture<Integer> length(String word) throws IOException {
            if (word.isEmpty()) {
                throw new IOException("no word");
            }
            return CompletableFuture.completedFuture(word.length());
        }

        /** Runs until {@code goOn} is open. */
        @Async
        CompletableFuture<String> hold() throws InterruptedException {
            trail.started.incrementAndGet();
            try {
                trail.goOn.await();
                return CompletableFuture.completedFuture("held");
            } catch (InterruptedException ex) {
                trail.interrupted.incrementAndGet();
                throw ex;
            } finally {
                trail.ended.incrementAndGet();
            }
        }

        /** Returns a future that the test completes. */
        @Async
        CompletableFuture<String> call() {
            trail.started.incrementAndGet();
            return trail.call;
        }
    }
}
