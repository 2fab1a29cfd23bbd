package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Tests for the close of a factory: rule 6 of {@code docs/reference/rules.md}. */
class FactoryCloseTests {

    private static final Duration LONG = Duration.ofMinutes(1);

    @QueueTest
    void closeRunsAllTasksWhenTwoQueuesPutIntoEachOther(Fixture fixture) throws Exception {
        for (int round = 0; round < 20; round++) {
            QueueFactory factory = fixture.factory(builder -> builder);
            WorkerQueue<Integer> first = fixture.open(factory, 2, 2);
            WorkerQueue<Integer> second = fixture.open(factory, 2, 1000);
            Blocker blocker = new Blocker();
            AtomicInteger ran = new AtomicInteger();
            for (int i = 0; i < 3; i++) {
                first.execute(() -> {
                    blocker.run();
                    bounce(first, second, ran, 50);
                });
            }
            Fork<?> closer = fixture.forkAction(factory::close);
            closer.awaitBlocked();

            blocker.release();

            closer.get();
            assertThat(ran).hasValue(3 * 51);
            assertThat(first.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
            assertThat(second.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
            assertThat(first.snapshot().cancelled() + second.snapshot().cancelled())
                    .isZero();
        }
    }

    private static void bounce(WorkerQueue<Integer> here, WorkerQueue<Integer> there, AtomicInteger ran, int times)
            throws InterruptedException {
        ran.incrementAndGet();
        if (times > 0) {
            there.execute(() -> bounce(there, here, ran, times - 1));
        }
    }

    @QueueTest
    void allQueuesRejectPutsFromOutsideWhenFactoryIsClosing(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> busy = fixture.open(1, 1);
        WorkerQueue<String> idle = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(busy);
        Fork<?> producer = fixture.forkAction(() -> busy.put(() -> ""));
        Fixture.awaitBlockedProducers(busy, 1);
        Fork<?> closer = fixture.forkAction(factory::close);

        assertThatThrownBy(producer::get).isInstanceOf(QueueClosedException.class);
        closer.awaitBlocked();
        assertThatThrownBy(() -> idle.put(() -> "")).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(() -> idle.offer(() -> "")).isInstanceOf(QueueClosedException.class);
        assertThat(idle.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSING);

        blocker.release();
        closer.get();
        assertThat(idle.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
    }

    @QueueTest
    void taskMayPutIntoOtherQueueWhenFactoryIsClosing(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> idle = fixture.open(1, 1);
        WorkerQueue<String> busy = fixture.open(1, 1);
        Blocker blocker = new Blocker();
        busy.put(() -> {
            blocker.run();
            idle.put(() -> "from a task of the other");
            assertThat(idle.offer(() -> "again", LONG)).isTrue();
            return "busy";
        });
        blocker.awaitStarted();
        Fork<?> closer = fixture.forkAction(factory::close);
        closer.awaitBlocked();

        blocker.release();

        closer.get();
        assertThat(idle.join()).containsExactly("from a task of the other", "again");
        assertThat(busy.join()).containsExactly("busy");
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void openThrowsWhenFactoryIsClosingOrClosed(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.block(queue);
        Fork<?> closer = fixture.forkAction(factory::close);
        closer.awaitBlocked();

        assertThatIllegalStateException().isThrownBy(() -> factory.open("late")).withMessageContaining("late");

        blocker.release();
        closer.get();
        assertThatIllegalStateException().isThrownBy(factory::open);
        assertThat(factory.queues()).isEmpty();
        assertThat(factory.settings("any").workers()).isEqualTo(QueueSettings.DEFAULT_WORKERS);
    }

    @QueueTest
    void closeThrowsWhenTaskCallsIt(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = fixture.open(1, 1);
        CompletableFuture<?> direct = queue.submit(() -> {
            factory.close();
            return "";
        });
        CompletableFuture<?> timed = queue.submit(() -> factory.close(LONG));
        QueueFactory other = fixture.factory(builder -> builder);
        CompletableFuture<?> nested = queue.submit(() -> {
            try (WorkerQueue<String> inner = other.open()) {
                return inner.submit(() -> factory.close(LONG)).get();
            }
        });
        queue.join();

        assertThatThrownBy(direct::join).hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(timed::join).hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(nested::join).hasStackTraceContaining("IllegalStateException");
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.OPEN);
        assertThat(factory.close(LONG)).isTrue();
    }

    @QueueTest
    void taskMayCloseOtherFactory(Fixture fixture) throws Exception {
        QueueFactory other = fixture.factory(builder -> builder);
        WorkerQueue<Boolean> queue = fixture.open(1, 1);

        queue.put(() -> {
            WorkerQueue<String> inner = other.open();
            inner.put(() -> "");
            return other.close(LONG);
        });

        assertThat(queue.join()).containsExactly(true);
    }

    @QueueTest
    void timedCloseCancelsUnfinishedTasksOfAllQueues(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> first = fixture.open(1, 1);
        WorkerQueue<String> second = fixture.open(1, 3);
        fixture.blockAndFill(first);
        fixture.blockAndFill(second);

        assertThat(factory.close(Duration.ofMillis(2))).isFalse();

        Fixture.until("the interrupted tasks have ended", () -> first.active() + second.active() == 0);
        assertThat(first.snapshot().cancelled()).isEqualTo(2);
        assertThat(second.snapshot().cancelled()).isEqualTo(4);
    }

    @QueueTest
    void timedCloseWarnsOnlyAboutQueuesWithAbandonedTasks(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> busy = factory.open("busy", settings -> settings.withWorkers(1));
        WorkerQueue<String> idle = factory.open("idle");
        Blocker stubborn = new Blocker();
        busy.execute(stubborn::runStubbornly);
        stubborn.awaitStarted();

        assertThat(FailureTests.logged(() -> factory.close(Duration.ZERO)))
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith("Queue 'busy': abandoned ");

        for (WorkerQueue<String> queue : List.of(busy, idle)) {
            assertThat(queue.asExecutorService().isShutdown()).isTrue();
        }
        assertThat(busy.asExecutorService().isTerminated()).isFalse();
        stubborn.release();
        assertThat(busy.asExecutorService().awaitTermination(10, TimeUnit.SECONDS))
                .isTrue();
    }

    @QueueTest
    void timedCloseReturnsTrueWhenAllTasksFinished(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        fixture.<String>open(1, 1).put(() -> "");

        assertThat(factory.close(LONG)).isTrue();
        assertThat(factory.close(Duration.ZERO)).isTrue();
        assertThat(fixture.factory(builder -> builder).close(Duration.ofSeconds(-1)))
                .isTrue();
    }

    @QueueTest
    void closeCancelsTasksWaitsForThemAndRestoresFlagWhenInterrupted(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker stubborn = new Blocker();
        queue.execute(stubborn::runStubbornly);
        stubborn.awaitStarted();
        Fork<Boolean> closer = fixture.fork(() -> {
            factory.close();
            return Thread.currentThread().isInterrupted();
        });
        closer.awaitBlocked();

        closer.interrupt();

        Fixture.until("closed", () -> queue.snapshot().state() == QueueSnapshot.State.CLOSED);
        closer.awaitBlocked();
        stubborn.release();
        assertThat(closer.get()).isTrue();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
    }

    @QueueTest
    void secondCloseWaitsForFirst(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.block(queue);
        Fork<?> first = fixture.forkAction(factory::close);
        first.awaitBlocked();
        Fork<?> second = fixture.forkAction(factory::close);
        second.awaitBlocked();

        blocker.release();

        first.get();
        second.get();
    }

    @QueueTest
    void secondCloseWaitsForFirstWhenFirstWasInterrupted(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker stubborn = new Blocker();
        queue.execute(stubborn::runStubbornly);
        stubborn.awaitStarted();
        Fork<?> first = fixture.forkAction(factory::close);
        first.awaitBlocked();
        first.interrupt();
        Fixture.until("closed", () -> queue.snapshot().state() == QueueSnapshot.State.CLOSED);

        Fork<?> second = fixture.forkAction(factory::close);

        second.awaitBlocked();
        stubborn.release();
        first.get();
        second.get();
    }

    @QueueTest
    void factoryListsOpenQueuesInOrderOfOpening(Fixture fixture) {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> a = factory.open("a");
        WorkerQueue<String> b = factory.open("b");
        WorkerQueue<String> again = factory.open("a");

        List<WorkerQueue<?>> queues = factory.queues();
        assertThat(queues).containsExactly(a, b, again);
        b.close();

        assertThat(factory.queues()).containsExactly(a, again);
        assertThat(queues).hasSize(3);
        assertThat(List.of(
                        a.snapshot().id(), b.snapshot().id(), again.snapshot().id()))
                .doesNotHaveDuplicates();
    }

    @QueueTest
    void openAppliesChangeToSettingsOfInstanceOrToDefaults(Fixture fixture) {
        QueueSettings defaults = fixture.settings().withWorkers(3);
        QueueSettings riot = fixture.settings().withWorkers(7).withMaxsize(9);
        QueueFactory factory =
                fixture.factory(builder -> builder.defaults(defaults).instance("riot", riot));

        assertThat(factory.open().name()).isEqualTo("default");
        assertThat(factory.open().settings()).isEqualTo(defaults);
        assertThat(factory.open("other").settings()).isEqualTo(defaults);
        assertThat(factory.open("riot").settings()).isEqualTo(riot);
        assertThat(factory.settings("riot")).isEqualTo(riot);
        assertThat(factory.open(settings -> settings.withWorkers(5)).workers()).isEqualTo(5);
        WorkerQueue<String> changed = factory.open("riot", settings -> settings.withWorkers(8));
        assertThat(changed.workers()).isEqualTo(8);
        assertThat(changed.maxsize()).isEqualTo(9);
        assertThat(changed.name()).isEqualTo("riot");
    }
}
