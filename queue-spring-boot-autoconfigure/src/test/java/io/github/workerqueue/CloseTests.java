package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** Tests for the close of a queue: rule 6 of {@code docs/reference/rules.md}. */
class CloseTests {

    private static final Duration LONG = Duration.ofMinutes(1);

    @QueueTest
    void putsFromOutsideAreRejectedWhenQueueIsClosing(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        Blocker blocker = fixture.block(queue);
        Fork<?> closer = fixture.forkAction(queue::close);
        closer.awaitBlocked();

        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSING);
        assertRejectsAllPuts(queue);
        assertThatThrownBy(() -> queue.put(() -> ""))
                .hasMessageContaining("default")
                .hasMessageContaining("closing");

        blocker.release();
        closer.get();
    }

    @QueueTest
    void closeReturnsWhenListenersAreNotifiedAndFactoryRemovedQueue(Fixture fixture) throws Exception {
        Blocker listener = new Blocker();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {

            @Override
            public void closed(String queue, long id) {
                listener.runStubbornly();
            }
        }));
        WorkerQueue<String> queue = fixture.open(factory, 1, 1);
        Blocker blocker = fixture.block(queue);
        Fork<?> closer = fixture.forkAction(queue::close);
        closer.awaitBlocked();
        blocker.release();
        listener.awaitStarted();
        Fork<?> second = fixture.forkAction(queue::close);

        try {
            for (Fork<?> either : List.of(closer, second)) {
                Fixture.until("it waits until that was told", () -> either.isDone() || isIn(either, "awaitNotified"));
                assertThat(either.isDone()).isFalse();
            }
        } finally {
            listener.release();
        }
        closer.get();
        second.get();
        assertThat(factory.queues()).isEmpty();
    }

    private static boolean isIn(Fork<?> fork, String method) {
        return Stream.of(fork.thread().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals(method));
    }

    private static void assertRejectsAllPuts(WorkerQueue<String> queue) {
        long rejected = queue.snapshot().rejected();
        long put = queue.snapshot().put();
        List<TaskAction> puts = List.of(
                () -> queue.put(() -> ""),
                () -> queue.put(() -> "", TaskOptions.named("late")),
                () -> queue.putDelayed(() -> "", Duration.ZERO),
                () -> queue.putDelayed(() -> "", LONG),
                () -> queue.putAsync(() -> CompletableFuture.completedFuture("")),
                () -> queue.putAll(List.of(1), item -> ""),
                () -> queue.offer(() -> ""),
                () -> queue.offer(() -> "", LONG),
                () -> queue.offer(() -> "", Duration.ZERO),
                () -> queue.execute(() -> {}),
                () -> queue.executeAll(List.of(1), item -> {}),
                () -> assertThat(queue.submit(() -> "")).isNull(),
                () -> queue.asExecutorService().execute(() -> {}));
        for (int i = 0; i < puts.size(); i++) {
            assertThatExceptionOfType(QueueClosedException.class)
                    .as("put %d", i)
                    .isThrownBy(puts.get(i)::run);
        }
        assertThat(queue.snapshot().rejected() - rejected).isEqualTo(puts.size());
        assertThat(queue.snapshot().put()).isEqualTo(put);
    }

    @QueueTest
    void blockedProducersAreRejectedImmediatelyWhenQueueCloses(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(queue);
        List<Fork<?>> producers = List.of(
                fixture.forkAction(() -> queue.put(() -> "")),
                fixture.forkAction(() -> queue.putAll(List.of(1, 2), item -> "")),
                fixture.fork(() -> queue.offer(() -> "", LONG)),
                fixture.fork(() -> queue.submit(() -> "")));
        Fork<?> delayed = fixture.forkAction(() -> queue.putDelayed(() -> "", LONG));
        Fixture.awaitBlockedProducers(queue, 4);
        delayed.awaitBlocked();

        Fork<?> closer = fixture.forkAction(queue::close);

        for (Fork<?> producer : producers) {
            assertThatThrownBy(producer::get).isInstanceOf(QueueClosedException.class);
        }
        assertThatThrownBy(delayed::get).isInstanceOf(QueueClosedException.class);
        assertThat(closer.isDone()).isFalse();
        assertThat(queue.snapshot().blockedProducers()).isZero();
        blocker.release();
        closer.get();
        assertThat(queue.join()).isEmpty();
    }

    @QueueTest
    void closeWaitsForChildTasksWhenRunningTasksPutThem(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 1);
        Blocker blocker = new Blocker();
        queue.put(() -> {
            blocker.run();
            queue.putAll(List.of(1, 2, 3), item -> {
                queue.put(() -> "grandchild " + item);
                return "child " + item;
            });
            return "parent";
        });
        queue.put(() -> "waiting");
        Fork<?> closer = fixture.forkAction(queue::close);
        closer.awaitBlocked();

        blocker.release();

        closer.get();
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
        assertThat(queue.join())
                .startsWith("parent", "waiting", "child 1")
                .hasSize(8)
                .contains("child 3", "grandchild 1", "grandchild 2", "grandchild 3");
    }

    @QueueTest
    void childTaskRunsConcurrentlyWithItsParentWhenQueueIsClosing(Fixture fixture) throws Exception {
        WorkerQueue<Long> queue = fixture.open(2, 5);
        Blocker parent = new Blocker();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        queue.execute(() -> {
            parent.run();
            queue.execute(first::countDown);
            Fixture.await(first);
            assertThat(queue.offer(second::getCount, LONG)).isTrue();
            queue.execute(second::countDown);
            Fixture.await(second);
        });
        Fork<?> closer = fixture.forkAction(queue::close);
        closer.awaitBlocked();

        parent.release();

        closer.get();
        assertThat(fixture.failures).isEmpty();
        assertThat(queue.snapshot().completed()).isEqualTo(4);
    }

    @QueueTest
    void closeWaitsForStagesAndExceptionHandlers(Fixture fixture) throws Exception {
        Blocker handling = new Blocker();
        WorkerQueue<String> queue = fixture.open(
                settings -> settings.withWorkers(2).withExceptionHandler(failure -> handling.runStubbornly()));
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        queue.execute(() -> {
            throw new IOException();
        });
        handling.awaitStarted();
        Fork<?> closer = fixture.forkAction(queue::close);
        closer.awaitBlocked();

        handling.release();

        Fixture.until("only the stage is left", () -> queue.active() == 1);
        closer.awaitBlocked();
        stage.complete("stage");
        closer.get();
        assertThat(queue.join()).containsExactly("stage");
    }

    @QueueTest
    void tryWithResourcesRunsAllTasksWhenBlockThrows(Fixture fixture) {
        AtomicInteger ran = new AtomicInteger();

        assertThatThrownBy(() -> {
                    try (WorkerQueue<String> queue = fixture.open(2, 2)) {
                        queue.executeAll(List.of(1, 2, 3, 4, 5), item -> ran.incrementAndGet());
                        throw new IOException("the block's");
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessage("the block's")
                .hasNoSuppressedExceptions();

        assertThat(ran).hasValue(5);
    }

    @QueueTest
    void closeCancelsUnfinishedTasksAndRestoresFlagWhenInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        queue.put(() -> "done");
        Blocker blocker = fixture.block(queue);
        CompletableFuture<String> submitted = queue.submit(() -> "never");
        queue.put(() -> "never");
        Fork<Boolean> closer = fixture.fork(() -> {
            queue.close();
            return Thread.currentThread().isInterrupted();
        });
        closer.awaitBlocked();

        closer.interrupt();

        assertThat(closer.get()).isTrue();
        assertThat(submitted).isCancelled();
        assertThat(blocker.isStarted()).isFalse();
        assertThat(queue.snapshot())
                .extracting(QueueSnapshot::state, QueueSnapshot::cancelled, QueueSnapshot::completed)
                .containsExactly(QueueSnapshot.State.CLOSED, 3L, 1L);
        assertThat(queue.join()).containsExactly("done");
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void interruptedCloseReturnsWhenInterruptedTasksHaveEnded(Fixture fixture) throws Exception {
        WorkerQueue<Boolean> queue = fixture.open(1, 5);
        Blocker stubborn = new Blocker();
        AtomicBoolean interrupted = new AtomicBoolean();
        queue.execute(() -> interrupted.set(stubborn.runStubbornly()));
        stubborn.awaitStarted();
        Fork<?> closer = fixture.forkAction(queue::close);
        closer.awaitBlocked();

        closer.interrupt();

        Fixture.until("closed", () -> queue.snapshot().state() == QueueSnapshot.State.CLOSED);
        closer.awaitBlocked();
        stubborn.release();
        closer.get();
        assertThat(interrupted).isTrue();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
    }

    @QueueTest
    void closeCancelsUnfinishedTasksWhenCallerIsAlreadyInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        fixture.block(queue);

        Fork<Boolean> closer = fixture.fork(() -> {
            Thread.currentThread().interrupt();
            queue.close();
            return Thread.currentThread().isInterrupted();
        });

        assertThat(closer.get()).isTrue();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
    }

    @QueueTest
    void closeCancelsUnfinishedTasksWhenPutOfSameThreadWasInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        fixture.blockAndFill(queue);
        Fork<Boolean> user = fixture.fork(() -> {
            try (queue) {
                queue.put(() -> "");
            } catch (InterruptedException ex) {
                return Thread.currentThread().isInterrupted();
            }
            return null;
        });
        Fixture.awaitBlockedProducers(queue, 1);

        user.interrupt();

        assertThat(user.get()).as("the flag, as the exception was thrown").isFalse();
        assertThat(queue.snapshot().cancelled()).isEqualTo(2);
    }

    @QueueTest
    void closeCancelsUnfinishedTasksWhenJoinDelayOrOfferWasInterrupted(Fixture fixture) throws Exception {
        List<TaskConsumer<WorkerQueue<String>>> uses = List.of(
                WorkerQueue::join,
                queue -> queue.join(LONG),
                queue -> queue.putDelayed(() -> "", LONG),
                queue -> queue.offer(() -> "", LONG));
        for (TaskConsumer<WorkerQueue<String>> use : uses) {
            WorkerQueue<String> queue = fixture.open(1, 1);
            fixture.blockAndFill(queue);
            Fork<?> user = fixture.forkAction(() -> {
                try (queue) {
                    use.accept(queue);
                }
            });
            user.awaitBlocked();

            user.interrupt();

            assertThatThrownBy(user::get).isInstanceOf(InterruptedException.class);
            assertThat(queue.snapshot().cancelled()).isEqualTo(2);
        }
    }

    @QueueTest
    void closeCancelsUnfinishedTasksWhenJoinTimedOutAfterInterrupt(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        fixture.blockAndFill(queue);
        Fork<?> user = fixture.forkAction(() -> {
            try (queue) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> queue.put(() -> "")).isInstanceOf(InterruptedException.class);
                assertThatThrownBy(() -> queue.join(Duration.ZERO)).isInstanceOf(TimeoutException.class);
            }
        });

        user.get();

        assertThat(queue.snapshot().cancelled()).isEqualTo(2);
    }

    @QueueTest
    void closeCancelsNoTasksWhenThreadUsedQueueSuccessfullyAfterInterrupt(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(queue);
        Blocker second = new Blocker();
        Fork<?> user = fixture.forkAction(() -> {
            try (queue) {
                try {
                    queue.put(() -> "");
                } catch (InterruptedException ex) {
                    blocker.release();
                }
                queue.put(() -> {
                    second.run();
                    return "since";
                });
            }
        });
        Fixture.awaitBlockedProducers(queue, 1);
        user.interrupt();
        second.awaitStarted();
        user.awaitBlocked();

        second.release();

        user.get();
        assertThat(queue.snapshot().cancelled()).isZero();
        assertThat(queue.join()).containsExactly("since");
    }

    @QueueTest
    void closeCancelsNoTasksWhenOtherThreadWasInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(queue);
        Fork<?> producer = fixture.forkAction(() -> queue.put(() -> ""));
        Fixture.awaitBlockedProducers(queue, 1);
        producer.interrupt();
        assertThatThrownBy(producer::get).isInstanceOf(InterruptedException.class);

        Fork<?> closer = fixture.forkAction(queue::close);
        closer.awaitBlocked();
        blocker.release();

        closer.get();
        assertThat(queue.snapshot().cancelled()).isZero();
    }

    @QueueTest
    void closeCancelsNoTasksWhenEarlierTaskOfThreadWasInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        WorkerQueue<Boolean> closer = fixture.open(1, 2);
        Blocker blocker = new Blocker();
        queue.put(() -> {
            blocker.run();
            return "ran to its end";
        });
        blocker.awaitStarted();
        Blocker both = fixture.block(closer);
        closer.execute(() -> {
            Thread.currentThread().interrupt();
            queue.put(() -> "never put");
        });
        closer.execute(queue::close);
        both.release();
        Fixture.until("the queue closes", () -> queue.snapshot().state() != QueueSnapshot.State.OPEN);

        blocker.release();

        assertThat(closer.join()).isEmpty();
        assertThat(queue.join()).containsExactly("ran to its end");
    }

    @QueueTest
    void secondCloseWaitsForFirst(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.block(queue);
        Fork<?> first = fixture.forkAction(queue::close);
        first.awaitBlocked();
        Fork<?> second = fixture.forkAction(queue::close);
        second.awaitBlocked();

        blocker.release();

        first.get();
        second.get();
        queue.close();
        assertThat(queue.close(Duration.ZERO)).isTrue();
    }

    @QueueTest
    void secondCloseWaitsForFirstWhenFirstWasInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker stubborn = new Blocker();
        queue.execute(stubborn::runStubbornly);
        stubborn.awaitStarted();
        Fork<?> first = fixture.forkAction(queue::close);
        first.awaitBlocked();
        first.interrupt();
        Fixture.until("closed", () -> queue.snapshot().state() == QueueSnapshot.State.CLOSED);

        Fork<?> second = fixture.forkAction(queue::close);

        second.awaitBlocked();
        stubborn.release();
        first.get();
        second.get();
    }

    @QueueTest
    void joinReturnsRemainingResultsOnceWhenQueueIsClosed(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        queue.put(() -> "a");
        queue.join();
        queue.put(() -> "b");
        queue.put(() -> "c");

        queue.close();

        assertThat(queue.responses()).containsExactly("b", "c");
        assertThat(queue.join()).containsExactly("b", "c");
        assertThat(queue.join()).isEmpty();
        assertThat(queue.join(String.class, Duration.ZERO)).isEmpty();
        assertThat(queue.counter()).isZero();
    }

    @QueueTest
    void putsAreRejectedWhenQueueIsClosed(Fixture fixture) {
        WorkerQueue<String> queue = fixture.open(1, 1);

        queue.close();

        assertRejectsAllPuts(queue);
        assertThatThrownBy(() -> queue.put(() -> "")).hasMessageContaining("closed");
        assertThat(fixture.factory().queues()).doesNotContain(queue);
    }

    @QueueTest
    void putOfCancelledTaskIsRejectedWhenQueueIsClosed(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker stubborn = new Blocker();
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        queue.execute(() -> {
            stubborn.runStubbornly();
            Thread.interrupted();
            try {
                queue.put(() -> "child");
            } catch (RuntimeException ex) {
                refusal.complete(ex);
            }
        });
        stubborn.awaitStarted();
        assertThat(queue.close(Duration.ZERO)).isFalse();

        stubborn.release();

        assertThat(refusal.get()).isInstanceOf(QueueClosedException.class);
        assertThat(queue.join()).isEmpty();
    }

    @QueueTest
    void closeDoesNotThrowWhenTasksFailed(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        queue.execute(() -> {
            throw new AssertionError("the task's");
        });
        queue.put(() -> "next");

        queue.close();

        assertThat(fixture.failures).hasSize(1);
        assertThat(queue.join()).containsExactly("next");
    }

    @QueueTest
    void timedCloseReturnsTrueOnlyWhenAllTasksFinished(Fixture fixture) throws Exception {
        WorkerQueue<String> idle = fixture.open(1, 1);
        idle.put(() -> "done");
        assertThat(idle.close(LONG)).isTrue();
        assertThat(fixture.open(1, 1).close(Duration.ZERO)).isTrue();

        WorkerQueue<String> queue = fixture.open(1, 2);
        Blocker stubborn = new Blocker();
        queue.execute(stubborn::runStubbornly);
        stubborn.awaitStarted();
        fixture.fill(queue);
        assertThat(queue.close(Duration.ofMillis(2))).isFalse();
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
        assertThat(queue.active()).isEqualTo(1);
        stubborn.release();
        queue.join();
        assertThat(queue.snapshot().cancelled()).isEqualTo(3);
    }

    @QueueTest
    void factoryRemovesQueueWhenTimedCloseReturnsBeforeTaskEnds(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker stubborn = new Blocker();
        queue.execute(stubborn::runStubbornly);
        stubborn.awaitStarted();

        assertThat(queue.close(Duration.ZERO)).isFalse();
        assertThat(fixture.factory().queues()).isEmpty();
        assertThat(queue.close(Duration.ZERO)).as("it still runs").isFalse();

        stubborn.release();
        assertThat(queue.close(LONG)).isTrue();
        assertThat(queue.close(Duration.ZERO)).isTrue();
    }

    @QueueTest
    void closeLogsSummaryAndOneWarningPerAbandonedTaskWhenTimeoutExpires(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(
                settings -> settings.withWorkers(1).withMaxsize(20).withAbandonedTaskHandler(QueueLog::logAbandoned));
        Blocker blocker = new Blocker();
        queue.put(
                () -> {
                    blocker.run();
                    return "";
                },
                TaskOptions.named("the running one"));
        blocker.awaitStarted();
        for (int i = 1; i <= 12; i++) {
            queue.put(() -> "", TaskOptions.named("waiting " + i));
        }

        List<ILoggingEvent> events =
                FailureTests.logged(() -> assertThat(queue.close(Duration.ZERO)).isFalse());

        assertThat(events).extracting(ILoggingEvent::getLevel).containsOnly(Level.WARN);
        List<String> messages =
                events.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(messages).hasSize(14);
        assertThat(messages.get(0))
                .contains("default", "abandoned 13 unfinished tasks on close (1 started, 12 not started)");
        assertThat(messages.get(1)).contains("default", "task 0", "'the running one'", "after it started");
        assertThat(messages.get(13)).contains("default", "task 12", "'waiting 12'", "before it started");
    }

    @QueueTest
    @Tag("slow")
    void putThrowsQueueClosedExceptionWhenTimedCloseCancelsTasks(Fixture fixture) throws Exception {
        for (int round = 0; round < 300; round++) {
            WorkerQueue<Integer> queue = fixture.factory().open(settings -> settings.withWorkers(1));
            List<Fork<?>> producers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                producers.add(fixture.forkAction(() -> {
                    for (; ; ) {
                        queue.put(() -> 0);
                    }
                }));
            }
            Fixture.until("some are put", () -> queue.counter() > 100);

            queue.close(Duration.ZERO);

            for (Fork<?> producer : producers) {
                assertThatThrownBy(producer::get).as("round %d", round).isInstanceOf(QueueClosedException.class);
            }
        }
    }

    @QueueTest
    void closeRemovesQueueFromFactoryWhenQueueIsIdle(Fixture fixture) throws Exception {
        for (int i = 0; i < 200; i++) {
            try (WorkerQueue<Integer> queue = fixture.factory().open()) {
                queue.putAll(List.of(1, 2, 3), item -> item);
                assertThat(queue.join()).containsExactly(1, 2, 3);
            }
        }
        assertThat(fixture.factory().queues()).isEmpty();
    }
}
