package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;

/** Tests for {@link QueueFactory#closeAll}, mainly for calls from a task: rule 6 of {@code docs/reference/rules.md}. */
class ClosingTaskTests {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<AbandonedTask> abandoned = Collections.synchronizedList(new ArrayList<>());

    private WorkerQueue<String> open(Fixture fixture, QueueFactory factory, int workers) {
        return fixture.open(
                factory,
                settings -> settings.withWorkers(workers).withMaxsize(10).withAbandonedTaskHandler(abandoned::add));
    }

    /** Waits for the turn of a closing task, closes the objects, and returns the outcome and the interrupt flag. */
    private static String closeAll(Blocker turn, Collection<?> objects) throws InterruptedException {
        turn.run();
        boolean nothingLeft = QueueFactory.closeAll(objects, LONG);
        return nothingLeft + ", interrupted: " + Thread.interrupted();
    }

    /** Waits until the closing task has ended, since a join does not wait for it. */
    private static void awaitCompleted(WorkerQueue<?> queue, int tasks) {
        Fixture.until(tasks + " tasks have completed", () -> queue.snapshot().completed() == tasks);
    }

    private static void assertConserved(WorkerQueue<?> queue) {
        QueueSnapshot snapshot = queue.snapshot();
        assertThat(snapshot.state()).isEqualTo(QueueSnapshot.State.CLOSED);
        assertThat(snapshot.put()).isEqualTo(snapshot.completed() + snapshot.failed() + snapshot.cancelled());
    }

    @QueueTest
    void otherQueuesDrainWhenTaskClosesAll(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        QueueFactory other = fixture.factory(builder -> builder);
        WorkerQueue<String> own = open(fixture, factory, 1);
        WorkerQueue<String> sibling = open(fixture, factory, 1);
        WorkerQueue<String> ofOther = open(fixture, other, 1);
        WorkerQueue<String> ofThird = open(fixture, fixture.factory(builder -> builder), 1);
        WorkerQueue<String> viewed = open(fixture, fixture.factory(builder -> builder), 1);
        List<WorkerQueue<String>> others = List.of(sibling, ofOther, ofThird, viewed);
        Blocker turn = new Blocker();
        own.put(() -> closeAll(turn, List.of(factory, other, ofThird, viewed.asExecutorService())));
        turn.awaitStarted();
        Blocker blocker = new Blocker();
        for (WorkerQueue<String> queue : others) {
            queue.execute(blocker);
            queue.putAll(List.of(1, 2, 3), item -> "item " + item);
        }
        blocker.awaitStarted(others.size());

        turn.release();
        Fixture.until(
                "all are closing",
                () -> others.stream().allMatch(queue -> queue.snapshot().state() == QueueSnapshot.State.CLOSING));
        assertThat(own.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSING);
        blocker.release();

        awaitCompleted(own, 1);
        assertThat(own.join()).containsExactly("true, interrupted: false");
        assertConserved(own);
        for (WorkerQueue<String> queue : others) {
            assertThat(queue.join()).containsExactly("item 1", "item 2", "item 3");
            assertConserved(queue);
        }
        assertThat(abandoned).isEmpty();
        assertThat(fixture.failures).isEmpty();
        for (QueueFactory closed : List.of(factory, other)) {
            assertThatIllegalStateException().isThrownBy(closed::open);
        }
    }

    @QueueTest
    void waitingTasksAreAbandonedImmediatelyWhenOnlyClosingTaskHasWorker(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> own = open(fixture, factory, 1);
        WorkerQueue<String> sibling = open(fixture, factory, 1);
        Blocker turn = new Blocker();
        own.put(() -> closeAll(turn, List.of(factory)));
        own.putAll(List.of(1, 2, 3, 4, 5), item -> "never starts");
        CompletableFuture<String> future = own.submit(() -> "never starts");
        sibling.put(() -> "of the sibling");
        turn.awaitStarted();
        long start = System.nanoTime();

        turn.release();

        awaitCompleted(own, 1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(own.join()).containsExactly("false, interrupted: false");
        assertThat(sibling.join()).containsExactly("of the sibling");
        assertThat(future).isCancelled();
        assertThat(abandoned)
                .allSatisfy(task -> assertThat(task.started()).isFalse())
                .extracting(AbandonedTask::index)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertConserved(own);
        assertThat(own.snapshot())
                .extracting(QueueSnapshot::completed, QueueSnapshot::cancelled)
                .containsExactly(1L, 6L);
    }

    @QueueTest
    void failureOfClosingTaskIsHandledWhenQueueWasClosingBefore(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> own = fixture.open(
                factory,
                settings -> settings.withWorkers(2)
                        .withAbandonedTaskHandler(abandoned::add)
                        .withRetryPolicy((failure, attempts) -> Duration.ZERO));
        WorkerQueue<String> sibling = open(fixture, factory, 1);
        Blocker turn = new Blocker();
        Blocker other = new Blocker();
        Blocker last = fixture.block(sibling);
        own.put(() -> {
            throw new IllegalStateException(closeAll(turn, List.of(factory)));
        });
        own.execute(other);
        turn.awaitStarted();
        other.awaitStarted();
        own.asExecutorService().shutdown();
        turn.release();

        Fixture.until("the drain has begun", () -> sibling.snapshot().state() == QueueSnapshot.State.CLOSING);
        other.release();
        Fixture.until("the closing task is alone", () -> own.active() == 1);
        last.release();

        Fixture.until("it has failed", () -> own.snapshot().failed() == 1);
        assertThat(own.join()).isEmpty();
        assertThat(fixture.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).hasMessage("true, interrupted: false"));
        assertConserved(own);
    }

    @QueueTest
    void waitingTasksAreAbandonedImmediatelyWhenAllWorkersCloseAll(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> own = open(fixture, factory, 2);
        Blocker turn = new Blocker();
        own.put(() -> closeAll(turn, List.of(factory)));
        own.put(() -> closeAll(turn, List.of(factory)));
        own.putAll(List.of(1, 2, 3), item -> "never starts");
        turn.awaitStarted(2);
        long start = System.nanoTime();

        turn.release();

        awaitCompleted(own, 2);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(abandoned).extracting(AbandonedTask::index).containsExactly(2L, 3L, 4L);
        assertConserved(own);
    }

    @QueueTest
    void closingTaskReturnsInTimeWhenItsPermitWentToTaskThatNeverEnds(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(
                builder -> builder.instance("shared", fixture.settings().withTotalWorkers(1)));
        WorkerQueue<String> own = factory.open("shared");
        WorkerQueue<String> holder = factory.open("shared");
        Blocker turn = new Blocker();
        Blocker stubborn = new Blocker();
        own.put(() -> {
            turn.run();
            return "" + QueueFactory.closeAll(List.of(factory), Duration.ofMillis(100));
        });
        turn.awaitStarted();
        holder.execute(stubborn::runStubbornly);

        turn.release();

        awaitCompleted(own, 1);
        assertThat(stubborn.isStarted()).as("it had the permit meanwhile").isTrue();
        assertThat(own.join()).containsExactly("false");
        stubborn.release();
    }

    @QueueTest
    void waitingTasksRunWhenClosingTaskHasSpareWorker(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> own = open(fixture, factory, 2);
        Blocker turn = new Blocker();
        own.put(() -> closeAll(turn, List.of(factory)));
        own.execute(turn);
        turn.awaitStarted(2);
        own.putAll(List.of(1, 2, 3), item -> {
            own.put(() -> "child " + item);
            return "item " + item;
        });

        turn.release();

        awaitCompleted(own, 8);
        assertThat(own.join())
                .startsWith("true, interrupted: false", "item 1", "item 2", "item 3")
                .hasSize(7)
                .contains("child 1", "child 2", "child 3");
        assertThat(abandoned).isEmpty();
        assertConserved(own);
    }

    @QueueTest
    void waitingTasksRunWhenClosingTaskHoldsOnlyPermit(Fixture fixture) throws Exception {
        QueueSettings settings =
                fixture.settings().withWorkers(2).withTotalWorkers(1).withAbandonedTaskHandler(abandoned::add);
        QueueFactory factory = fixture.factory(builder -> builder.instance("riot", settings));
        WorkerQueue<String> own = factory.open("riot");
        WorkerQueue<String> sibling = factory.open("riot");
        Blocker turn = new Blocker();
        own.put(() -> closeAll(turn, List.of(factory)));
        turn.awaitStarted();
        own.put(() -> "waiting");
        sibling.put(() -> "of the sibling");

        turn.release();

        awaitCompleted(own, 2);
        assertThat(own.join()).containsExactly("true, interrupted: false", "waiting");
        assertThat(sibling.join()).containsExactly("of the sibling");
        assertThat(abandoned).isEmpty();
    }

    @QueueTest
    void tasksRunWhenTaskOfQueueThatIsNotClosedClosesAll(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder -> builder);
        WorkerQueue<String> closed = open(fixture, factory, 1);
        WorkerQueue<String> own = fixture.open(1, 10);
        Blocker turn = new Blocker();
        own.put(() -> closeAll(turn, List.of(factory)));
        own.put(() -> "after");
        turn.awaitStarted();
        closed.put(() -> "closed");

        turn.release();

        assertThat(own.join()).containsExactly("true, interrupted: false", "after");
        assertThat(closed.join()).containsExactly("closed");
        assertThat(own.snapshot().state()).isEqualTo(QueueSnapshot.State.OPEN);
    }

    @QueueTest
    void closingTaskKeepsItsIndexWhenRoundEndsDuringDrain(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<Integer> queue = fixture.open(factory, 2, 10);
        queue.putAll(List.of(1, 2, 3, 4, 5), item -> item);
        assertThat(queue.join()).hasSize(5);
        queue.putAll(List.of(1, 2, 3), item -> item);
        Blocker drain = new Blocker();
        fixture.open(factory, 1, 1).execute(drain);
        drain.awaitStarted();
        queue.put(() -> {
            QueueFactory.closeAll(List.of(factory), Duration.ofSeconds(10));
            throw new IllegalStateException();
        });

        assertThat(queue.join()).containsExactly(1, 2, 3);
        drain.release();

        Fixture.until("the failure is handled", () -> !fixture.failures.isEmpty());
        assertThat(fixture.failures).extracting(TaskFailure::index).containsExactly(3L);
        assertThat(fixture.failures).extracting(TaskFailure::task).containsExactly("task 3");
    }

    @QueueTest
    void closeAllIgnoresObjectsOfOtherTypes(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = open(fixture, factory, 1);
        queue.put(() -> "result");

        assertThat(QueueFactory.closeAll(
                        List.of("stranger", 1, new Object(), ForkJoinPool.commonPool(), factory, queue, factory), LONG))
                .isTrue();

        assertThat(queue.join()).containsExactly("result");
        assertThat(QueueFactory.closeAll(List.of(), LONG)).isTrue();
        assertThat(QueueFactory.closeAll(List.of("stranger"), Duration.ZERO)).isTrue();
        assertThat(ForkJoinPool.commonPool().isShutdown()).isFalse();
    }

    @QueueTest
    void pipelineAcrossTwoFactoriesLosesNothing(Fixture fixture) throws Exception {
        for (int round = 0; round < 20; round++) {
            QueueFactory first = fixture.factory(builder -> builder);
            QueueFactory second = fixture.factory(builder -> builder);
            WorkerQueue<String> here = open(fixture, first, 2);
            WorkerQueue<String> there = open(fixture, second, 2);
            AtomicInteger ran = new AtomicInteger();
            Blocker turn = putBouncing(here, there, ran);

            Fork<Boolean> closer = fixture.fork(() -> QueueFactory.closeAll(List.of(first, second), LONG));
            closer.awaitBlocked();
            turn.release();

            assertThat(closer.get()).isTrue();
            assertNothingLost(here, there, ran);
        }
    }

    @QueueTest
    void pipelineAcrossTwoFactoriesLosesNothingWhenTaskClosesBoth(Fixture fixture) throws Exception {
        for (int round = 0; round < 20; round++) {
            QueueFactory first = fixture.factory(builder -> builder);
            QueueFactory second = fixture.factory(builder -> builder);
            WorkerQueue<String> here = open(fixture, first, 3);
            WorkerQueue<String> there = open(fixture, second, 2);
            AtomicInteger ran = new AtomicInteger();
            Blocker closing = new Blocker();
            here.put(() -> closeAll(closing, List.of(first, second)));
            closing.awaitStarted();
            Blocker turn = putBouncing(here, there, ran);

            closing.release();
            Fixture.until("both are closing", () -> there.snapshot().state() == QueueSnapshot.State.CLOSING);
            turn.release();

            Fixture.until("all have ended", () -> here.active() == 0);
            assertThat(here.join()).containsExactly("true, interrupted: false");
            assertNothingLost(here, there, ran);
        }
    }

    private static final int TIMES = 50;

    /** Puts two tasks that wait for their turn and then start a chain of tasks that alternates between the queues. */
    private static Blocker putBouncing(WorkerQueue<String> here, WorkerQueue<String> there, AtomicInteger ran)
            throws InterruptedException {
        Blocker turn = new Blocker();
        for (int i = 0; i < 2; i++) {
            here.execute(() -> {
                turn.run();
                bounce(here, there, ran, TIMES);
            });
        }
        turn.awaitStarted(2);
        return turn;
    }

    private static void bounce(WorkerQueue<String> here, WorkerQueue<String> there, AtomicInteger ran, int times)
            throws InterruptedException {
        ran.incrementAndGet();
        if (times > 0) {
            there.execute(() -> bounce(there, here, ran, times - 1));
        }
    }

    private void assertNothingLost(WorkerQueue<String> here, WorkerQueue<String> there, AtomicInteger ran) {
        assertThat(ran).hasValue(2 * (TIMES + 1));
        assertThat(here.snapshot().cancelled() + there.snapshot().cancelled()).isZero();
        assertThat(here.snapshot().rejected() + there.snapshot().rejected()).isZero();
        assertConserved(here);
        assertConserved(there);
        assertThat(abandoned).isEmpty();
    }

    @QueueTest
    void closeOfFactoryThrowsAndChangesNothingWhenTaskCallsIt(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = open(fixture, factory, 1);
        queue.put(() -> {
            assertThatIllegalStateException().isThrownBy(factory::close);
            assertThatIllegalStateException().isThrownBy(() -> factory.close(LONG));
            return "refused";
        });

        assertThat(queue.join()).containsExactly("refused");

        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.OPEN);
        try (WorkerQueue<String> later = factory.open()) {
            later.put(() -> "still open");
            assertThat(later.join()).containsExactly("still open");
        }
        assertThat(fixture.failures).isEmpty();
    }
}
