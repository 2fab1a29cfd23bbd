package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for pausing and resuming a queue: rule 13 of {@code docs/reference/rules.md}. */
class PauseTests {

    @QueueTest
    void pausedQueueStartsNoTaskAndAcceptsTasksUntilItIsFull(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(2, 3);
        queue.pause();

        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.PAUSED);
        queue.putAll(List.of(0, 1, 2), item -> item);
        assertThat(queue.offer(() -> 3)).isFalse();
        Fork<@Nullable Void> producer = fixture.forkAction(() -> queue.put(() -> 3));
        Fixture.awaitBlockedProducers(queue, 1);
        assertThat(queue.depth()).isEqualTo(3);
        assertThat(queue.active()).isZero();

        queue.resume();

        producer.get();
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.OPEN);
        assertThat(queue.join()).containsExactly(0, 1, 2, 3);
    }

    @QueueTest
    void runningTaskFinishesAndNextTaskWaitsWhenQueueIsPaused(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 10);
        Blocker blocker = fixture.block(queue);
        queue.put(() -> "later");
        queue.pause();
        blocker.release();

        Fixture.until("what ran has ended", () -> queue.active() == 0);
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ofMillis(20)));
        assertThat(queue.depth()).isEqualTo(1);

        queue.resume();
        assertThat(queue.join()).containsExactly("later");
    }

    @QueueTest
    void workersTakeNoTaskWhenPauseHasReturned(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(4, 8);
        AtomicBoolean done = new AtomicBoolean();
        Fork<Integer> producer = fixture.fork(() -> {
            int put = 0;
            for (; !done.get(); put++) {
                int number = put;
                queue.put(() -> number);
            }
            return put;
        });
        for (int i = 0; i < 300; i++) {
            queue.pause();
            QueueSnapshot before = queue.snapshot();
            Fixture.until("what ran has ended", () -> queue.active() == 0 && queue.depth() == 8);
            QueueSnapshot after = queue.snapshot();
            assertThat(after.completed()).isLessThanOrEqualTo(before.completed() + 4);
            queue.resume();
        }
        done.set(true);

        int put = producer.get();
        assertThat(queue.join())
                .containsExactlyElementsOf(IntStream.range(0, put).boxed().toList());
    }

    @QueueTest
    void stageInFlightCompletesWhenQueueIsPaused(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        queue.put(() -> "next");
        Fixture.until("it is in flight", () -> queue.active() == 1 && queue.depth() == 1);
        queue.pause();
        stage.complete("stage");

        Fixture.until("it is collected", () -> queue.responses().equals(List.of("stage")));
        assertThat(queue.depth()).isEqualTo(1);
        queue.resume();
        assertThat(queue.join()).containsExactly("stage", "next");
    }

    @QueueTest
    void taskCanPauseItsQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        queue.put(() -> {
            queue.pause();
            queue.put(() -> "child");
            return "parent";
        });

        Fixture.until("it has ended", () -> queue.responses().equals(List.of("parent")));
        assertThat(queue.depth()).isEqualTo(1);
        queue.resume();
        assertThat(queue.join()).containsExactly("parent", "child");
    }

    @QueueTest
    void cancelEndsWaitingTasksWhenQueueIsPaused(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 5);
        queue.pause();
        queue.putAll(List.of(0, 1, 2), item -> item);
        queue.cancel();

        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().cancelled()).isEqualTo(3);
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.PAUSED);
    }

    @QueueTest
    void closeResumesPausedQueue(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 5);
        queue.pause();
        queue.putAll(List.of(0, 1, 2), item -> item);
        queue.close();

        assertThat(queue.join()).containsExactly(0, 1, 2);
        queue.pause();
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
    }

    @QueueTest
    void factoryCloseResumesPausedQueue(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 5);
        queue.pause();
        queue.putAll(List.of(0, 1, 2), item -> item);
        fixture.factory().close();

        assertThat(queue.join()).containsExactly(0, 1, 2);
    }

    @QueueTest
    void pauseHasNoEffectWhenQueueIsClosing(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        Blocker blocker = fixture.block(queue);
        queue.put(() -> "last");
        Fork<@Nullable Void> closer = fixture.forkAction(queue::close);
        closer.awaitBlocked();
        queue.pause();
        blocker.release();

        closer.get();
        assertThat(queue.join()).containsExactly("last");
    }

    @Test
    @Timeout(20)
    @Tag("slow")
    void joinLogsOneWarningWhenQueueStaysPaused() throws Exception {
        try (Fixture fixture = new Fixture(false)) {
            joinLogsOneWarningWhenQueueStaysPaused(fixture);
        }
    }

    private static void joinLogsOneWarningWhenQueueStaysPaused(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 5);
        AtomicInteger ran = new AtomicInteger();
        queue.pause();
        queue.put(ran::incrementAndGet);

        assertThat(FailureTests.logged(() -> assertThatExceptionOfType(TimeoutException.class)
                        .isThrownBy(() -> queue.join(Duration.ofMillis(10_500)))))
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly("WARN Queue 'default': a join waits for 1 task, but the queue is paused; "
                        + "call resume() to continue");
        assertThat(ran).hasValue(0);
    }
}
