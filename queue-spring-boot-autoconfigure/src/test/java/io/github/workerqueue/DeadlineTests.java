package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Tests for the deadlines of rounds and the timeouts of joins: rules 4 and 13 of {@code docs/reference/rules.md}. */
class DeadlineTests {

    /** Deadline that lets the tasks before the blocking task finish first, even on a busy machine. */
    private static final Duration SOON = Duration.ofMillis(300);

    private static final Duration NEVER = Duration.ofDays(1);

    private static <T> WorkerQueue<T> open(Fixture fixture, Duration deadline, int workers, int maxsize) {
        return fixture.open(
                settings -> settings.withWorkers(workers).withMaxsize(maxsize).withDeadline(deadline));
    }

    @QueueTest
    void joinReturnsResultsWhenRoundEndsBeforeDeadline(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, NEVER, 2, 2);
        for (int round = 0; round < 100; round++) {
            queue.putAll(List.of(0, 1, 2, 3, 4), item -> item);
            assertThat(queue.join()).containsExactly(0, 1, 2, 3, 4);
        }
        assertThat(queue.join()).isEmpty();
    }

    @QueueTest
    void everyPutMethodStartsRound(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, NEVER, 1, 1);
        List<TaskAction> puts = List.of(
                () -> assertThat(queue.offer(() -> 1)).isTrue(),
                () -> assertThat(queue.offer(() -> 1, Duration.ZERO)).isTrue(),
                () -> queue.put(() -> 1),
                () -> queue.putDelayed(() -> 1, Duration.ZERO),
                () -> queue.asExecutorService().invokeAll(List.of(() -> 1)),
                () -> queue.submit(() -> 1).get());
        for (TaskAction put : puts) {
            put.run();
            queue.join();
        }
        assertThat(queue.snapshot().completed()).isEqualTo(puts.size());
        assertThat(queue.snapshot().rejected()).isZero();
    }

    @QueueTest
    void roundIsCancelledAndJoinThrowsWithResultsWhenDeadlineExpires(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, SOON, 1, 5);
        Blocker blocker = new Blocker();
        queue.put(() -> "in time");
        queue.execute(blocker);
        queue.put(() -> "too late");

        QueueDeadlineException told = catchThrowableOfType(QueueDeadlineException.class, queue::join);

        assertThat(told.results()).containsExactly("in time");
        assertThat(told)
                .hasMessage("Queue 'default' exceeded its deadline of 300 ms; "
                        + "the unfinished tasks of the round were cancelled");
        assertThat(queue.snapshot().cancelled()).isEqualTo(2);
        assertThat(fixture.failures).isEmpty();
        assertThat(queue.join()).isEmpty();
    }

    @QueueTest
    void everyRoundHasItsOwnDeadline(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, SOON, 1, 5);
        for (int round = 0; round < 3; round++) {
            Blocker blocker = new Blocker();
            queue.put(() -> 1);
            queue.execute(blocker);
            assertThatExceptionOfType(QueueDeadlineException.class)
                    .isThrownBy(queue::join)
                    .satisfies(told -> assertThat(told.results()).containsExactly(1));
            assertThat(queue.counter()).isZero();
        }
    }

    @QueueTest
    void deadlineOfJoinedRoundDoesNotAffectNextRound(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, SOON, 1, 5);
        queue.put(() -> 1);
        assertThat(queue.join()).containsExactly(1);
        WorkerQueue<Integer> later = open(fixture, SOON, 1, 5);
        later.execute(new Blocker());
        assertThatExceptionOfType(QueueDeadlineException.class).isThrownBy(later::join);

        queue.put(() -> 2);

        assertThat(queue.join()).containsExactly(2);
    }

    @QueueTest
    void deadlineCancelsRoundWhenNoThreadCanBeStarted(Fixture fixture) throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean();
        QueueSettings settings =
                fixture.settings().withVirtualThreads(false).withWorkers(1).withDeadline(SOON);
        QueueFactory factory =
                fixture.factory(builder -> builder.defaults(settings).threadFactory(worker -> {
                    if (exhausted.get()) {
                        throw new OutOfMemoryError("no thread");
                    }
                    Thread thread = new Thread(worker);
                    thread.setDaemon(true);
                    return thread;
                }));
        WorkerQueue<Integer> queue = fixture.open(factory, 1, 5);
        Blocker blocker = new Blocker();
        queue.execute(blocker);
        blocker.awaitStarted();
        exhausted.set(true);

        assertThatExceptionOfType(QueueDeadlineException.class).isThrownBy(queue::join);
    }

    @QueueTest
    void putsThrowUntilJoinWhenDeadlineExpiresDuringBlockedPut(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, SOON, 1, 1);
        Blocker blocker = new Blocker();
        AtomicInteger taken = new AtomicInteger();

        assertThatExceptionOfType(QueueDeadlineException.class)
                .isThrownBy(() -> queue.executeAll(
                        () -> IntStream.generate(taken::incrementAndGet).iterator(), item -> blocker.run()))
                .isInstanceOf(CancellationException.class);
        assertThat(taken).hasValueBetween(2, 3);
        assertThatExceptionOfType(QueueDeadlineException.class).isThrownBy(() -> queue.put(() -> 1));
        assertThatExceptionOfType(QueueDeadlineException.class).isThrownBy(() -> queue.offer(() -> 1));
        assertThatExceptionOfType(QueueDeadlineException.class).isThrownBy(queue::join);
        queue.put(() -> 2);
        assertThat(queue.join()).containsExactly(2);
    }

    @QueueTest
    void stageIsCancelledWhenDeadlineExpires(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, SOON, 1, 5);
        CompletableFuture<Integer> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);

        assertThatExceptionOfType(QueueDeadlineException.class).isThrownBy(queue::join);
        assertThat(stage).isCancelled();
    }

    @QueueTest
    void futureOfSubmitIsCancelledWhenDeadlineExpires(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, SOON, 1, 5);
        Blocker blocker = new Blocker();
        queue.execute(blocker);
        CompletableFuture<Integer> future = queue.submit(() -> 1);

        assertThatExceptionOfType(CancellationException.class).isThrownBy(future::join);
        assertThatExceptionOfType(QueueDeadlineException.class).isThrownBy(queue::join);
    }

    @QueueTest
    void joinThrowsWhenDeadlineOfPausedQueueExpires(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, SOON, 1, 5);
        queue.pause();
        queue.put(() -> 1);

        assertThatExceptionOfType(QueueDeadlineException.class).isThrownBy(queue::join);
    }

    @QueueTest
    void closeDoesNotThrowButLaterJoinDoesWhenDeadlineExpires(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, SOON, 1, 5);
        Blocker blocker = new Blocker();
        queue.put(() -> 1);
        queue.execute(blocker);
        queue.close();

        assertThatExceptionOfType(QueueDeadlineException.class)
                .isThrownBy(queue::join)
                .satisfies(told -> assertThat(told.results()).containsExactly(1));
        assertThat(queue.join()).isEmpty();
    }

    @QueueTest
    void joinReturnsAllResultsWhenEarlierJoinsTimedOut(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 5);
        Blocker blocker = new Blocker();
        queue.put(() -> 0);
        queue.put(() -> {
            blocker.run();
            return 1;
        });
        queue.put(() -> 2);
        for (int i = 0; i < 10; i++) {
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ofMillis(1)));
        }
        blocker.release();

        assertThat(queue.join()).containsExactly(0, 1, 2);
    }

    @QueueTest
    @Tag("slow")
    void joinReturnsAllResultsOrThrowsWhenRoundEndsNearDeadline(Fixture fixture) throws Exception {
        long seed = System.nanoTime();
        System.out.println("DeadlineTests on " + fixture + " threads: seed " + seed);
        Random random = new Random(seed);
        Duration deadline = Duration.ofMillis(2);
        WorkerQueue<Integer> queue = open(fixture, deadline, 2, 2);
        int inTime = 0;
        int late = 0;
        for (int round = 0; round < 400; round++) {
            int last = random.nextInt(50);
            long nanos = deadline.toNanos() * random.nextInt(90, 110) / 100 - 100_000;
            try {
                queue.putAll(() -> IntStream.range(0, last).iterator(), item -> item);
                long start = System.nanoTime();
                queue.put(() -> {
                    while (System.nanoTime() - start < nanos) {
                        Thread.onSpinWait();
                    }
                    return last;
                });
                assertThat(queue.join())
                        .as("seed " + seed)
                        .containsExactlyElementsOf(
                                IntStream.rangeClosed(0, last).boxed().toList());
                inTime++;
            } catch (QueueDeadlineException ex) {
                late++;
                if (queue.counter() > 0) {
                    assertThatExceptionOfType(QueueDeadlineException.class).isThrownBy(queue::join);
                }
            }
            assertThat(queue.counter()).as("seed " + seed).isZero();
        }
        assertThat(inTime + late).isEqualTo(400);
    }

    @QueueTest
    @Tag("slow")
    void producersContinueWhenRoundsEndConcurrently(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, NEVER, 2, 2);
        Queue<Integer> joined = new ConcurrentLinkedQueue<>();
        int each = 3_000;
        List<Fork<@Nullable Void>> producers = IntStream.range(0, 3)
                .mapToObj(producer -> fixture.forkAction(
                        () -> queue.putAll(() -> IntStream.range(0, each).iterator(), item -> producer * each + item)))
                .toList();
        while (producers.stream().anyMatch(producer -> !producer.isDone())) {
            try {
                joined.addAll(queue.join(Duration.ofNanos(100_000)));
            } catch (TimeoutException ex) {
                Thread.onSpinWait();
            }
        }
        for (Fork<@Nullable Void> producer : producers) {
            producer.get();
        }
        joined.addAll(queue.join());
        assertThat(joined)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 3 * each).boxed().toList());
    }
}
