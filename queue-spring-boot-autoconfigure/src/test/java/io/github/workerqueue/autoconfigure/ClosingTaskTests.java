package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.AbandonedTask;
import io.github.workerqueue.AbandonedTaskHandler;
import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.QueueSnapshot.State;
import io.github.workerqueue.TaskAction;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tests for tasks that close the application context. */
@Timeout(60)
class ClosingTaskTests {

    /** Grace period, of which a test needs a small part. */
    private static final Duration PERIOD = Duration.ofSeconds(20);

    private static final Duration SHORT = Duration.ofSeconds(5);

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
            .withUserConfiguration(Handlers.class, QueueShutdownTests.Trail.class)
            .withPropertyValues(
                    "queue.shutdown.await-termination-period=" + PERIOD.toSeconds() + "s",
                    "queue.maxsize=100",
                    "queue.instances.closer.workers=1",
                    "queue.instances.pair.workers=2",
                    "queue.instances.other.workers=2");

    @ParameterizedTest(name = "virtual threads: {0}")
    @ValueSource(booleans = {false, true})
    void otherQueuesDrainWhenTaskClosesContext(boolean virtual) {
        run(virtual, (context, application) -> {
            QueueFactory factory = context.getBean(QueueFactory.class);
            List<WorkerQueue<String>> others = List.of(factory.open("other"), factory.open("other"));
            application.fill(others);
            WorkerQueue<String> closer = factory.open("closer");
            closer.execute(application::exit);
            application.assertExit();
            application.assertDrained(others);
            assertThat(application.abandoned).isEmpty();
            application.assertEndsCompletely(closer, 1);
        });
    }

    @ParameterizedTest(name = "virtual threads: {0}")
    @ValueSource(booleans = {false, true})
    void factoriesOfContextDrainWhenTaskClosesContext(boolean virtual) {
        run(virtual, (context, application) -> {
            try (QueueFactory own = QueueFactory.create(QueueSettings.defaults().withMaxsize(100))) {
                context.getBeanFactory().registerSingleton("own", own);
                List<WorkerQueue<String>> others = List.of(own.open("own"));
                application.fill(others);
                WorkerQueue<String> closer =
                        context.getBean("queueFactory", QueueFactory.class).open("closer");
                closer.execute(application::exit);
                application.assertExit();
                application.assertDrained(others);
                assertThat(application.abandoned).isEmpty();
            }
        });
    }

    @ParameterizedTest(name = "virtual threads: {0}")
    @ValueSource(booleans = {false, true})
    void waitingTasksAreAbandonedImmediatelyWhenOnlyWorkerClosesContext(boolean virtual) {
        run(virtual, (context, application) -> {
            QueueFactory factory = context.getBean(QueueFactory.class);
            List<WorkerQueue<String>> others = List.of(factory.open("other"));
            application.fill(others);
            WorkerQueue<String> closer = factory.open("closer");
            CountDownLatch filled = new CountDownLatch(1);
            closer.execute(() -> {
                filled.await();
                application.exit();
            });
            for (int i = 0; i < 3; i++) {
                closer.execute(named("waiting " + i, () -> application.trail.events.add("waiting task")));
            }
            filled.countDown();
            application.assertExit();
            application.assertDrained(others);
            assertThat(application.abandoned)
                    .containsExactly(
                            new AbandonedTask("closer", 1, "waiting 0", false),
                            new AbandonedTask("closer", 2, "waiting 1", false),
                            new AbandonedTask("closer", 3, "waiting 2", false));
            await().untilAsserted(
                            () -> assertThat(closer.snapshot().completed()).isEqualTo(1));
            assertThat(closer.snapshot().cancelled()).isEqualTo(3);
        });
    }

    @ParameterizedTest(name = "virtual threads: {0}")
    @ValueSource(booleans = {false, true})
    void waitingTasksRunWhenOneOfTwoWorkersClosesContext(boolean virtual) {
        run(virtual, (context, application) -> {
            WorkerQueue<String> pair = context.getBean(QueueFactory.class).open("pair");
            CountDownLatch filled = new CountDownLatch(1);
            pair.execute(() -> {
                filled.await();
                application.exit();
            });
            application.fill(List.of(pair));
            filled.countDown();
            application.assertExit();
            assertThat(application.abandoned).isEmpty();
            application.assertEndsCompletely(pair, 1 + 2 * Application.TASKS);
            assertThat(application.trail.events.subList(0, 2 * Application.TASKS))
                    .containsOnly("task", "child task");
        });
    }

    @ParameterizedTest(name = "virtual threads: {0}")
    @ValueSource(booleans = {false, true})
    void queuesDrainWhenExceptionHandlerClosesContext(boolean virtual) {
        run(virtual, (context, application) -> {
            context.getBean(Handlers.class).onFailure = application::exit;
            QueueFactory factory = context.getBean(QueueFactory.class);
            List<WorkerQueue<String>> others = List.of(factory.open("other"));
            application.fill(others);
            WorkerQueue<String> closer = factory.open("closer");
            CountDownLatch filled = new CountDownLatch(1);
            closer.execute(() -> {
                filled.await();
                throw new IllegalStateException("on purpose");
            });
            closer.execute(named("waiting", () -> application.trail.events.add("waiting task")));
            filled.countDown();
            application.assertExit();
            application.assertDrained(others);
            assertThat(application.abandoned).containsExactly(new AbandonedTask("closer", 1, "waiting", false));
            await().untilAsserted(() -> {
                assertThat(closer.snapshot().failed()).isEqualTo(1);
                assertThat(closer.snapshot().cancelled()).isEqualTo(1);
                assertThat(closer.snapshot().active()).isZero();
            });
        });
    }

    @ParameterizedTest(name = "virtual threads: {0}")
    @ValueSource(booleans = {false, true})
    void queuesDrainWhenSubmittedTaskClosesContext(boolean virtual) {
        run(virtual, (context, application) -> {
            QueueFactory factory = context.getBean(QueueFactory.class);
            List<WorkerQueue<String>> others = List.of(factory.open("other"));
            application.fill(others);
            WorkerQueue<String> closer = factory.open("closer");
            CompletableFuture<String> result = closer.submit(() -> {
                application.exit();
                return "closed";
            });
            application.assertExit();
            application.assertDrained(others);
            assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("closed");
        });
    }

    @ParameterizedTest(name = "virtual threads: {0}")
    @ValueSource(booleans = {false, true})
    void queuesDrainWhenTaskOfExecutorViewClosesContext(boolean virtual) {
        run(virtual, (context, application) -> {
            QueueFactory factory = context.getBean(QueueFactory.class);
            List<WorkerQueue<String>> others = List.of(factory.open("other"));
            application.fill(others);
            WorkerQueue<String> closer = factory.open("closer");
            closer.asExecutorService().execute(application::exit);
            application.assertExit();
            application.assertDrained(others);
            application.assertEndsCompletely(closer, 1);
        });
    }

    /** Runs a test in a context. The context is closed before the runner closes it, which then has no effect. */
    private void run(boolean virtual, Body body) {
        contextRunner
                .withPropertyValues("spring.threads.virtual.enabled=" + virtual)
                .run(context -> body.run(context.getSourceApplicationContext(), new Application(context)));
    }

    private static TaskAction named(String name, TaskAction task) {
        return new TaskAction() {
            @Override
            public void run() throws Exception {
                task.run();
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }

    @FunctionalInterface
    private interface Body {

        void run(ConfigurableApplicationContext context, Application application) throws Exception;
    }

    /** A context, the tasks of its queues, and the exit that one of them calls. */
    private static final class Application {

        /** Number of tasks that {@link #fill} puts into a queue, more than run at a time. */
        static final int TASKS = 6;

        final QueueShutdownTests.Trail trail;

        final List<AbandonedTask> abandoned;

        private final ConfigurableApplicationContext context;

        private final CompletableFuture<Duration> exit = new CompletableFuture<>();

        Application(AssertableApplicationContext context) {
            this.context = context.getSourceApplicationContext();
            this.trail = context.getBean(QueueShutdownTests.Trail.class);
            this.abandoned = context.getBean(Handlers.class).abandoned;
        }

        /** Closes the context, on the thread of the task that calls this. */
        void exit() {
            try {
                long start = System.nanoTime();
                int status = SpringApplication.exit(context, () -> 7);
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                assertThat(status).isEqualTo(7);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                trail.events.add("exit returned");
                exit.complete(took);
            } catch (Throwable ex) {
                exit.completeExceptionally(ex);
            }
        }

        /** Puts tasks that end after the drain has begun, and then put into a queue of the same factory. */
        void fill(List<WorkerQueue<String>> queues) throws InterruptedException {
            for (int i = 0; i < queues.size(); i++) {
                WorkerQueue<String> queue = queues.get(i);
                WorkerQueue<String> next = queues.get((i + 1) % queues.size());
                CountDownLatch running = new CountDownLatch(1);
                for (int j = 0; j < TASKS; j++) {
                    queue.execute(() -> {
                        running.countDown();
                        await().pollInterval(Duration.ofMillis(1))
                                .until(() -> queue.snapshot().state() != State.OPEN);
                        next.execute(() -> trail.events.add("child task"));
                        trail.events.add("task");
                    });
                }
            }
        }

        /** Asserts that the exit returned well before the end of the period, after all beans had been destroyed. */
        void assertExit() throws Exception {
            assertThat(exit.get(30, TimeUnit.SECONDS)).isLessThan(SHORT);
            assertThat(trail.events).endsWith("below stopped", "bean destroyed", "exit returned");
        }

        /** Asserts that all tasks of {@link #fill}, and the tasks put by them, ended before other beans stopped. */
        void assertDrained(List<WorkerQueue<String>> queues) {
            List<String> expected = new ArrayList<>();
            for (WorkerQueue<String> queue : queues) {
                assertThat(queue.snapshot().state()).isEqualTo(State.CLOSED);
                assertThat(queue.snapshot().completed()).isEqualTo(2 * TASKS);
                assertThat(queue.snapshot().cancelled()).isZero();
                for (int i = 0; i < TASKS; i++) {
                    expected.add("task");
                    expected.add("child task");
                }
            }
            assertThat(trail.events.subList(0, trail.events.size() - 3)).containsExactlyInAnyOrderElementsOf(expected);
        }

        /** Asserts that all tasks of the queue of the closing task complete. That task may end after the exit. */
        void assertEndsCompletely(WorkerQueue<String> closer, int tasks) {
            await().untilAsserted(
                            () -> assertThat(closer.snapshot().completed()).isEqualTo(tasks));
            assertThat(closer.snapshot().state()).isEqualTo(State.CLOSED);
            assertThat(closer.snapshot().cancelled()).isZero();
            assertThat(closer.snapshot().active()).isZero();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Handlers {

        final List<AbandonedTask> abandoned = new CopyOnWriteArrayList<>();

        volatile Runnable onFailure = () -> {};

        @Bean
        AbandonedTaskHandler abandonedTaskHandler() {
            return abandoned::add;
        }

        @Bean
        QueueExceptionHandler exceptionHandler() {
            return failure -> onFailure.run();
        }
    }
}
