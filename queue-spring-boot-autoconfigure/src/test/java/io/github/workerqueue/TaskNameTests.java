package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Tests for the names of tasks. */
class TaskNameTests {

    @QueueTest
    void nameOfOptionsTakesPrecedence(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 5);

        queue.put(new Failing("toString"), TaskOptions.named("match 17"));
        queue.put(new Failing("toString"), TaskOptions.defaults());

        assertThat(names(fixture, queue)).containsExactly("match 17", "toString");
    }

    @QueueTest
    void taskIsNamedAfterItemOrCallableWhenOptionsHaveNoName(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 20);
        Failing task = new Failing("the task");

        queue.putAll(Arrays.asList("item", 17, null), item -> {
            throw new IOException();
        });
        queue.executeAll(List.of("consumed"), item -> {
            throw new IOException();
        });
        queue.put(task);
        queue.execute(task);
        queue.putAsync(task.asynchronous());
        queue.asExecutorService().execute(task.runnable());

        assertThat(names(fixture, queue))
                .containsExactly("item", "17", "null", "consumed", "the task", "the task", "the task", "the task");
    }

    @QueueTest
    void nameIsCutAtTwoHundredCharacters(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 5);

        queue.put(new Failing("x".repeat(200)));
        queue.put(new Failing("x".repeat(201)));
        queue.put(new Failing(""), TaskOptions.named("y".repeat(1_000)));

        assertThat(names(fixture, queue)).containsExactly("x".repeat(200), "x".repeat(200), "y".repeat(200));
    }

    @QueueTest
    void nameIsClassAndHashWhenToStringThrows(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 10);
        Failing task = new Failing(null);
        String expected = Failing.class.getName() + "@" + Integer.toHexString(System.identityHashCode(task));

        queue.put(task);
        queue.execute(task);
        queue.putAll(List.of(task), Failing::call);

        assertThat(names(fixture, queue)).containsExactly(expected, expected, expected);
    }

    @QueueTest
    void nameIsClassOfUserCodeWhenToStringOfWrappedTaskThrows(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 10);
        Failing task = new Failing(null);

        queue.putAsync(task.asynchronous());
        queue.asExecutorService().execute(task.runnable());

        assertThat(names(fixture, queue)).allMatch(name -> name.startsWith(Failing.class.getName() + "$"));
    }

    @QueueTest
    void nameIsNullTextWhenToStringReturnsNull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 5);
        Object item = new Object() {
            @Override
            @SuppressWarnings({"NullAway", "ToStringReturnsNull"})
            public String toString() {
                return null;
            }
        };

        queue.putAll(List.of(item), each -> {
            throw new IOException();
        });

        assertThat(names(fixture, queue)).containsExactly("null");
    }

    @QueueTest
    void nameIsNotBuiltWhenTaskSucceeds(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 5);
        AtomicInteger built = new AtomicInteger();
        Object item = new Object() {
            @Override
            public String toString() {
                built.incrementAndGet();
                return "item";
            }
        };

        queue.putAll(List.of(item, item), Object::toString);
        queue.executeAll(List.of(item), each -> {});

        assertThat(queue.join()).hasSize(2);
        assertThat(built).hasValue(2);
    }

    @QueueTest
    @SuppressWarnings("UnnecessaryMethodReference") // a method reference has no toString() of its own
    void lambdaIsNamedByItsIndex(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 20);
        Failing task = new Failing("named");

        queue.put(task);
        queue.put(task::call);
        queue.put(() -> task.call(), TaskOptions.named("given"));
        queue.put(() -> task.call(), TaskOptions.defaults().withRetryPolicy((failure, attempts) -> null));
        queue.execute(task::run);
        queue.putAsync(() -> CompletableFuture.failedFuture(new IOException()));
        queue.asExecutorService().execute(() -> task.runnable().run());
        queue.putAll(List.<Runnable>of(() -> {}), item -> task.call());

        assertThat(names(fixture, queue))
                .containsExactly("named", "task 1", "given", "task 3", "task 4", "task 5", "task 6", "task 7");
    }

    @QueueTest
    @SuppressWarnings({"FutureReturnValueIgnored", "UnnecessaryMethodReference"})
    void lambdaIsNamedByItsIndexInReportsAndLogs(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 20);
        Blocker blocker = new Blocker();
        queue.execute(() -> {});
        queue.execute(blocker::run);
        queue.put(() -> "waits");
        blocker.awaitStarted();

        QueueReport report = queue.report();

        assertThat(report.running()).extracting(QueueReport.Task::name).containsExactly("task 1");
        QueueReport.WaitingTask oldest = report.oldest();
        assertThat(oldest).isNotNull().extracting(QueueReport.Task::name).isEqualTo("task 2");
        blocker.release();
        assertThat(FailureTests.logged(() -> {
                    queue.join();
                    CompletableFuture<?> unused =
                            queue.submit(CompletableFuture::new).get();
                }))
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains(": task 0 returned"));
    }

    @QueueTest
    void abandonedLambdaIsNamedByItsIndex(Fixture fixture) throws Exception {
        List<String> abandoned = new CopyOnWriteArrayList<>();
        WorkerQueue<String> queue = fixture.open(
                settings -> settings.withWorkers(1).withAbandonedTaskHandler(task -> abandoned.add(task.task())));
        Blocker blocker = new Blocker();
        queue.execute(() -> blocker.run());
        queue.put(() -> "never");
        blocker.awaitStarted();

        queue.close(Duration.ZERO);

        assertThat(abandoned).containsExactly("task 0", "task 1");
    }

    @QueueTest
    void logNamesLambdaOnceWhenItIsAbandoned(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withAbandonedTaskHandler(QueueLog::logAbandoned));
        Blocker blocker = new Blocker();
        queue.execute(() -> blocker.run());
        queue.put(() -> "never", TaskOptions.named("match 17"));
        blocker.awaitStarted();

        assertThat(FailureTests.logged(() -> queue.close(Duration.ZERO)))
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Queue 'default': abandoned 2 unfinished tasks on close (1 started, 1 not started)",
                        "Queue 'default': task 0 was abandoned after it started",
                        "Queue 'default': task 1 'match 17' was abandoned before it started");
    }

    @QueueTest
    void futureIsNamedAfterItsTaskWhenTaskIsVisible(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 20);
        ExecutorService view = queue.asExecutorService();
        List<String> running = new CopyOnWriteArrayList<>();
        Callable<String> task = new Callable<>() {
            @Override
            public String call() {
                queue.report().running().forEach(each -> running.add(each.name()));
                return "";
            }

            @Override
            public String toString() {
                return "inner";
            }
        };

        view.submit(task).get();
        queue.join();
        new ExecutorCompletionService<String>(view).submit(task).get();
        queue.join();
        view.execute(new FutureTask<>(task));
        queue.join();
        CompletableFuture.supplyAsync(() -> running(queue, running), view).join();
        queue.join();
        view.execute(new FutureTask<>(task) {
            @Override
            public String toString() {
                return "outer";
            }
        });
        queue.join();

        assertThat(running).containsExactly("inner", "inner", "task 0", "task 0", "outer");
    }

    private static String running(WorkerQueue<?> queue, List<String> names) {
        queue.report().running().forEach(each -> names.add(each.name()));
        return "";
    }

    @QueueTest
    void lambdaIsNamedAfterItsClassBeforeItHasIndex(Fixture fixture) throws Exception {
        List<String> names = new CopyOnWriteArrayList<>();
        WorkerQueue<String> queue = fixture.open(settings -> settings.withInterceptors(List.of(task -> {
            names.add(task.name());
            return null;
        })));
        Callable<String> lambda = () -> "";
        Failing named = new Failing("named");

        queue.put(lambda);
        queue.put(named);
        queue.asExecutorService().execute(new FutureTask<>(lambda));
        queue.join();

        assertThat(names).containsExactly(lambda.getClass().getName(), "named", FutureTask.class.getName());
    }

    @QueueTest
    void optionsAreComparedByValue(Fixture fixture) {
        assertThat(TaskOptions.named("a"))
                .isEqualTo(TaskOptions.named("a"))
                .hasSameHashCodeAs(TaskOptions.named("a"))
                .isNotEqualTo(TaskOptions.named("b"))
                .isNotEqualTo(TaskOptions.defaults())
                .hasToString("TaskOptions[name=a]");
        assertThat(TaskOptions.defaults().withRetryPolicy(TaskRetryPolicy.NEVER))
                .isNotEqualTo(TaskOptions.defaults())
                .hasToString("TaskOptions[retryPolicy=" + TaskRetryPolicy.NEVER + "]");
        assertThat(TaskOptions.defaults().name()).isNull();
        assertThatNullPointerException().isThrownBy(() -> TaskOptions.named(nothing()));
        assertThat(fixture.failures).isEmpty();
    }

    @SuppressWarnings("NullAway")
    private static String nothing() {
        return null;
    }

    WorkerQueue<String> open(Fixture fixture, int maxsize) {
        return fixture.open(1, maxsize);
    }

    private static List<String> names(Fixture fixture, WorkerQueue<?> queue) throws InterruptedException {
        queue.join();
        return fixture.failures.stream().map(TaskFailure::task).toList();
    }

    private static final class Failing implements Callable<String>, TaskAction {

        private final @Nullable String name;

        Failing(@Nullable String name) {
            this.name = name;
        }

        @Override
        public String call() throws IOException {
            throw new IOException();
        }

        @Override
        public void run() throws IOException {
            throw new IOException();
        }

        @Override
        public String toString() {
            if (name == null) {
                throw new IllegalStateException();
            }
            return name;
        }

        Callable<CompletionStage<String>> asynchronous() {
            return new Callable<>() {
                @Override
                public CompletionStage<String> call() {
                    return CompletableFuture.failedFuture(new IOException());
                }

                @Override
                public String toString() {
                    return Failing.this.toString();
                }
            };
        }

        Runnable runnable() {
            return new Runnable() {
                @Override
                public void run() {
                    throw new IllegalStateException();
                }

                @Override
                public String toString() {
                    return Failing.this.toString();
                }
            };
        }
    }
}
