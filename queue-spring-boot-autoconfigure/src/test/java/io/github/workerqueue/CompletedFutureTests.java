package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tests for tasks whose future is completed by the caller: rule 12 of {@code docs/reference/rules.md}. */
class CompletedFutureTests {

    private static final int TASKS = 50;

    private static final Duration SOON = Duration.ofSeconds(5);

    /** The methods that complete a future, by name. */
    private static final Map<String, Consumer<CompletableFuture<String>>> COMPLETIONS = completions();

    private static Map<String, Consumer<CompletableFuture<String>>> completions() {
        Map<String, Consumer<CompletableFuture<String>>> all = new LinkedHashMap<>();
        all.put("complete", future -> future.complete("of the user"));
        all.put("completeExceptionally", future -> future.completeExceptionally(new IOException("of the user")));
        all.put("obtrudeValue", future -> future.obtrudeValue("of the user"));
        all.put("obtrudeException", future -> future.obtrudeException(new IOException("of the user")));
        all.put("completeOnTimeout", future -> future.completeOnTimeout("of the user", 1, TimeUnit.NANOSECONDS));
        all.put("orTimeout", future -> future.orTimeout(1, TimeUnit.NANOSECONDS));
        all.put("completeAsync", future -> future.completeAsync(() -> "of the user"));
        return all;
    }

    /** The outcomes of which a listener was notified. */
    private final Queue<QueueListener.Outcome> finished = new ConcurrentLinkedQueue<>();

    /** The outcomes of which an interceptor was notified. */
    private final Queue<QueueListener.Outcome> ended = new ConcurrentLinkedQueue<>();

    private WorkerQueue<String> open(Fixture fixture, TaskRetryPolicy retryPolicy) {
        finished.clear();
        ended.clear();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                finished.add(outcome);
            }
        }));
        return fixture.open(
                factory,
                settings -> settings.withWorkers(1)
                        .withMaxsize(TASKS)
                        .withInterceptors(List.of(task -> new Recorder()))
                        .withRetryPolicy(retryPolicy));
    }

    @QueueTest
    void taskNeverStartsWhenItsFutureIsCompleteBefore(Fixture fixture) throws Exception {
        for (Map.Entry<String, Consumer<CompletableFuture<String>>> completion : COMPLETIONS.entrySet()) {
            WorkerQueue<String> queue = open(fixture, TaskRetryPolicy.NEVER);
            Blocker blocker = fixture.block(queue);
            AtomicInteger ran = new AtomicInteger();
            List<CompletableFuture<String>> futures = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                CompletableFuture<String> future = queue.submit(() -> "ran " + ran.incrementAndGet());
                completion.getValue().accept(future);
                futures.add(future);
            }
            Fixture.until("all are complete", () -> futures.stream().allMatch(CompletableFuture::isDone));

            blocker.release();

            assertThat(queue.join(SOON)).isEmpty();
            assertThat(ran).as(completion.getKey()).hasValue(0);
            assertThat(futures).as(completion.getKey()).noneMatch(CompletableFuture::isCancelled);
            QueueSnapshot snapshot = queue.snapshot();
            assertThat(snapshot.cancelled()).as(completion.getKey()).isEqualTo(TASKS);
            assertThat(snapshot.completed()).as(completion.getKey()).isEqualTo(1);
            assertThat(snapshot.put())
                    .as(completion.getKey())
                    .isEqualTo(snapshot.completed() + snapshot.failed() + snapshot.cancelled());
            for (Queue<QueueListener.Outcome> outcomes : List.of(finished, ended)) {
                assertThat(outcomes).as(completion.getKey()).hasSize(TASKS + 1);
                assertThat(outcomes)
                        .filteredOn(QueueListener.Outcome.CANCELLED::equals)
                        .hasSize(TASKS);
            }
        }
    }

    @QueueTest
    void taskEndsAsCancelledWhenItsFutureIsCompletedDuringRetryDelay(Fixture fixture) throws Exception {
        for (Map.Entry<String, Consumer<CompletableFuture<String>>> completion : COMPLETIONS.entrySet()) {
            WorkerQueue<String> queue = open(fixture, (failure, attempts) -> Duration.ofHours(1));
            AtomicInteger runs = new AtomicInteger();
            CompletableFuture<String> future = queue.submit(RetryTests.failing(runs, 1, "ran again"));
            RetryTests.awaitRetry(queue, runs, 1);

            completion.getValue().accept(future);

            assertThat(queue.join(SOON)).isEmpty();
            assertThat(runs).as(completion.getKey()).hasValue(1);
            assertThat(queue.snapshot().cancelled()).as(completion.getKey()).isEqualTo(1);
            assertThat(queue.depth()).isZero();
            assertThat(finished).as(completion.getKey()).containsExactly(QueueListener.Outcome.CANCELLED);
            assertThat(ended).as(completion.getKey()).containsExactly(QueueListener.Outcome.CANCELLED);
        }
    }

    @QueueTest
    void taskIsNotRetriedWhenItsFutureIsCompletedWhileItRuns(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, (failure, attempts) -> Duration.ZERO);
        Blocker blocker = new Blocker();
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<String> future = queue.submit(() -> {
            runs.incrementAndGet();
            blocker.run();
            throw new IOException("of the task");
        });
        blocker.awaitStarted();

        assertThat(future.complete("of the user")).isTrue();

        blocker.release();
        assertThat(queue.join(SOON)).isEmpty();
        assertThat(runs).hasValue(1);
        assertThat(future).isCompletedWithValue("of the user");
        assertThat(fixture.failures).isEmpty();
        QueueSnapshot snapshot = queue.snapshot();
        assertThat(snapshot.completed() + snapshot.failed() + snapshot.cancelled())
                .isEqualTo(1);
    }

    @QueueTest
    void taskDoesNotRunByHandWhenItsFutureIsComplete(Fixture fixture) throws Exception {
        for (Map.Entry<String, Consumer<CompletableFuture<String>>> completion : COMPLETIONS.entrySet()) {
            WorkerQueue<String> queue = open(fixture, TaskRetryPolicy.NEVER);
            fixture.block(queue);
            AtomicInteger ran = new AtomicInteger();
            CompletableFuture<String> completed = queue.submit(() -> "ran " + ran.incrementAndGet());
            CompletableFuture<String> unfinished = queue.submit(() -> "by hand");
            List<Runnable> neverStarted = queue.asExecutorService().shutdownNow();
            assertThat(neverStarted).hasSize(2);
            assertThat(List.of(completed, unfinished)).noneMatch(CompletableFuture::isDone);

            completion.getValue().accept(completed);
            Fixture.until("it is complete", completed::isDone);
            neverStarted.forEach(Runnable::run);

            assertThat(ran).as(completion.getKey()).hasValue(0);
            assertThat(unfinished).isCompletedWithValue("by hand");
        }
    }

    private final class Recorder implements TaskScope {

        @Override
        public <R extends @Nullable Object> R call(Callable<R> task) throws Exception {
            return task.call();
        }

        @Override
        public void ended(QueueListener.Outcome outcome, @Nullable Throwable failure) {
            ended.add(outcome);
        }
    }
}
