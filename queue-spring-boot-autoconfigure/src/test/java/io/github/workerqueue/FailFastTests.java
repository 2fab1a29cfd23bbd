package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tests for fail-fast queues: rule 13 of {@code docs/reference/rules.md}. */
class FailFastTests {

    private static <T> WorkerQueue<T> open(Fixture fixture, int workers, int maxsize) {
        return fixture.open(
                settings -> settings.withWorkers(workers).withMaxsize(maxsize).withFailFast(true));
    }

    private static <T> WorkerQueue<T> openFailed(Fixture fixture, IOException failure) throws Exception {
        WorkerQueue<T> queue = open(fixture, 1, 5);
        queue.put(() -> {
            throw failure;
        });
        Fixture.until("it has failed", () -> queue.snapshot().failed() == 1 && queue.active() == 0);
        return queue;
    }

    @QueueTest
    void firstFailureCancelsWaitingTasksAndInterruptsRunningTasks(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 3, 10);
        IOException failure = new IOException("first");
        CountDownLatch ready = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.put(() -> "collected");
        Fixture.until("it is collected", () -> queue.responses().size() == 1);
        queue.execute(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException ex) {
                interrupted.set(true);
            }
        });
        queue.putAsync(() -> stage);
        queue.put(() -> {
            ready.await();
            throw failure;
        });
        queue.put(() -> "never");
        CompletableFuture<String> waiting = queue.submit(() -> "never");
        ready.countDown();

        QueueFailedException told = catchThrowableOfType(QueueFailedException.class, queue::join);

        assertThat(told)
                .hasCause(failure)
                .hasMessage("A task of queue 'default' failed, and the queue fails fast; "
                        + "the unfinished tasks of the round were cancelled")
                .hasNoSuppressedExceptions();
        assertThat(told.results()).containsExactly("collected");
        assertThat(interrupted).isTrue();
        assertThat(stage).isCancelled();
        assertThat(waiting).isCancelled();
        assertThat(fixture.failures).extracting(TaskFailure::exception).containsExactly(failure);
        QueueSnapshot figures = queue.snapshot();
        assertThat(figures.completed()).isEqualTo(1);
        assertThat(figures.failed()).isEqualTo(1);
        assertThat(figures.cancelled()).isEqualTo(4);
    }

    @QueueTest
    void putsThrowQueueFailedExceptionUntilJoinHasThrownIt(Fixture fixture) throws Exception {
        IOException failure = new IOException();
        WorkerQueue<Integer> queue = openFailed(fixture, failure);
        List<TaskAction> calls = List.of(
                () -> queue.put(() -> 1),
                () -> queue.put(() -> 1, TaskOptions.named("one")),
                () -> queue.putAll(List.of(1), item -> item),
                () -> queue.putAsync(() -> CompletableFuture.completedFuture(1)),
                () -> queue.putDelayed(() -> 1, Duration.ZERO),
                () -> queue.offer(() -> 1),
                () -> queue.offer(() -> 1, Duration.ofSeconds(1)),
                () -> queue.execute(() -> {}),
                () -> queue.executeAll(List.of(1), item -> {}),
                () -> queue.submit(() -> 1).join(),
                () -> queue.asExecutorService().execute(() -> {}));
        for (TaskAction call : calls) {
            assertThatExceptionOfType(QueueFailedException.class)
                    .isThrownBy(call::run)
                    .withCause(failure);
        }
        assertThat(queue.snapshot().rejected()).isEqualTo(calls.size());
        assertThat(queue.snapshot().put()).isEqualTo(1);
        assertThatExceptionOfType(QueueFailedException.class).isThrownBy(queue::join);

        queue.put(() -> 2);
        assertThat(queue.join()).containsExactly(2);
    }

    @QueueTest
    void blockedProducersAndJoinThrowWhenTaskFails(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, 1, 1);
        CountDownLatch fail = new CountDownLatch(1);
        queue.put(() -> {
            fail.await();
            throw new IOException();
        });
        Fixture.until("it runs", () -> queue.active() == 1);
        fixture.fill(queue);
        Fork<@Nullable Void> producer = fixture.forkAction(() -> queue.put(() -> 1));
        Fork<Boolean> offerer = fixture.fork(() -> queue.offer(() -> 1, Duration.ofDays(1)));
        Fork<List<Integer>> joiner = fixture.fork(queue::join);
        Fixture.awaitBlockedProducers(queue, 2);
        joiner.awaitBlocked();
        fail.countDown();

        assertThatExceptionOfType(QueueFailedException.class).isThrownBy(joiner::get);
        assertThatExceptionOfType(QueueFailedException.class).isThrownBy(producer::get);
        assertThatExceptionOfType(QueueFailedException.class).isThrownBy(offerer::get);
    }

    @QueueTest
    void putAllThrowsFailureOfItsRoundWhenJoinHasThrownItBefore(Fixture fixture) throws Exception {
        IOException failure = new IOException();
        WorkerQueue<Integer> queue = open(fixture, 1, 5);
        Blocker iterator = new Blocker();
        Fork<?> producer = fixture.forkAction(() -> queue.putAll(blockedAtTwo(iterator), item -> {
            throw failure;
        }));
        iterator.awaitStarted();
        assertThatExceptionOfType(QueueFailedException.class).isThrownBy(queue::join);

        iterator.release();

        assertThatExceptionOfType(QueueFailedException.class)
                .isThrownBy(producer::get)
                .withCause(failure)
                .satisfies(told -> assertThat(told.results()).isEmpty());
    }

    @QueueTest
    void putAllAfterFailedRoundThrowsCancellationExceptionWhenCancelled(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = openFailed(fixture, new IOException());
        assertThatExceptionOfType(QueueFailedException.class).isThrownBy(queue::join);
        Blocker iterator = new Blocker();
        Fork<?> producer = fixture.forkAction(() -> queue.putAll(blockedAtTwo(iterator), item -> item));
        iterator.awaitStarted();

        queue.cancel();
        iterator.release();

        assertThatExceptionOfType(CancellationException.class).isThrownBy(producer::get);
    }

    private static Iterable<Integer> blockedAtTwo(Blocker blocker) {
        return () -> Stream.of(1, 2)
                .peek(item -> {
                    if (item == 2) {
                        blocker.runStubbornly();
                    }
                })
                .iterator();
    }

    @QueueTest
    void joinThrowsFirstFailureWithLaterFailureSuppressed(Fixture fixture) throws Exception {
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        WorkerQueue<Integer> queue = open(fixture, 2, 5);
        CountDownLatch hasFailed = new CountDownLatch(1);
        CountDownLatch isReported = new CountDownLatch(1);
        Object item = new Object() {
            @Override
            public String toString() {
                hasFailed.countDown();
                Fixture.await(isReported);
                return "item";
            }
        };
        queue.putAll(List.of(item), anything -> {
            throw second;
        });
        hasFailed.await();
        queue.put(() -> {
            throw first;
        });
        Fixture.until("the first is reported", () -> !fixture.failures.isEmpty());
        isReported.countDown();

        QueueFailedException told = catchThrowableOfType(QueueFailedException.class, queue::join);

        assertThat(told).hasCause(first).hasSuppressedException(second);
        assertThat(fixture.failures).extracting(TaskFailure::exception).containsExactly(first, second);
    }

    @QueueTest
    void closeThrowsFailureWhenNoOtherCallHasThrownIt(Fixture fixture) throws Exception {
        IOException failure = new IOException();
        WorkerQueue<Integer> queue = openFailed(fixture, failure);

        assertThatExceptionOfType(QueueFailedException.class)
                .isThrownBy(queue::close)
                .withCause(failure);
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
        queue.close();

        WorkerQueue<Integer> other = openFailed(fixture, failure);
        assertThatExceptionOfType(QueueFailedException.class).isThrownBy(() -> other.put(() -> 1));
        other.close();
    }

    @QueueTest
    void tryWithResourcesThrowsFailureOnce(Fixture fixture) {
        assertThatExceptionOfType(QueueFailedException.class)
                .isThrownBy(() -> {
                    try (WorkerQueue<Integer> queue = openFailed(fixture, new IOException())) {
                        queue.join();
                    }
                })
                .satisfies(told -> assertThat(told).hasNoSuppressedExceptions());
    }

    @QueueTest
    void closeOfFactoryDoesNotThrowFailureOfQueue(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = openFailed(fixture, new IOException());
        fixture.factory().close();

        assertThatExceptionOfType(QueueFailedException.class).isThrownBy(queue::join);
        assertThat(queue.join()).isEmpty();
    }

    @QueueTest
    void failureOfSubmittedTaskDoesNotEndRound(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, 1, 5);
        CompletableFuture<Integer> future = queue.submit(() -> {
            throw new IOException("of the future");
        });
        queue.put(() -> 1);

        assertThat(queue.join()).containsExactly(1);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(future::get)
                .withCauseInstanceOf(IOException.class);
    }

    @QueueTest
    void putOfRunningTaskIsRejectedWhenRoundFails(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, 2, 5);
        CountDownLatch failed = new CountDownLatch(1);
        CompletableFuture<Throwable> ofChild = new CompletableFuture<>();
        queue.execute(() -> {
            try {
                failed.await();
            } catch (InterruptedException ex) {
                try {
                    queue.put(() -> 1);
                } catch (QueueFailedException refused) {
                    ofChild.complete(refused);
                }
            }
        });
        Fixture.until("it runs", () -> queue.active() == 1);
        queue.put(() -> {
            throw new IOException();
        });

        assertThatExceptionOfType(QueueFailedException.class).isThrownBy(queue::join);
        assertThat(ofChild).isCompleted();
    }

    @QueueTest
    void failedRoundsDoNotAffectLaterRounds(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, 4, 8);
        for (int round = 0; round < 300; round++) {
            int fails = round % 3 == 0 ? -1 : round % 40;
            List<Integer> expected = IntStream.range(0, 40).boxed().toList();
            try {
                queue.putAll(expected, item -> {
                    if (item == fails) {
                        throw new IOException();
                    }
                    return item;
                });
                assertThat(queue.join()).isEqualTo(expected);
                assertThat(fails).isEqualTo(-1);
            } catch (QueueFailedException ex) {
                assertThat(fails).isNotEqualTo(-1);
                if (queue.counter() > 0) {
                    assertThatExceptionOfType(QueueFailedException.class)
                            .isThrownBy(queue::join)
                            .satisfies(told -> assertThat(told.results())
                                    .isSubsetOf(expected)
                                    .doesNotContain(fails));
                }
            }
            assertThat(queue.counter()).isZero();
        }
    }
}
