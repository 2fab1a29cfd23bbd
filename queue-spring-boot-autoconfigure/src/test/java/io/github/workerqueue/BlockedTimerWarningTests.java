package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Tests for the warning about puts that block the timer of completable futures. */
class BlockedTimerWarningTests {

    @QueueTest
    void delayedExecutorThatBlocksTimerIsReportedOncePerName(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder -> builder);

        List<ILoggingEvent> events = FailureTests.logged(() -> {
            for (int i = 0; i < 2; i++) {
                WorkerQueue<String> queue = fixture.open(factory, 1, 1);
                Executor delayed =
                        CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, queue.asExecutorService());
                CountDownLatch ran = new CountDownLatch(1);
                Blocker blocker = fixture.blockAndFill(queue);
                delayed.execute(ran::countDown);
                Fixture.awaitBlockedProducers(queue, 1);
                blocker.release();
                Fixture.await(ran);
            }
        });

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage())
                    .startsWith("Queue 'default': the full queue blocks thread '")
                    .containsIgnoringCase("delayScheduler'");
        });
    }

    @QueueTest
    void dependentThatPutsOnTimerIsReported(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(fixture.factory(builder -> builder), 1, 1);
        CompletableFuture<Boolean> put = new CompletableFuture<>();

        List<ILoggingEvent> events = FailureTests.logged(() -> {
            Blocker blocker = fixture.blockAndFill(queue);
            CompletableFuture<String> late = new CompletableFuture<>();
            CompletableFuture<String> unused = late.whenComplete((result, failure) -> put.complete(offer(queue)));
            late.completeOnTimeout("late", 1, TimeUnit.MILLISECONDS);
            Fixture.awaitBlockedProducers(queue, 1);
            blocker.release();
            assertThat(put.get(10, TimeUnit.SECONDS)).isTrue();
        });

        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).contains("blocks thread"));
    }

    @QueueTest
    void putThatFindsRoomOrBlocksAnotherThreadIsNotReported(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(fixture.factory(builder -> builder), 1, 1);

        List<ILoggingEvent> events = FailureTests.logged(() -> {
            CountDownLatch ran = new CountDownLatch(1);
            CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, queue.asExecutorService())
                    .execute(ran::countDown);
            Fixture.await(ran);
            Blocker blocker = fixture.blockAndFill(queue);
            Fork<?> producer =
                    fixture.forkAction(() -> queue.asExecutorService().execute(() -> {}));
            Fixture.awaitBlockedProducers(queue, 1);
            blocker.release();
            producer.get();
        });

        assertThat(events).isEmpty();
    }

    private static boolean offer(WorkerQueue<String> queue) {
        try {
            return queue.offer(() -> "late", Duration.ofSeconds(10));
        } catch (InterruptedException ex) {
            throw new AssertionError("interrupted", ex);
        }
    }
}
