package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Tests for the accounting of failed tasks of the executor view: rule 8 of {@code docs/reference/rules.md}. */
class ExecutorServiceFailureTests {

    private final List<String> finished = new CopyOnWriteArrayList<>();

    private final List<String> ended = new CopyOnWriteArrayList<>();

    @QueueTest
    void submittedTaskThatThrowsCountsAsFailed(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, UnaryOperator.identity());
        ExecutorService view = queue.asExecutorService();

        Future<String> future = view.submit(failing("callable"));
        Future<?> action = view.submit((Runnable) () -> {
            throw new IllegalStateException("runnable");
        });
        view.submit(() -> "succeeds").get();
        queue.join();

        assertThatThrownBy(future::get).hasRootCauseMessage("callable");
        assertThatThrownBy(action::get).hasRootCauseMessage("runnable");
        assertAccounted(fixture, queue, List.of("FAILURE callable", "FAILURE runnable", "SUCCESS"));
    }

    @QueueTest
    void tasksOfInvocationsThatThrowCountAsFailed(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, UnaryOperator.identity());
        ExecutorService view = queue.asExecutorService();

        assertThat(view.invokeAll(List.of(failing("all"), () -> "succeeds"))).hasSize(2);
        assertThatThrownBy(() -> view.invokeAny(List.of(failing("any")))).hasRootCauseMessage("any");
        queue.join();

        assertAccounted(fixture, queue, List.of("FAILURE all", "SUCCESS", "FAILURE any"));
    }

    @QueueTest
    void futureGivenToExecuteThatFailsCountsAsFailed(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, UnaryOperator.identity());

        queue.asExecutorService().execute(new FutureTask<>(failing("given")));
        queue.join();

        assertAccounted(fixture, queue, List.of("FAILURE given"));
    }

    @QueueTest
    void taskOfCompletionServiceThatThrowsCountsAsFailed(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        ExecutorCompletionService<String> service = new ExecutorCompletionService<>(queue.asExecutorService());

        Future<String> future = service.submit(failing("completion"));
        queue.join();

        assertThatThrownBy(future::get).hasRootCauseMessage("completion");
        assertThat(queue.snapshot().failed()).isOne();
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void failureOfFutureIsNotRetriedAndDoesNotEndRound(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(
                fixture, settings -> settings.withFailFast(true).withRetryPolicy((failure, attempts) -> Duration.ZERO));

        queue.asExecutorService().execute(new FutureTask<>(failing("given")));
        assertThatThrownBy(() ->
                        queue.asExecutorService().submit(failing("submitted")).get())
                .hasRootCauseMessage("submitted");
        queue.put(() -> "collected");

        assertThat(queue.join()).containsExactly("collected");
        assertAccounted(fixture, queue, List.of("FAILURE given", "FAILURE submitted", "SUCCESS"));
    }

    @QueueTest
    void submittedTaskCancelledWhileItRunsCountsAsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, UnaryOperator.identity());
        CountDownLatch started = new CountDownLatch(1);
        Future<?> future = queue.asExecutorService().submit(() -> {
            started.countDown();
            new CountDownLatch(1).await();
            return null;
        });
        Fixture.await(started);

        assertThat(future.cancel(true)).isTrue();
        queue.join();

        assertAccounted(fixture, queue, List.of("CANCELLED"));
    }

    @QueueTest
    void futureWhoseOutcomeCannotBeSeenCountsAsCompleted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, UnaryOperator.identity());
        class Opaque extends CompletableFuture<String> implements Runnable {
            @Override
            public void run() {
                complete("opaque");
            }

            @Override
            public boolean isDone() {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean isCancelled() {
                throw new UnsupportedOperationException();
            }
        }

        queue.asExecutorService().execute(new Opaque());
        queue.join();

        assertAccounted(fixture, queue, List.of("SUCCESS"));
    }

    private WorkerQueue<String> open(Fixture fixture, UnaryOperator<QueueSettings> change) {
        QueueListener listener = new QueueListener() {
            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                finished.add(name(outcome, exception));
            }
        };
        return fixture.open(
                fixture.factory(builder -> builder.listener(listener)),
                settings -> change.apply(settings)
                        .withWorkers(1)
                        .withMaxsize(10)
                        .withInterceptors(List.of(task -> new Scope())));
    }

    private void assertAccounted(Fixture fixture, WorkerQueue<?> queue, List<String> outcomes) {
        QueueSnapshot figures = queue.snapshot();
        List<Long> counts = new ArrayList<>();
        for (String outcome : List.of("SUCCESS", "FAILURE", "CANCELLED")) {
            counts.add(
                    outcomes.stream().filter(each -> each.startsWith(outcome)).count());
        }
        assertThat(List.of(figures.completed(), figures.failed(), figures.cancelled()))
                .isEqualTo(counts);
        assertThat(finished).isEqualTo(outcomes);
        assertThat(ended).isEqualTo(outcomes);
        assertThat(fixture.failures).isEmpty();
    }

    private static Callable<String> failing(String message) {
        return () -> {
            throw new IOException(message);
        };
    }

    private static String name(QueueListener.Outcome outcome, @Nullable Throwable exception) {
        return outcome + (exception == null ? "" : " " + exception.getMessage());
    }

    /** Scope that records the outcome of its task. */
    private final class Scope implements TaskScope {

        @Override
        public <R extends @Nullable Object> R call(Callable<R> task) throws Exception {
            return task.call();
        }

        @Override
        public void ended(QueueListener.Outcome outcome, @Nullable Throwable failure) {
            ended.add(name(outcome, failure));
        }
    }
}
