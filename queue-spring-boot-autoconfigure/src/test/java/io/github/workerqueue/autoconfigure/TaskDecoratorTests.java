package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.TaskFailure;
import io.github.workerqueue.TaskInfo;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskScope;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;

/** Tests for the task decorators of an application. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TaskDecoratorTests {

    private final List<String> heard = new CopyOnWriteArrayList<>();

    private final List<TaskFailure> failures = new CopyOnWriteArrayList<>();

    private final ApplicationContextRunner contextRunner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class));

    @Test
    void tasksHaveNoInterceptorsWithoutDecorators() {
        contextRunner.run(context -> assertThat(
                        context.getBean(QueueFactory.class).settings("any").interceptors())
                .isEmpty());
    }

    @Test
    void lastDecoratorIsOutermostAsInExecutorsOfSpringBoot() {
        contextRunner
                .withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
                .withUserConfiguration(TwoDecorators.class)
                .run(context -> {
                    List<String> trail = context.getBean(TwoDecorators.class).trail;
                    context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class)
                            .submit(() -> trail.add("task"))
                            .get();
                    List<String> ofBoot = List.copyOf(trail);
                    trail.clear();
                    try (WorkerQueue<Boolean> queue =
                            context.getBean(QueueFactory.class).open()) {
                        queue.put(() -> trail.add("task"));
                        queue.join();
                    }
                    assertThat(trail).containsExactly("last", "first", "task").isEqualTo(ofBoot);
                });
    }

    @Test
    void interceptorsOfApplicationSurroundDecorators() {
        contextRunner
                .withUserConfiguration(TwoDecorators.class, TwoInterceptors.class)
                .run(context -> {
                    try (WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open()) {
                        queue.put(() -> "done");
                        assertThat(queue.join()).containsExactly("done");
                    }
                    assertThat(context.getBean(TwoDecorators.class).trail)
                            .containsExactly("outer interceptor", "inner interceptor", "last", "first");
                });
    }

    @Test
    void decoratorIsCalledByProducerAndRunsOnWorkerThread() throws Exception {
        Thread producer = Thread.currentThread();
        TaskDecorator decorator = task -> {
            heard.add("decorated by the producer: " + (Thread.currentThread() == producer));
            return () -> {
                heard.add("run by the producer: " + (Thread.currentThread() == producer));
                task.run();
            };
        };
        try (WorkerQueue<String> queue = open(decorator)) {
            queue.put(() -> "done");
            assertThat(queue.join()).containsExactly("done");
        }
        assertThat(heard).containsExactly("decorated by the producer: true", "run by the producer: false");
    }

    @Test
    void decoratorIsCalledOncePerPutAndRunsOncePerAttempt() throws Exception {
        TaskDecorator decorator = task -> {
            heard.add("decorated");
            return () -> {
                heard.add("run");
                task.run();
            };
        };
        int[] attempts = {0};
        try (WorkerQueue<String> queue =
                open(settings -> settings.withRetryPolicy((failure, attempt) -> Duration.ZERO), decorator)) {
            queue.put(() -> {
                if (++attempts[0] < 3) {
                    throw new IOException("not yet");
                }
                return "done";
            });
            assertThat(queue.join()).containsExactly("done");
        }
        assertThat(heard).containsExactly("decorated", "run", "run", "run");
    }

    @Test
    void decoratorOfChildTaskCapturesContextOfParent() throws Exception {
        ThreadLocal<String> user = new ThreadLocal<>();
        TaskDecorator decorator = task -> {
            String captured = user.get();
            return () -> {
                user.set(captured);
                try {
                    task.run();
                } finally {
                    user.remove();
                }
            };
        };
        try (WorkerQueue<String> queue = open(decorator)) {
            user.set("ada");
            queue.put(() -> {
                queue.put(() -> "child of " + user.get());
                return "parent of " + user.get();
            });
            user.remove();
            assertThat(queue.join()).containsExactly("parent of ada", "child of ada");
        }
    }

    @Test
    void failurePassesDecoratorUnchanged() throws Exception {
        IOException failure = new IOException("checked");
        TaskDecorator decorator = task -> () -> {
            try {
                task.run();
            } catch (Throwable ex) {
                heard.add("seen: " + ex);
                throw ex;
            }
        };
        try (WorkerQueue<String> queue = open(decorator)) {
            queue.put(() -> {
                throw failure;
            });
            assertThat(queue.join()).isEmpty();
        }
        assertThat(heard).containsExactly("seen: " + failure);
        assertThat(failures)
                .singleElement()
                .satisfies(heardOf -> assertThat(heardOf.exception()).isSameAs(failure));
        assertThat(failure).hasNoSuppressedExceptions();
    }

    @Test
    void failureIsKeptWhenDecoratorSwallowsIt() throws Exception {
        Error failure = new AssertionError("an error");
        TaskDecorator swallowing = task -> () -> {
            try {
                task.run();
            } catch (Throwable ex) {
                heard.add("swallowed");
            }
        };
        try (WorkerQueue<String> queue = open(swallowing)) {
            CompletableFuture<String> future = queue.submit(() -> {
                throw failure;
            });
            assertThatThrownBy(() -> future.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isSameAs(failure);
        }
        assertThat(heard).containsExactly("swallowed");
    }

    @Test
    void originalFailureIsKeptWhenDecoratorTranslatesIt() throws Exception {
        IOException failure = new IOException("original");
        TaskDecorator translating = task -> () -> {
            try {
                task.run();
            } catch (Throwable ex) {
                throw new IllegalStateException("translated", ex);
            }
        };
        assertThat(failureOf(translating, failure)).isSameAs(failure).hasNoSuppressedExceptions();
    }

    @Test
    void failureOfDecoratorIsAddedAsSuppressedWhenTaskFailsToo() throws Exception {
        IOException failure = new IOException("of the task");
        TaskDecorator failing = task -> () -> {
            try {
                task.run();
            } catch (Throwable ex) {
                throw new IllegalStateException("of the decorator");
            }
        };
        assertThat(failureOf(failing, failure)).isSameAs(failure);
        assertThat(failure.getSuppressed())
                .singleElement()
                .satisfies(beside -> assertThat(beside).hasMessage("of the decorator"));
    }

    @Test
    void taskFailsWhenItsDecoratorFails() throws Exception {
        TaskDecorator failing = task -> () -> {
            task.run();
            throw new IllegalStateException("of the decorator");
        };
        assertThat(failureOf(failing, null)).hasMessage("of the decorator");
    }

    @Test
    void taskReturnsNullWhenDecoratorDoesNotRunIt() throws Exception {
        TaskDecorator skipping = task -> () -> {};
        try (WorkerQueue<String> queue = open(skipping)) {
            queue.put(() -> "never");
            assertThat(queue.submit(() -> "never").get()).isNull();
            assertThat(queue.join()).isEmpty();
            assertThat(queue.snapshot().completed()).isEqualTo(2);
            queue.putAsync(() -> CompletableFuture.completedFuture("never"));
            queue.join();
        }
        assertThat(failures)
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure.exception()).hasMessageContaining("returned null instead of a stage"));
    }

    @Test
    void taskReturnsLastResultWhenDecoratorRunsItTwice() throws Exception {
        TaskDecorator twice = task -> () -> {
            try {
                task.run();
            } catch (RuntimeException ex) {
                task.run();
            }
        };
        int[] runs = {0};
        try (WorkerQueue<String> queue = open(twice)) {
            queue.put(() -> {
                if (++runs[0] == 1) {
                    throw new IllegalStateException("first");
                }
                return "second";
            });
            assertThat(queue.join()).containsExactly("second");
        }
    }

    @Test
    void decoratedRunnableThrowsWhenItIsRunLater() throws Exception {
        List<Runnable> kept = new CopyOnWriteArrayList<>();
        TaskDecorator keeping = task -> {
            kept.add(task);
            return task;
        };
        try (WorkerQueue<String> queue = open(keeping)) {
            queue.put(() -> "once");
            assertThat(queue.join()).containsExactly("once");
        }
        assertThat(kept)
                .singleElement()
                .satisfies(task -> assertThatThrownBy(task::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("after its own Runnable had returned"));
    }

    @Test
    void putThrowsExceptionOfDecorator() {
        TaskDecorator refusing = task -> {
            throw new IllegalStateException("refused");
        };
        try (WorkerQueue<String> queue = open(refusing)) {
            assertThatThrownBy(() -> queue.put(() -> "never")).hasMessage("refused");
            assertThat(queue.snapshot().put()).isZero();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // as code that is not null-marked may do
    void putNamesDecoratorWhenItReturnsNull() {
        TaskDecorator broken = new TaskDecorator() {
            @Override
            public Runnable decorate(Runnable task) {
                return null;
            }

            @Override
            public String toString() {
                return "brokenDecorator";
            }
        };
        try (WorkerQueue<String> queue = open(broken)) {
            assertThatThrownBy(() -> queue.put(() -> "never"))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("The task decorator brokenDecorator returned null; "
                            + "return the given Runnable or a wrapper of it");
        }
    }

    @Test
    void callableOfPutAsyncIsDecorated() throws Exception {
        TaskDecorator decorator = task -> () -> {
            heard.add("begins");
            task.run();
            heard.add("ends");
        };
        CompletableFuture<String> stage = new CompletableFuture<>();
        try (WorkerQueue<String> queue = open(decorator)) {
            queue.putAsync(() -> {
                heard.add("starts the stage");
                return stage;
            });
            queue.execute(() -> stage.complete("done"));
            assertThat(queue.join()).containsExactly("done");
        }
        assertThat(heard).contains("starts the stage").hasSize(5);
    }

    @Test
    void tasksOfExecutorViewAreDecorated() throws Exception {
        TaskDecorator decorator = task -> () -> {
            heard.add("decorated");
            task.run();
        };
        try (WorkerQueue<String> queue = open(decorator)) {
            queue.asExecutorService().execute(() -> heard.add("executed"));
            queue.join();
            assertThat(queue.asExecutorService()
                            .submit(() -> heard.add("submitted"))
                            .get())
                    .isTrue();
        }
        assertThat(heard).containsExactly("decorated", "executed", "decorated", "submitted");
    }

    private @Nullable Throwable failureOf(TaskDecorator decorator, @Nullable Exception thrown) throws Exception {
        try (WorkerQueue<String> queue = open(decorator)) {
            queue.execute(() -> {
                if (thrown != null) {
                    throw thrown;
                }
            });
            queue.join();
        }
        assertThat(failures).hasSize(1);
        return failures.get(0).exception();
    }

    private WorkerQueue<String> open(TaskDecorator decorator) {
        return open(settings -> settings, decorator);
    }

    private WorkerQueue<String> open(UnaryOperator<QueueSettings> change, TaskDecorator... decorators) {
        QueueSettings settings = QueueSettings.defaults()
                .withExceptionHandler(failures::add)
                .withInterceptors(DecoratorInterceptor.of(List.of(decorators)).toList());
        return QueueFactory.create(change.apply(settings)).open();
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoDecorators {

        final List<String> trail = new CopyOnWriteArrayList<>();

        @Bean
        @Order(2)
        TaskDecorator last() {
            return recording("last");
        }

        @Bean
        @Order(1)
        TaskDecorator first() {
            return recording("first");
        }

        private TaskDecorator recording(String name) {
            return task -> () -> {
                trail.add(name);
                task.run();
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoInterceptors {

        @Bean
        @Order(2)
        TaskInterceptor inner(TwoDecorators decorators) {
            return recording("inner interceptor", decorators.trail);
        }

        @Bean
        @Order(1)
        TaskInterceptor outer(TwoDecorators decorators) {
            return recording("outer interceptor", decorators.trail);
        }

        private static TaskInterceptor recording(String name, List<String> trail) {
            return new TaskInterceptor() {
                @Override
                public TaskScope intercept(TaskInfo info) {
                    return new TaskScope() {
                        @Override
                        public <R extends @Nullable Object> R call(Callable<R> task) throws Exception {
                            trail.add(name);
                            return task.call();
                        }
                    };
                }
            };
        }
    }
}
