package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Tests that the futures, stages, tasks and factory that a user keeps do not keep a closed queue reachable. */
class ReachabilityTests {

    private static WeakReference<@Nullable CurrentTask> engine() {
        return new WeakReference<>(Objects.requireNonNull(CurrentTask.ofThread()));
    }

    private static void awaitCollected(WeakReference<?> reference, Object kept) {
        try {
            Fixture.until("it is collected", () -> {
                System.gc();
                return reference.get() == null;
            });
        } finally {
            Reference.reachabilityFence(kept);
        }
    }

    private static WeakReference<?> engineOf(WorkerQueue<?> queue) throws Exception {
        return queue.submit(ReachabilityTests::engine).get();
    }

    @QueueTest
    void futureOfSubmitKeepsOnlyOutcomeWhenTaskHasEnded(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.factory().open();
        CompletableFuture<WeakReference<@Nullable CurrentTask>> done = queue.submit(ReachabilityTests::engine);
        CompletableFuture<String> failed = queue.submit(() -> {
            throw new IllegalStateException();
        });
        queue.join();
        queue.close();
        WeakReference<?> engine = done.get();
        queue = null;

        awaitCollected(engine, List.of(done, failed));
    }

    @QueueTest
    void futureOfExecutorViewKeepsOnlyOutcomeWhenTaskHasEnded(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                fixture.factory().open(settings -> settings.withInterceptors(List.of(task -> new BareScope())));
        Callable<WeakReference<@Nullable CurrentTask>> task = ReachabilityTests::engine;
        Future<WeakReference<@Nullable CurrentTask>> done =
                queue.asExecutorService().submit(task);
        WeakReference<?> engine = done.get();
        queue.close();
        queue = null;

        awaitCollected(engine, done);
    }

    @QueueTest
    void rateLimitKeepsNoClosedQueueWhenPeriodIsLong(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder ->
                builder.defaults(fixture.settings().withRateLimits(List.of(new RateLimit(1, Duration.ofHours(1))))));
        WorkerQueue<String> queue = factory.open();
        WeakReference<?> engine = engineOf(queue);
        queue.put(() -> "waits");
        assertThat(queue.close(Duration.ofMillis(20))).isFalse();
        queue = null;

        awaitCollected(engine, factory);
    }

    @QueueTest
    void rateLimitKeepsNoClosedQueueWhenSlotsAreHaltedConcurrently(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder ->
                builder.defaults(fixture.settings().withRateLimits(List.of(new RateLimit(5, Duration.ofHours(1))))));

        awaitCollected(haltedAndClosed(factory), factory);
    }

    /** Ends four tasks concurrently while the rate limit blocks the others, and closes the queue. */
    private static WeakReference<?> haltedAndClosed(QueueFactory factory) throws Exception {
        WorkerQueue<String> queue = factory.open();
        WeakReference<?> engine = engineOf(queue);
        Blocker blocker = new Blocker();
        for (int i = 0; i < 10; i++) {
            queue.execute(blocker);
        }
        blocker.awaitStarted(4);
        blocker.release();
        Fixture.until("none runs", () -> queue.active() == 0);
        assertThat(queue.close(Duration.ZERO)).isFalse();
        return engine;
    }

    @QueueTest
    void retryKeepsNoClosedQueueWhenDelayIsLong(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue =
                factory.open(settings -> settings.withRetryPolicy((failure, attempts) -> Duration.ofHours(1)));
        WeakReference<?> engine = engineOf(queue);
        queue.put(() -> {
            throw new IllegalStateException();
        });
        assertThat(queue.close(Duration.ofMillis(20))).isFalse();
        queue = null;

        awaitCollected(engine, factory);
    }

    @QueueTest
    void retryKeepsNoClosedQueueWhenFutureIsCancelled(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();

        awaitCollected(retriedAndClosed(factory), factory);
    }

    private static WeakReference<?> retriedAndClosed(QueueFactory factory) throws Exception {
        WorkerQueue<String> queue =
                factory.open(settings -> settings.withRetryPolicy((failure, attempts) -> Duration.ofHours(1)));
        WeakReference<?> engine = engineOf(queue);
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<String> future = queue.submit(RetryTests.failing(runs, 1, ""));
        RetryTests.awaitRetry(queue, runs, 1);
        assertThat(future.cancel(false)).isTrue();
        queue.close();
        return engine;
    }

    @QueueTest
    void cancelledFutureKeepsNoClosedQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.factory().open(settings -> settings.withWorkers(1));
        WeakReference<?> engine = engineOf(queue);
        Blocker blocker = new Blocker();
        CompletableFuture<String> running = queue.submit(() -> {
            blocker.run();
            return "";
        });
        blocker.awaitStarted();
        CompletableFuture<String> cancelled = queue.submit(() -> "");
        CompletableFuture<String> dropped = queue.submit(() -> "");
        assertThat(cancelled.cancel(false)).isTrue();
        assertThat(queue.close(Duration.ZERO)).isFalse();
        queue.join();
        queue = null;

        awaitCollected(engine, List.of(running, cancelled, dropped));
    }

    @QueueTest
    void tasksReturnedByShutdownNowKeepNoClosedQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                fixture.factory().open(settings -> settings.withWorkers(1).withMaxsize(10));
        ExecutorService view = queue.asExecutorService();
        WeakReference<?> engine = engineOf(queue);
        fixture.block(queue);
        CompletableFuture<String> submitted = queue.submit(() -> "by hand");
        Future<String> ofTheView = view.submit(() -> "by hand");
        queue.putAsync(() -> new CompletableFuture<>());
        queue.put(() -> "");
        List<Runnable> never = view.shutdownNow();
        queue.join();
        queue.close();
        queue = null;
        view = null;

        awaitCollected(engine, List.of(never, submitted, ofTheView));
        never.forEach(Runnable::run);
        assertThat(submitted).isCompletedWithValue("by hand");
        assertThat(ofTheView.get()).isEqualTo("by hand");
    }

    @QueueTest
    void incompleteStageKeepsNeitherQueueNorTaskWhenCancelled(Fixture fixture) throws Exception {
        awaitCollectedAfterCancel(fixture.factory().open(settings -> settings.withWorkers(2)));
    }

    @QueueTest
    void incompleteStageKeepsNeitherQueueNorTaskWhenCancelledWithinTimeout(Fixture fixture) throws Exception {
        awaitCollectedAfterCancel(
                fixture.factory().open(settings -> settings.withWorkers(2).withTaskTimeout(Duration.ofDays(1))));
    }

    private static void awaitCollectedAfterCancel(WorkerQueue<String> queue) throws Exception {
        WeakReference<?> engine = engineOf(queue);
        CompletableFuture<String> never = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        Callable<CompletableFuture<String>> task = new Starting(never);
        WeakReference<?> started = new WeakReference<>(task);
        queue.putAsync(task);
        task = null;
        Fixture.until("it is held", () -> never.getNumberOfDependents() == 1);
        queue.cancel();
        queue.putAsync(() -> never);
        Fixture.until("it is held", () -> never.getNumberOfDependents() == 2);
        queue.close(Duration.ZERO);
        queue.join();
        queue = null;

        awaitCollected(engine, never);
        awaitCollected(started, never);
        assertThat(never.complete("late")).isTrue();
    }

    @QueueTest
    void timeoutKeepsNoTaskWhenTaskHasEnded(Fixture fixture) throws Exception {
        WorkerQueue<Object> queue = fixture.open(settings -> settings.withTaskTimeout(Duration.ofDays(1)));
        for (TaskConsumer<Object> put : List.<TaskConsumer<Object>>of(
                garbage -> queue.putAll(List.of(garbage), Object::hashCode),
                garbage -> queue.putAll(List.of(garbage), item -> {
                    throw new IOException();
                }),
                garbage -> queue.putAll(List.of(garbage), item -> {
                    throw new InterruptedException();
                }),
                garbage -> queue.putAsync(() -> CompletableFuture.completedFuture(garbage.hashCode())),
                garbage -> queue.putAsync(() -> CompletableFuture.failedFuture(new IOException(garbage.toString()))),
                garbage -> queue.putAsync(() -> garbage == queue ? new CompletableFuture<>() : null))) {
            awaitCollected(putGarbage(queue, put), queue);
        }
        assertThat(fixture.failures).hasSize(4);
    }

    /** Puts an object in a method of its own, so that no local variable refers to it. */
    private static WeakReference<?> putGarbage(WorkerQueue<Object> queue, TaskConsumer<Object> put) throws Exception {
        Object garbage = new Object();
        put.accept(garbage);
        queue.join();
        queue.put(() -> 0); // the slot drops its reference to the previous task
        queue.join();
        return new WeakReference<>(garbage);
    }

    @QueueTest
    void deadlineKeepsNoClosedQueueWhenRoundIsJoinedInTime(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = factory.open(settings -> settings.withDeadline(Duration.ofDays(1)));
        WeakReference<?> engine = engineOf(queue);
        queue.join();
        queue.close();
        queue = null;

        awaitCollected(engine, factory);
    }

    @QueueTest
    void deadlineKeepsNoClosedQueueWhenQueueIsClosedInTime(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = factory.open(settings -> settings.withDeadline(Duration.ofDays(1)));
        WeakReference<?> engine = engineOf(queue);
        queue.close();
        queue = null;

        awaitCollected(engine, factory);
    }

    private record Starting(CompletableFuture<String> stage) implements Callable<CompletableFuture<String>> {

        @Override
        public CompletableFuture<String> call() {
            return stage;
        }
    }

    private static final class BareScope implements TaskScope {

        @Override
        public <R extends @Nullable Object> R call(Callable<R> task) throws Exception {
            return task.call();
        }
    }
}
