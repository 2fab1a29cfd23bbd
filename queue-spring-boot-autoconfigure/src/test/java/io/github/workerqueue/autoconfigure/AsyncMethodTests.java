package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueReport;
import io.github.workerqueue.WorkerQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.task.TaskExecutorMetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/** Tests for {@code @Async} methods, which find a queue as their executor by a qualifier. */
@Timeout(60)
class AsyncMethodTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(QueueAutoConfiguration.class, TaskExecutionAutoConfiguration.class))
            .withUserConfiguration(Asynchronous.class)
            .withPropertyValues("queue.instances.riot.workers=2", "queue.instances.riot.maxsize=1");

    @Test
    void asyncMethodRunsOnQueueOfConfiguredName() {
        contextRunner.run(context -> {
            assertThat(context.getBean(Calls.class).thread().get()).startsWith("queue-riot-");
            assertThat(context.getBean(QueueFactory.class).queues())
                    .singleElement()
                    .isSameAs(context.getBean("queue.instances.riot"));
        });
    }

    @Test
    void asyncMethodRunsOnExecutorViewDeclaredByApplication() {
        contextRunner
                .withUserConfiguration(OwnExecutor.class)
                .run(context ->
                        assertThat(context.getBean(Calls.class).own().get()).startsWith("queue-own-"));
    }

    @Test
    void asyncMethodRunsOnExecutorOfApplicationWhenItHasNameOfQueue() {
        contextRunner.withUserConfiguration(OwnRiot.class).run(context -> {
            assertThat(context).doesNotHaveBean("queue.instances.riot.executor");
            assertThat(context.getBean(Calls.class).thread().get()).startsWith("queue-own riot-");
        });
    }

    @Test
    void asyncMethodRunsOnQueueOfApplicationWhenItHasQualifier() {
        contextRunner
                .withUserConfiguration(OwnQueue.class)
                .run(context ->
                        assertThat(context.getBean(Calls.class).thread().get()).startsWith("queue-own queue-"));
    }

    @Test
    void asyncCallBlocksWhenQueueIsFull() {
        contextRunner.run(context -> {
            Calls calls = context.getBean(Calls.class);
            List<Future<String>> held =
                    IntStream.range(0, 3).mapToObj(i -> calls.held()).toList();
            CompletableFuture<Future<String>> fourth = new CompletableFuture<>();
            Thread caller = new Thread(() -> fourth.complete(calls.held()));
            caller.start();
            while (queue(context).snapshot().blockedProducers() == 0) {
                Thread.onSpinWait();
            }
            assertThat(queue(context).snapshot().active()).isEqualTo(2);
            assertThat(queue(context).depth()).isEqualTo(1);
            assertThat(fourth).isNotDone();
            calls.open();
            assertThat(fourth.get().get()).isEqualTo("held");
            for (Future<String> each : held) {
                assertThat(each.get()).isEqualTo("held");
            }
        });
    }

    @Test
    void asyncMethodsCallEachOtherWhenQueueIsFull() {
        contextRunner.withPropertyValues("queue.instances.riot.workers=1").run(context -> {
            Calls calls = context.getBean(Calls.class);
            calls.countDown(calls, 5);
            calls.awaitOpen();
        });
    }

    @Test
    void asyncCallIsRejectedWhenQueueIsClosed() {
        contextRunner.run(context -> {
            queue(context).close();
            assertThatThrownBy(() -> context.getBean(Calls.class).held())
                    .isInstanceOf(RejectedExecutionException.class);
        });
    }

    @Test
    void asyncMethodCountsAsFailedUnlessSpringCatchesItsException() {
        contextRunner.run(context -> {
            Calls calls = context.getBean(Calls.class);

            assertThatThrownBy(() -> calls.failing().get()).hasRootCauseMessage("future");
            assertThatThrownBy(() -> calls.failingCompletable().get()).hasRootCauseMessage("completable");
            queue(context).join();

            assertThat(queue(context).snapshot().failed()).isOne();
            assertThat(queue(context).snapshot().completed()).isOne();
        });
    }

    @Test
    void tasksAreNamedAfterTheirMethods() {
        contextRunner.run(context -> {
            Calls calls = context.getBean(Calls.class);
            WorkerQueue<?> queue = queue(context);

            Future<String> unused = calls.held();
            unused = calls.heldCompletable();
            while (queue.report().running().size() < 2) {
                Thread.onSpinWait();
            }
            assertThat(names(queue))
                    .containsExactly("AsyncMethodTests.Calls.held", "AsyncMethodTests.Calls.heldCompletable");
            calls.heldVoid();
            assertThat(queue.report().oldest())
                    .extracting(QueueReport.Task::name)
                    .isEqualTo("AsyncMethodTests.Calls.heldVoid");
            calls.open();
            queue.join();
        });
    }

    @Test
    void otherTasksOfExecutorKeepTheirNames() {
        contextRunner.run(context -> {
            Calls calls = context.getBean(Calls.class);
            Executor executor = context.getBean("queue.instances.riot.executor", Executor.class);
            Future<String> unused = calls.held();
            executor.execute(calls::awaitOpenUnchecked);
            while (queue(context).report().running().size() < 2) {
                Thread.onSpinWait();
            }
            assertThat(names(queue(context))).containsExactly("AsyncMethodTests.Calls.held", "task 1");
            calls.open();
            queue(context).join();
        });
    }

    @Test
    void methodGivesItsNameToOneTaskOnly() {
        contextRunner
                .withBean(
                        QueueFactory.class,
                        () -> QueueFactory.builder().inCallingThread().build())
                .run(context -> {
                    List<String> names = new CopyOnWriteArrayList<>();
                    Executor executor = context.getBean("queue.instances.riot.executor", Executor.class);
                    Runnable look = () -> names.addAll(names(queue(context)));

                    context.getBean(Calls.class).run(() -> {
                        look.run();
                        executor.execute(look);
                    });

                    assertThat(names).containsExactly("AsyncMethodTests.Calls.run", "task 1");
                });
    }

    @Test
    void namedTaskOfMethodIsCancelledWhenQueueIsCancelled() {
        contextRunner.withPropertyValues("queue.instances.riot.workers=1").run(context -> {
            Calls calls = context.getBean(Calls.class);
            calls.heldVoid();
            while (queue(context).report().running().isEmpty()) {
                Thread.onSpinWait();
            }
            Future<String> waiting = calls.held();

            queue(context).cancel();

            assertThat(waiting.isCancelled()).isTrue();
            queue(context).join();
            assertThat(queue(context).snapshot().cancelled()).isEqualTo(2);
        });
    }

    @Test
    void executorIsNamedAfterItsQueueInRejections() {
        contextRunner.run(context -> {
            queue(context).close();
            assertThat(context.getBean("queue.instances.riot.executor")).hasToString("Executor of queue 'riot'");
            assertThatThrownBy(() -> context.getBean(Calls.class).held())
                    .hasMessageStartingWith("Executor of queue 'riot' did not accept task");
        });
    }

    private static List<String> names(WorkerQueue<?> queue) {
        return queue.report().running().stream().map(QueueReport.Task::name).toList();
    }

    @Test
    void asyncMethodRunsOnExecutorOfApplicationWhenItHasNoQualifier() {
        contextRunner
                .withUserConfiguration(OwnExecutor.class)
                .run(context ->
                        assertThat(context.getBean(Calls.class).plain().get()).startsWith("task-"));
    }

    @Test
    void queueIsNotOpenedBeforeAsyncMethodIsCalled() {
        contextRunner
                .withConfiguration(AutoConfigurations.of(TaskExecutorMetricsAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class)
                .run(context -> {
                    assertThat(context.getBean("queue.instances.riot.executor", Executor.class))
                            .isNotNull();
                    assertThat(context.getBean(QueueFactory.class).queues()).isEmpty();
                });
    }

    @Test
    void webRequestsRunOnExecutorOfApplication() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        QueueAutoConfiguration.class,
                        TaskExecutionAutoConfiguration.class,
                        WebMvcAutoConfiguration.class))
                .withUserConfiguration(Asynchronous.class, OwnExecutor.class)
                .withPropertyValues("queue.instances.riot.workers=2")
                .run(context -> assertThat(ReflectionTestUtils.getField(
                                context.getBean(RequestMappingHandlerAdapter.class), "taskExecutor"))
                        .isSameAs(context.getBean("applicationTaskExecutor")));
    }

    private static WorkerQueue<?> queue(ApplicationContext context) {
        return context.getBean("queue.instances.riot", WorkerQueue.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Asynchronous {

        @Bean
        Calls calls() {
            return new Calls();
        }
    }

    static class Calls {

        private final CountDownLatch latch = new CountDownLatch(1);

        public void open() {
            latch.countDown();
        }

        public void awaitOpen() throws InterruptedException {
            latch.await();
        }

        @Async("riot")
        public Future<String> thread() {
            return CompletableFuture.completedFuture(Thread.currentThread().getName());
        }

        @Async("riot")
        public Future<String> held() {
            try {
                latch.await();
                return CompletableFuture.completedFuture("held");
            } catch (InterruptedException ex) {
                return CompletableFuture.failedFuture(ex);
            }
        }

        @Async("riot")
        public CompletableFuture<String> heldCompletable() {
            awaitOpenUnchecked();
            return CompletableFuture.completedFuture("held");
        }

        @Async("riot")
        public void heldVoid() {
            awaitOpenUnchecked();
        }

        @Async("riot")
        public void run(Runnable body) {
            body.run();
        }

        public void awaitOpenUnchecked() {
            try {
                latch.await();
            } catch (InterruptedException ex) {
                throw new IllegalStateException(ex);
            }
        }

        @Async("riot")
        public Future<String> failing() {
            throw new IllegalStateException("future");
        }

        @Async("riot")
        public CompletableFuture<String> failingCompletable() {
            throw new IllegalStateException("completable");
        }

        @Async("riot")
        public void countDown(Calls self, int more) {
            if (more == 0) {
                latch.countDown();
            } else {
                self.countDown(self, more - 1);
                self.countDown(self, more - 1);
            }
        }

        @Async("own")
        public Future<String> own() {
            return CompletableFuture.completedFuture(Thread.currentThread().getName());
        }

        @Async
        public Future<String> plain() {
            return CompletableFuture.completedFuture(Thread.currentThread().getName());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnExecutor {

        @Bean(defaultCandidate = false)
        @Qualifier("own")
        Executor ownExecutor(QueueFactory factory) {
            return factory.open("own").asExecutorService();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnRiot {

        @Bean(defaultCandidate = false)
        Executor riot(QueueFactory factory) {
            return factory.open("own riot").asExecutorService();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnQueue {

        @Bean(defaultCandidate = false)
        @Qualifier("riot")
        WorkerQueue<Object> ownQueue(QueueFactory factory) {
            return factory.open("own queue");
        }
    }
}
