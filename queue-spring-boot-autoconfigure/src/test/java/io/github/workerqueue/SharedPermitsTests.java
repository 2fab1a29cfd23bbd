package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * Tests for the distribution of the permits that the queues of a name share. The queues are paused, so only the test
 * acquires and releases permits.
 */
class SharedPermitsTests {

    private static final int WORKERS = 3;

    private static SharedPermits.Holder holder(Fixture fixture, SharedPermits budget, int tasks)
            throws InterruptedException {
        WorkerQueue<Integer> queue = fixture.open(WORKERS, 10);
        queue.pause();
        for (int i = 0; i < tasks; i++) {
            queue.execute(() -> {});
        }
        List<QueueEngine> engines = ((DefaultQueueFactory) fixture.factory()).engines();
        QueueEngine last = engines.get(engines.size() - 1);
        return new SharedPermits.Holder(budget, last.context.id, last);
    }

    private static void acquire(SharedPermits budget, SharedPermits.Holder share, int permits) {
        for (int i = 0; i < permits; i++) {
            assertThat(budget.acquire(share)).isTrue();
        }
    }

    private static void assertWaits(SharedPermits budget, SharedPermits.Holder... shares) {
        for (SharedPermits.Holder share : shares) {
            assertThat(budget.acquire(share)).isFalse();
        }
    }

    @QueueTest
    void releasedPermitIsFreeWhenNoQueueWaits(Fixture fixture) throws Exception {
        SharedPermits budget = new SharedPermits(2);
        SharedPermits.Holder a = holder(fixture, budget, 1);
        acquire(budget, a, 2);
        assertThat(budget.owesPermit(a)).isFalse();

        assertThat(budget.release(a)).isNull();
        acquire(budget, a, 1);
        assertWaits(budget, a);
    }

    @QueueTest
    void releasedPermitGoesToQueueWithFewestPermitsThenFewestStarts(Fixture fixture) throws Exception {
        SharedPermits budget = new SharedPermits(3);
        SharedPermits.Holder a = holder(fixture, budget, 9);
        SharedPermits.Holder b = holder(fixture, budget, 9);
        SharedPermits.Holder c = holder(fixture, budget, 9);
        acquire(budget, a, 3);
        assertWaits(budget, c, b);

        assertThat(budget.release(a)).isSameAs(b);
        assertThat(budget.release(a)).isSameAs(c);
        budget.recordStart(b);
        assertThat(budget.release(a)).isSameAs(c);
    }

    @QueueTest
    void queueKeepsWaitingForPermitsWhenItHasMoreTasks(Fixture fixture) throws Exception {
        SharedPermits budget = new SharedPermits(5);
        SharedPermits.Holder a = holder(fixture, budget, 0);
        SharedPermits.Holder one = holder(fixture, budget, 1);
        SharedPermits.Holder many = holder(fixture, budget, 9);
        acquire(budget, a, 5);
        assertWaits(budget, one, many);

        assertThat(budget.release(a)).isSameAs(one);
        for (int held = 0; held < WORKERS; held++) {
            assertThat(budget.release(a)).isSameAs(many);
        }
        assertThat(budget.release(a)).isNull();
        acquire(budget, a, 1);
    }

    @QueueTest
    void queueKeepsWaitingForPermitsWhenItReleasesPermit(Fixture fixture) throws Exception {
        SharedPermits budget = new SharedPermits(2);
        SharedPermits.Holder a = holder(fixture, budget, 9);
        acquire(budget, a, 2);
        assertWaits(budget, a);

        assertThat(budget.release(a)).isSameAs(a);
        assertThat(budget.release(a)).isSameAs(a);
    }

    @QueueTest
    void queueReceivesOnePermitPerWaitingTask(Fixture fixture) throws Exception {
        SharedPermits budget = new SharedPermits(3);
        SharedPermits.Holder a = holder(fixture, budget, 0);
        SharedPermits.Holder b = holder(fixture, budget, 1);
        acquire(budget, a, 3);
        assertWaits(budget, b);
        assertThat(budget.release(a)).isSameAs(b);
        assertWaits(budget, b);
        assertThat(budget.release(a)).as("its task has one").isNull();

        acquire(budget, a, 1);
        assertWaits(budget, b);
        budget.recordStart(b);
        assertThat(budget.release(a)).as("another waits").isSameAs(b);
    }

    @QueueTest
    void queueIsPassedOverWhenItHasNoWaitingTasks(Fixture fixture) throws Exception {
        SharedPermits budget = new SharedPermits(2);
        SharedPermits.Holder a = holder(fixture, budget, 0);
        SharedPermits.Holder b = holder(fixture, budget, 0);
        SharedPermits.Holder c = holder(fixture, budget, 1);
        acquire(budget, a, 2);
        assertWaits(budget, b, c);

        assertThat(budget.release(a)).isSameAs(c);
        assertThat(budget.owesPermit(a)).isFalse();
        assertThat(budget.release(a)).isNull();
    }

    @QueueTest
    void queuePassesPermitOnAndStopsWaitingWhenItDeclines(Fixture fixture) throws Exception {
        SharedPermits budget = new SharedPermits(2);
        SharedPermits.Holder a = holder(fixture, budget, 0);
        SharedPermits.Holder b = holder(fixture, budget, 9);
        SharedPermits.Holder c = holder(fixture, budget, 1);
        acquire(budget, a, 2);
        assertWaits(budget, b, c);

        assertThat(budget.release(a)).isSameAs(b);
        assertThat(budget.decline(b)).isSameAs(c);
        assertThat(budget.release(a)).isNull();
    }

    @QueueTest
    void queueOwesPermitWhenOtherWouldHoldFewerOrAsManyWithFewerStarts(Fixture fixture) throws Exception {
        SharedPermits budget = new SharedPermits(3);
        SharedPermits.Holder a = holder(fixture, budget, 9);
        SharedPermits.Holder b = holder(fixture, budget, 9);
        acquire(budget, a, 3);
        assertWaits(budget, a);
        assertThat(budget.owesPermit(a)).as("nobody else wants").isFalse();
        assertWaits(budget, b);
        assertThat(budget.owesPermit(a)).as("3 beside 0").isTrue();
        assertThat(budget.owesPermit(b)).as("0 beside 3").isFalse();

        assertThat(budget.release(a)).isSameAs(b);
        assertThat(budget.owesPermit(a)).as("2 beside 1, served alike").isFalse();
        budget.recordStart(a);
        assertThat(budget.owesPermit(a)).as("2 beside 1, served more").isTrue();
        budget.recordStart(b);
        assertThat(budget.owesPermit(a)).as("2 beside 1, served alike").isFalse();
        assertThat(budget.owesPermit(b)).as("1 beside 2").isFalse();
    }

    @QueueTest
    void queueKeepsReceivedPermitWhenItsTaskHasNotStarted(Fixture fixture) throws Exception {
        SharedPermits budget = new SharedPermits(3);
        SharedPermits.Holder a = holder(fixture, budget, 9);
        SharedPermits.Holder b = holder(fixture, budget, 9);
        SharedPermits.Holder c = holder(fixture, budget, 9);
        acquire(budget, a, 3);
        assertWaits(budget, b);
        budget.recordStart(b);
        assertThat(budget.release(a)).isSameAs(b);
        assertWaits(budget, c);

        assertThat(budget.owesPermit(b)).as("its permit is unused").isFalse();
        budget.recordStart(b);
        assertThat(budget.owesPermit(b)).as("1 beside 0, served more").isTrue();
    }

    @QueueTest
    void queueAdoptsLowestStartCountWhenItJoinsOthers(Fixture fixture) throws Exception {
        SharedPermits budget = new SharedPermits(2);
        SharedPermits.Holder a = holder(fixture, budget, 9);
        SharedPermits.Holder b = holder(fixture, budget, 9);
        acquire(budget, a, 1);
        for (int i = 0; i < 5; i++) {
            budget.recordStart(a);
        }
        acquire(budget, b, 1);
        assertThat(b.starts).isEqualTo(5);
        budget.recordStart(b);
        assertThat(budget.release(b)).isNull();
        acquire(budget, b, 1);
        assertThat(b.starts).as("it was served more").isEqualTo(6);

        assertThat(budget.release(b)).isNull();
        for (int i = 0; i < 5; i++) {
            budget.recordStart(a);
        }
        acquire(budget, b, 1);
        assertThat(b.starts).as("it was away").isEqualTo(10);
    }

    @QueueTest
    void resumingTaskReceivesPermitBeforeTasksThatHaveNotStarted(Fixture fixture) throws Exception {
        SharedPermits budget = new SharedPermits(1);
        SharedPermits.Holder a = holder(fixture, budget, 9);
        SharedPermits.Holder b = holder(fixture, budget, 9);
        SharedPermits.Holder c = holder(fixture, budget, 0);
        assertThat(budget.reacquire(a, Timeout.of(0))).isTrue();
        assertWaits(budget, b);
        Fork<Boolean> goesOn = fixture.fork(() -> {
            assertThat(budget.reacquire(c, Timeout.of(Durations.FOREVER))).isTrue();
            return Thread.interrupted();
        });
        goesOn.awaitBlocked();
        assertThat(budget.owesPermit(a)).isTrue();
        goesOn.interrupt();
        Fixture.until("it has seen the interrupt", () -> !goesOn.thread().isInterrupted());
        goesOn.awaitBlocked();

        assertThat(budget.release(a)).isNull();
        assertThat(goesOn.get()).as("the interrupt is kept").isTrue();
        assertThat(c.held).isEqualTo(1);
        assertThat(budget.release(c)).isSameAs(b);
        assertThat(c.held).isZero();
    }
}
