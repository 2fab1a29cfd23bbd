package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.workerqueue.QueueLimit.Paused;
import io.github.workerqueue.QueueLimit.Permits;
import io.github.workerqueue.QueueLimit.Producer;
import io.github.workerqueue.QueueLimit.Rate;
import io.github.workerqueue.QueueLimit.Workers;
import io.github.workerqueue.test.TestQueues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the limits that keep the next task of a queue from starting. */
class QueueLimitTests {

    private static final String NAME = "riot";

    private static final RateLimit TWO_PER_HOUR = new RateLimit(2, Duration.ofHours(1));

    private static final RateLimit TEN_PER_SECOND = new RateLimit(10, Duration.ofSeconds(1));

    private static QueueFactory withTotal(Fixture fixture, int total) {
        QueueSettings settings =
                fixture.settings().withWorkers(3).withMaxsize(5).withTotalWorkers(total);
        return fixture.factory(builder -> builder.instance(NAME, settings));
    }

    private static QueueFactory withRates(Fixture fixture, RateLimit... limits) {
        QueueSettings settings =
                fixture.settings().withWorkers(3).withMaxsize(5).withRateLimits(List.of(limits));
        return fixture.factory(builder -> builder.instance(NAME, settings));
    }

    private static void awaitLimits(WorkerQueue<?> queue, QueueLimit... limits) {
        Fixture.until("the limits are " + List.of(limits), () -> queue.limits().equals(List.of(limits)));
    }

    @QueueTest
    void producerIsLimitWhenNoTaskWaitsAndWorkerIsAvailable(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 2);
        assertThat(queue.limits()).containsExactly(new Producer());
        Blocker blocker = new Blocker();
        queue.execute(blocker);
        blocker.awaitStarted();
        assertThat(queue.limits()).containsExactly(new Producer());
        blocker.release();
        queue.join();
        assertThat(queue.limits()).containsExactly(new Producer());
    }

    @QueueTest
    void workersAreLimitWhenAllAreBusy(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 2);
        Blocker blocker = fixture.block(queue);
        assertThat(queue.limits()).containsExactly(new Workers(2));
        fixture.fill(queue);
        assertThat(queue.limits()).containsExactly(new Workers(2));
        queue.resize(1);
        assertThat(queue.limits()).containsExactly(new Workers(1));
        blocker.release();
        queue.join();
        assertThat(queue.limits()).containsExactly(new Producer());
    }

    @QueueTest
    void workersAreLimitWhenStagesOccupyThem(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        queue.put(() -> "");
        Fixture.until("the stage occupies the worker", () -> queue.depth() == 1 && isSuspended(queue));
        assertThat(queue.limits()).containsExactly(new Workers(1));
        stage.complete("");
        assertThat(queue.join()).hasSize(2);
    }

    private static boolean isSuspended(WorkerQueue<?> queue) {
        return queue.report().running().stream().anyMatch(task -> task.thread() == null);
    }

    @QueueTest
    void pauseIsFirstLimitOfPausedQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        queue.pause();
        assertThat(queue.limits()).containsExactly(new Paused(), new Producer());
        queue.put(() -> "");
        assertThat(queue.limits()).containsExactly(new Paused());
        queue.resume();
        queue.join();
        Blocker blocker = fixture.block(queue);
        queue.pause();
        assertThat(queue.limits()).containsExactly(new Paused(), new Workers(1));
        queue.resume();
        assertThat(queue.limits()).containsExactly(new Workers(1));
        blocker.release();
    }

    @QueueTest
    void rateLimitIsLimitOnlyWhileItDelaysWaitingTask(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                withRates(fixture, TEN_PER_SECOND, TWO_PER_HOUR).open(NAME);
        queue.putAll(List.of("a", "b"), item -> item);
        queue.join();
        assertThat(queue.limits()).containsExactly(new Producer());

        queue.put(() -> "");
        assertThat(queue.limits()).singleElement().isInstanceOfSatisfying(Rate.class, rate -> {
            assertThat(rate.limit()).isEqualTo(TWO_PER_HOUR);
            assertThat(rate.remaining())
                    .isBetween(Duration.ofMinutes(59), Duration.ofHours(1).minusNanos(1));
        });
        queue.cancel();
        queue.join();
        assertThat(queue.limits()).containsExactly(new Producer());
    }

    @QueueTest
    void rateLimitIsLimitWhenAllWorkersAreBusy(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = withRates(fixture, TWO_PER_HOUR).open(NAME, settings -> settings.withWorkers(2));
        Blocker blocker = fixture.blockAndFill(queue);
        queue.pause();
        assertThat(queue.limits())
                .hasSize(3)
                .startsWith(new Paused())
                .endsWith(new Workers(2))
                .element(1)
                .isInstanceOfSatisfying(
                        Rate.class, rate -> assertThat(rate.limit()).isEqualTo(TWO_PER_HOUR));
        blocker.release();
        queue.cancel();
        queue.resume();
    }

    @QueueTest
    void permitsAreLimitWhenOtherQueuesOfNameHoldThem(Fixture fixture) throws Exception {
        QueueFactory factory = withTotal(fixture, 2);
        WorkerQueue<String> first = factory.open(NAME);
        WorkerQueue<String> second = factory.open(NAME);
        Blocker blocker = new Blocker();
        first.execute(blocker);
        first.execute(blocker);
        blocker.awaitStarted(2);
        assertThat(first.limits()).as("no task waits").containsExactly(new Producer());

        first.execute(blocker);
        awaitLimits(first, new Permits(2, 0));
        second.put(() -> "");
        awaitLimits(second, new Permits(2, 2));
        second.pause();
        assertThat(second.limits()).containsExactly(new Paused(), new Permits(2, 2));
        second.resume();
        blocker.release();
        assertThat(second.join()).hasSize(1);
        first.join();
        assertThat(second.limits()).containsExactly(new Producer());
    }

    @QueueTest
    void permitsAreNoLimitWhenTaskLendsItsPermit(Fixture fixture) throws Exception {
        QueueFactory factory = withTotal(fixture, 1);
        WorkerQueue<String> outer = factory.open(NAME);
        WorkerQueue<String> inner = factory.open(NAME);
        Blocker blocker = new Blocker();
        inner.execute(blocker);
        blocker.awaitStarted();
        CountDownLatch joins = new CountDownLatch(1);
        outer.execute(() -> {
            joins.countDown();
            inner.join();
        });
        awaitLimits(outer, new Permits(1, 1));
        blocker.release();
        Fixture.await(joins);
        outer.join();
        assertThat(outer.limits()).containsExactly(new Producer());
    }

    @QueueTest
    void limitsAreEmptyWhenQueueIsClosedOrDrains(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 2);
        Blocker blocker = new Blocker();
        queue.execute(blocker);
        blocker.awaitStarted();
        Fork<?> close = fixture.forkAction(queue::close);
        Fixture.until("the close has begun", () -> queue.snapshot().state() == QueueSnapshot.State.CLOSING);
        assertThat(queue.limits()).as("no producer may put").isEmpty();
        blocker.release();
        close.get();
        assertThat(queue.limits()).isEmpty();

        WorkerQueue<String> abandoned = fixture.open(1, 2);
        abandoned.pause();
        Blocker stubborn = new Blocker();
        abandoned.execute(stubborn::runStubbornly);
        abandoned.resume();
        stubborn.awaitStarted();
        abandoned.close(Duration.ZERO);
        assertThat(abandoned.active()).isEqualTo(1);
        assertThat(abandoned.limits()).isEmpty();
        stubborn.release();
    }

    @QueueTest
    void limitsOfClosingQueueNameItsBusyWorkers(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        Blocker blocker = fixture.blockAndFill(queue);
        Fork<?> close = fixture.forkAction(queue::close);
        Fixture.until("the close has begun", () -> queue.snapshot().state() == QueueSnapshot.State.CLOSING);
        assertThat(queue.limits()).containsExactly(new Workers(1));
        blocker.release();
        close.get();
    }

    @Test
    @Timeout(20)
    void limitsAreEmptyWhenWaitingTaskIsAboutToStart() throws Exception {
        HeldThreads threads = new HeldThreads();
        QueueEngine engine = threads.engine(1);
        engine.admission.put((Callable<String>) () -> "", engine.ring.epoch());

        assertThat(engine.throttle.limits()).isEmpty();
        threads.started.remove().run();
        assertThat(engine.throttle.limits()).containsExactly(new Producer());
    }

    @Test
    @Timeout(20)
    void limitsAreEmptyWhenSlotIsAboutToClaimTheOnlyTask() throws Exception {
        HeldThreads threads = new HeldThreads();
        List<List<QueueLimit>> seen = new ArrayList<>();
        AtomicReference<QueueEngine> opened = new AtomicReference<>();
        StartRateLimiter rates = new StartRateLimiter(
                List.of(TEN_PER_SECOND),
                () -> {
                    if (seen.isEmpty()) {
                        seen.add(List.of());
                        seen.add(Objects.requireNonNull(opened.get()).throttle.limits());
                    }
                    return 0;
                },
                wait -> {});
        QueueEngine engine = threads.engine(QueueSettings.defaults().withWorkers(1), rates);
        opened.set(engine);
        engine.admission.put((Callable<String>) () -> "", engine.ring.epoch());
        threads.started.remove().run();

        assertThat(seen).containsExactly(List.of(), List.of());
    }

    @QueueTest
    void taskWithinRetryDelayDoesNotWaitForWorker(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings ->
                settings.withWorkers(1).withMaxsize(2).withRetryPolicy((failure, attempts) -> Duration.ofHours(1)));
        RetryTests.putFailing(queue, TaskOptions.defaults());
        awaitLimits(queue, new Producer());
        queue.cancel();
    }

    /** A task waits or runs at any time, so no list may say that the queue waits for its producer. */
    @QueueTest
    void limitsNeverNameProducerWhileTasksWait(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 100);
        AtomicBoolean done = new AtomicBoolean();
        queue.execute(new Chain(queue, done));
        List<List<QueueLimit>> seen = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            List<QueueLimit> limits = queue.limits();
            if (!limits.isEmpty() && !limits.equals(List.of(new Workers(1)))) {
                seen.add(limits);
            }
        }
        done.set(true);
        queue.join();
        assertThat(seen).isEmpty();
    }

    /** Task that puts the next one, so that a task always waits or runs. */
    private record Chain(WorkerQueue<String> queue, AtomicBoolean done) implements TaskAction {

        @Override
        public void run() throws Exception {
            if (!done.get()) {
                queue.execute(this);
            }
        }
    }

    @QueueTest
    void limitsAreUnmodifiableAndAvailableToTask(Fixture fixture) throws Exception {
        WorkerQueue<List<QueueLimit>> queue = fixture.open(1, 2);
        queue.put(queue::limits);
        assertThat(queue.join()).containsExactly(List.of(new Workers(1)));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> queue.limits().clear());
    }

    @Test
    @Timeout(20)
    void limitsOfQueueWithoutThreadsNamePause() throws Exception {
        for (QueueFactory factory : List.of(TestQueues.inCallingThread(), TestQueues.shuffled(1))) {
            try (factory) {
                WorkerQueue<String> queue =
                        factory.open(settings -> settings.withWorkers(1).withMaxsize(3));
                assertThat(queue.limits()).containsExactly(new Producer());
                queue.pause();
                queue.put(() -> "");
                assertThat(queue.limits()).containsExactly(new Paused());
                queue.resume();
                assertThat(queue.join()).hasSize(1);
                assertThat(queue.limits()).containsExactly(new Producer());
            }
        }
    }

    @Test
    @Timeout(20)
    void limitHasTextForPeople() {
        assertThat(new Rate(RateLimit.valueOf("100/2m"), Duration.ofMillis(3_217)))
                .hasToString("Rate[limit=RateLimit[permits=100, per=2 min], remaining=3.2 s]");
    }
}
