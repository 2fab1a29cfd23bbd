package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.github.workerqueue.QueueListener.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tests for task interceptors and their scopes: rule 13 of {@code docs/reference/rules.md}. */
class InterceptorTests {

    private final List<String> calls = new CopyOnWriteArrayList<>();

    @QueueTest
    void firstInterceptorOpensOutermostScope(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, new Recorder("outer"), new Recorder("inner"));
        queue.put(() -> {
            calls.add("task");
            return "result";
        });
        assertThat(queue.join()).containsExactly("result");
        assertThat(calls)
                .containsExactly(
                        "outer begins",
                        "inner begins",
                        "task",
                        "inner ends",
                        "outer ends",
                        "inner SUCCESS",
                        "outer SUCCESS");
    }

    @QueueTest
    void interceptorsAreCalledByProducer(Fixture fixture) throws Exception {
        List<Thread> asked = new CopyOnWriteArrayList<>();
        WorkerQueue<String> queue = open(fixture, task -> {
            asked.add(Thread.currentThread());
            return null;
        });
        queue.put(() -> "a");
        queue.putAll(List.of(1, 2), item -> "b");
        queue.execute(() -> {});
        queue.submit(() -> "c").get();
        queue.putAsync(() -> CompletableFuture.completedFuture("d"));
        queue.asExecutorService().execute(() -> {});
        queue.asExecutorService().submit(() -> {}).get();
        queue.join();
        assertThat(asked).hasSize(8).containsOnly(Thread.currentThread());
    }

    @QueueTest
    void taskIsNotWrappedWhenInterceptorReturnsNoScope(Fixture fixture) throws Exception {
        WorkerQueue<StackTraceElement[]> bare = fixture.open(2, 2);
        WorkerQueue<StackTraceElement[]> left = open(fixture, task -> null);
        Callable<StackTraceElement[]> stack = () -> Thread.currentThread().getStackTrace();
        bare.put(stack);
        left.put(stack);
        assertThat(left.join().get(0)).hasSameSizeAs(bare.join().get(0));
    }

    @QueueTest
    void interceptorIsNotCalledWhenInactive(Fixture fixture) throws Exception {
        AtomicBoolean active = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        WorkerQueue<String> queue = open(fixture, new TaskInterceptor() {
            @Override
            public boolean isActive() {
                return active.get();
            }

            @Override
            public @Nullable TaskScope intercept(TaskInfo task) {
                asked.incrementAndGet();
                return null;
            }
        });
        queue.put(() -> "");
        assertThat(asked).hasValue(0);
        active.set(true);
        queue.put(() -> "");
        assertThat(asked).hasValue(1);
        queue.join();
    }

    @QueueTest
    void exceptionHandlerRunsWithinScopes(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings -> settings.withInterceptors(List.of(new Recorder("scope")))
                .withExceptionHandler(failure -> calls.add("handler")));
        queue.put(() -> {
            throw new IOException("failed");
        });
        queue.join();
        assertThat(calls)
                .containsExactly(
                        "scope begins",
                        "scope ends",
                        "handler begins",
                        "handler",
                        "handler ends",
                        "scope FAILURE failed");
    }

    @QueueTest
    void everyAttemptRunsWithinScopes(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings -> settings.withInterceptors(List.of(new Recorder("scope")))
                .withRetryPolicy((failure, attempts) -> Duration.ZERO));
        int[] runs = {0};
        queue.put(() -> {
            if (++runs[0] == 1) {
                throw new IOException("first");
            }
            return "second";
        });
        assertThat(queue.join()).containsExactly("second");
        assertThat(calls)
                .containsExactly(
                        "scope begins", "scope ends", "retried 1 first", "scope begins", "scope ends", "scope SUCCESS");
    }

    @QueueTest
    void scopeEndsWhenStageCompletes(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, new Recorder("scope"));
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        Fixture.until("the stage holds the slot", () -> calls.contains("scope ends"));
        assertThat(calls).containsExactly("scope begins", "scope ends");
        stage.completeExceptionally(new IOException("late"));
        queue.join();
        assertThat(calls).endsWith("handler begins", "handler ends", "scope FAILURE late");
    }

    @QueueTest
    void scopeEndsWhenTaskIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withInterceptors(List.of(new Recorder("scope"))));
        Blocker blocker = fixture.block(queue);
        queue.put(() -> "waits");
        Future<String> submitted = queue.submit(() -> "waits too");
        assertThat(submitted.cancel(true)).isTrue();
        queue.cancel();
        assertThat(queue.join()).isEmpty();
        assertThat(blocker.isStarted()).isFalse();
        assertThat(calls).filteredOn("scope CANCELLED"::equals).hasSize(3);
    }

    @QueueTest
    void scopeEndsOnceWhenFutureOfExecutorViewEnds(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withInterceptors(List.of(new Recorder("scope"))));
        queue.asExecutorService().submit(() -> "done").get(10, TimeUnit.SECONDS);
        queue.join();
        assertThat(calls).containsExactly("scope begins", "scope ends", "scope SUCCESS");
        calls.clear();
        Blocker blocker = fixture.block(queue);
        Future<String> cancelled = queue.asExecutorService().submit(() -> "never");
        cancelled.cancel(true);
        blocker.release();
        queue.join();
        assertThat(calls).filteredOn("scope CANCELLED"::equals).hasSize(1);
        calls.clear();
        Future<?> failed = queue.asExecutorService().submit(() -> {
            throw new IOException("failed");
        });
        assertThatThrownBy(() -> failed.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("failed");
        queue.join();
        assertThat(calls).endsWith("scope FAILURE failed");
    }

    @QueueTest
    void scopeEndsAsCancelledWhenRunningFutureOfExecutorViewIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withInterceptors(List.of(new Recorder("scope"))));
        for (int i = 0; i < 200; i++) { // the interrupt precedes the completion of the future
            Blocker throwing = new Blocker();
            Future<?> interrupted = submit(queue, throwing);
            assertThat(interrupted.cancel(true)).isTrue();
            queue.join();
            assertThat(calls).containsExactly("scope begins", "scope ends", "scope CANCELLED");
            calls.clear();
        }

        Blocker returning = new Blocker();
        Future<?> future = submit(queue, returning);
        assertThat(future.cancel(false)).isTrue();
        assertThat(calls).as("it still runs").containsExactly("scope begins");
        returning.release();
        queue.join();
        assertThat(calls).containsExactly("scope begins", "scope ends", "scope CANCELLED");
    }

    @QueueTest
    void scopeEndsOnceWhenFutureOfExecutorViewIsCancelledJustBeforeItsCall(Fixture fixture) {
        WorkerQueue<String> queue = open(fixture, new Recorder("scope"));
        TaskFactory tasks = ((DefaultWorkerQueue<String>) queue).engine().tasks;
        TaskExecution execution = Objects.requireNonNull(tasks.execution("task", TaskOptions.defaults()));
        TaskExecution.SingleCall<String> call = new TaskExecution.SingleCall<>(() -> "never", execution);
        call.cancel();
        assertThatThrownBy(call::call).isInstanceOf(CancellationException.class);
        assertThat(calls).containsExactly("scope CANCELLED");
    }

    private static Future<?> submit(WorkerQueue<?> queue, Blocker blocker) throws InterruptedException {
        Future<?> future = queue.asExecutorService().submit(() -> {
            blocker.run();
            return null;
        });
        blocker.awaitStarted();
        return future;
    }

    @QueueTest
    void putThrowsWhenInterceptorThrows(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, task -> {
            throw new IllegalStateException("of " + task.name() + " in " + task.queue() + ", named " + task.isNamed());
        });
        assertThatThrownBy(() -> queue.put(() -> "never", TaskOptions.named("match 17")))
                .hasMessage("of match 17 in default, named true");
        assertThatThrownBy(() -> queue.putAll(List.of(1), item -> "never")).hasMessage("of 1 in default, named false");
        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().put()).isZero();
    }

    @QueueTest
    void taskFailsOnceWhenItsScopeThrowsDuringAttemptAndAtEnd(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, task -> new TaskScope() {
            @Override
            public <R extends @Nullable Object> R call(Callable<R> attempt) throws Exception {
                attempt.call();
                throw new IOException("of the scope");
            }

            @Override
            public void ended(Outcome outcome, @Nullable Throwable failure) {
                throw new IllegalStateException("harms nothing");
            }
        });
        List<ILoggingEvent> events = FailureTests.logged(() -> {
            queue.put(() -> "dropped");
            assertThat(queue.join()).isEmpty();
        });
        assertThat(fixture.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).hasMessage("of the scope"));
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("harms nothing");
        });
        assertThat(queue.snapshot().failed()).isOne();
    }

    @QueueTest
    void submittedFutureCompletesWithinScopesOfLastAttempt(Fixture fixture) throws Exception {
        CountDownLatch registered = new CountDownLatch(1);
        WorkerQueue<String> queue = fixture.open(settings -> settings.withInterceptors(List.of(new Recorder("scope")))
                .withRetryPolicy((failure, attempts) -> attempts < 2 ? Duration.ZERO : null));

        CompletableFuture<String> future = queue.submit(() -> {
            Fixture.await(registered);
            throw new IOException("failed");
        });
        CompletableFuture<Boolean> dependent = future.handle((result, failure) -> calls.add("dependent"));
        registered.countDown();
        dependent.get(10, TimeUnit.SECONDS);
        queue.join();

        assertThat(calls)
                .containsExactly(
                        "scope begins",
                        "scope ends",
                        "retried 1 failed",
                        "scope begins",
                        "scope ends",
                        "handler begins",
                        "dependent",
                        "handler ends",
                        "scope FAILURE failed");
    }

    @QueueTest
    void submittedFutureCompletesWithinScopesWhenQueueIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withInterceptors(List.of(new Recorder("scope"))));
        Blocker blocker = fixture.block(queue);
        calls.clear();
        CompletableFuture<Boolean> dependent =
                queue.submit(() -> "never").handle((result, failure) -> calls.add("dependent"));

        queue.cancel();
        dependent.get(10, TimeUnit.SECONDS);
        blocker.release();
        queue.join();

        assertThat(calls).containsSubsequence("handler begins", "dependent", "handler ends", "scope CANCELLED");
    }

    @QueueTest
    void futureCancelledByItsUserCompletesOutsideScopes(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withInterceptors(List.of(new Recorder("scope"))));
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<String> future = queue.submit(() -> {
            started.countDown();
            new CountDownLatch(1).await();
            return "never";
        });
        List<Thread> threads = new CopyOnWriteArrayList<>();
        CompletableFuture<String> unused =
                future.whenComplete((result, failure) -> threads.add(Thread.currentThread()));
        Fixture.await(started);

        assertThat(future.cancel(true)).isTrue();
        queue.join();

        assertThat(threads).containsExactly(Thread.currentThread());
        assertThat(calls).containsExactly("scope begins", "scope ends", "scope CANCELLED");
    }

    @QueueTest
    void futureCompletedByItsUserIsNotHandledWithinScopes(Fixture fixture) throws Exception {
        AtomicInteger handled = new AtomicInteger();
        TaskInterceptor counting = task -> new TaskScope() {
            @Override
            public <R extends @Nullable Object> R call(Callable<R> body) throws Exception {
                return body.call();
            }

            @Override
            public void handle(Runnable handler) {
                handled.incrementAndGet();
                handler.run();
            }
        };
        WorkerQueue<String> queue = fixture.open(settings -> settings.withInterceptors(List.of(counting)));
        Blocker blocker = new Blocker();
        CompletableFuture<String> future = queue.submit(() -> {
            blocker.run();
            return "task";
        });
        blocker.awaitStarted();

        assertThat(future.complete("user")).isTrue();
        blocker.release();
        queue.join();

        assertThat(future).isCompletedWithValue("user");
        assertThat(handled).hasValue(0);
    }

    @QueueTest
    void submittedFutureCompletesWhenScopeFailsOrDoesNotRunHandler(Fixture fixture) throws Exception {
        List<Consumer<Runnable>> scopes = List.of(
                handler -> {
                    throw new IllegalStateException("before");
                },
                handler -> {
                    handler.run();
                    throw new IllegalStateException("after");
                },
                handler -> {});
        List<String> completed = new CopyOnWriteArrayList<>();
        for (Consumer<Runnable> scope : scopes) {
            WorkerQueue<String> queue = open(fixture, task -> new Handling(scope));
            List<ILoggingEvent> events = FailureTests.logged(() -> {
                CompletableFuture<String> unused =
                        queue.submit(() -> "result").whenComplete((result, failure) -> completed.add(result));
                queue.join();
            });
            events.forEach(event -> completed.add(
                    event.getLevel() + " " + event.getThrowableProxy().getMessage()));
        }
        assertThat(completed).containsExactly("result", "WARN before", "result", "WARN after", "result");
        assertThat(fixture.failures).isEmpty();
    }

    private <T> WorkerQueue<T> open(Fixture fixture, TaskInterceptor... interceptors) {
        return fixture.open(settings -> settings.withInterceptors(List.of(interceptors)));
    }

    /** Scope that passes the handler to an action. */
    private record Handling(Consumer<Runnable> action) implements TaskScope {

        @Override
        public <R extends @Nullable Object> R call(Callable<R> attempt) throws Exception {
            return attempt.call();
        }

        @Override
        public void handle(Runnable handler) {
            action.accept(handler);
        }
    }

    /** Interceptor that records the calls of its scopes. */
    private final class Recorder implements TaskInterceptor {

        private final String name;

        Recorder(String name) {
            this.name = name;
        }

        @Override
        public TaskScope intercept(TaskInfo task) {
            return new TaskScope() {
                @Override
                public <R extends @Nullable Object> R call(Callable<R> attempt) throws Exception {
                    calls.add(name + " begins");
                    try {
                        return attempt.call();
                    } finally {
                        calls.add(name + " ends");
                    }
                }

                @Override
                public void handle(Runnable handler) {
                    calls.add("handler begins");
                    handler.run();
                    calls.add("handler ends");
                }

                @Override
                public void retried(int attempts, Throwable failure) {
                    calls.add("retried " + attempts + " " + failure.getMessage());
                }

                @Override
                public void ended(Outcome outcome, @Nullable Throwable failure) {
                    calls.add(name + " " + outcome + (failure == null ? "" : " " + failure.getMessage()));
                }
            };
        }
    }
}
