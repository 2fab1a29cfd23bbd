package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Who is given the permits of a budget. The queues are paused, so that it is the test that takes them and gives them back. */
class BudgetPermitTests {

    private static final int WORKERS = 3;

    private static Share share(Fixture fixture, Budget budget, int tasks) throws InterruptedException {
        WorkerQueue<Integer> queue = fixture.open(WORKERS, 10);
        queue.pause();
        for (int i = 0; i < tasks; i++) {
            queue.execute(() -> {});
        }
        List<Engine> engines = ((DefaultQueueFactory) fixture.factory()).engines();
        return new Share(engines.get(engines.size() - 1), budget);
    }

    private static void take(Budget budget, Share share, int permits) {
        for (int i = 0; i < permits; i++) {
            assertThat(budget.take(share)).isTrue();
        }
    }

    private static void want(Budget budget, Share... shares) {
        for (Share share : shares) {
            assertThat(budget.take(share)).isFalse();
        }
    }

    @QueueTest
    void whatNobodyWantsIsFree(Fixture fixture) throws Exception {
        Budget budget = new Budget(2);
        Share a = share(fixture, budget, 1);
        take(budget, a, 2);
        assertThat(budget.isOwed(a)).isFalse();

        assertThat(budget.giveBack(a)).isNull();
        take(budget, a, 1);
        want(budget, a);
    }

    @QueueTest
    void whatIsGivenBackGoesToWhoHoldsFewestThenToWhoWasServedLeast(Fixture fixture) throws Exception {
        Budget budget = new Budget(3);
        Share a = share(fixture, budget, 9);
        Share b = share(fixture, budget, 9);
        Share c = share(fixture, budget, 9);
        take(budget, a, 3);
        want(budget, c, b);

        assertThat(budget.giveBack(a)).isSameAs(b);
        assertThat(budget.giveBack(a)).isSameAs(c);
        budget.used(b);
        assertThat(budget.giveBack(a)).isSameAs(c);
    }

    @QueueTest
    void whoHasTasksForMoreGoesOnWanting(Fixture fixture) throws Exception {
        Budget budget = new Budget(5);
        Share a = share(fixture, budget, 0);
        Share one = share(fixture, budget, 1);
        Share many = share(fixture, budget, 9);
        take(budget, a, 5);
        want(budget, one, many);

        assertThat(budget.giveBack(a)).isSameAs(one);
        for (int held = 0; held < WORKERS; held++) {
            assertThat(budget.giveBack(a)).isSameAs(many);
        }
        assertThat(budget.giveBack(a)).isNull();
        take(budget, a, 1);
    }

    @QueueTest
    void whoGivesOneBackGoesOnWanting(Fixture fixture) throws Exception {
        Budget budget = new Budget(2);
        Share a = share(fixture, budget, 9);
        take(budget, a, 2);
        want(budget, a);

        assertThat(budget.giveBack(a)).isSameAs(a);
        assertThat(budget.giveBack(a)).isSameAs(a);
    }

    @QueueTest
    void aPermitIsMeantForOneTask(Fixture fixture) throws Exception {
        Budget budget = new Budget(3);
        Share a = share(fixture, budget, 0);
        Share b = share(fixture, budget, 1);
        take(budget, a, 3);
        want(budget, b);
        assertThat(budget.giveBack(a)).isSameAs(b);
        want(budget, b);
        assertThat(budget.giveBack(a)).as("its task has one").isNull();

        take(budget, a, 1);
        want(budget, b);
        budget.used(b);
        assertThat(budget.giveBack(a)).as("another waits").isSameAs(b);
    }

    @QueueTest
    void whoHasNoTasksAnyMoreIsPassedOver(Fixture fixture) throws Exception {
        Budget budget = new Budget(2);
        Share a = share(fixture, budget, 0);
        Share b = share(fixture, budget, 0);
        Share c = share(fixture, budget, 1);
        take(budget, a, 2);
        want(budget, b, c);

        assertThat(budget.giveBack(a)).isSameAs(c);
        assertThat(budget.isOwed(a)).isFalse();
        assertThat(budget.giveBack(a)).isNull();
    }

    @QueueTest
    void whoDeclinesPassesItOnAndWantsNoMore(Fixture fixture) throws Exception {
        Budget budget = new Budget(2);
        Share a = share(fixture, budget, 0);
        Share b = share(fixture, budget, 9);
        Share c = share(fixture, budget, 1);
        take(budget, a, 2);
        want(budget, b, c);

        assertThat(budget.giveBack(a)).isSameAs(b);
        assertThat(budget.decline(b)).isSameAs(c);
        assertThat(budget.giveBack(a)).isNull();
    }

    @QueueTest
    void aPermitIsOwedToWhoWouldStillHoldFewerOrAsManyAndWasServedLess(Fixture fixture) throws Exception {
        Budget budget = new Budget(3);
        Share a = share(fixture, budget, 9);
        Share b = share(fixture, budget, 9);
        take(budget, a, 3);
        want(budget, a);
        assertThat(budget.isOwed(a)).as("nobody else wants").isFalse();
        want(budget, b);
        assertThat(budget.isOwed(a)).as("3 beside 0").isTrue();
        assertThat(budget.isOwed(b)).as("0 beside 3").isFalse();

        assertThat(budget.giveBack(a)).isSameAs(b);
        assertThat(budget.isOwed(a)).as("2 beside 1, served alike").isFalse();
        budget.used(a);
        assertThat(budget.isOwed(a)).as("2 beside 1, served more").isTrue();
        budget.used(b);
        assertThat(budget.isOwed(a)).as("2 beside 1, served alike").isFalse();
        assertThat(budget.isOwed(b)).as("1 beside 2").isFalse();
    }

    @QueueTest
    void aNewcomerCountsAsServedAsTheOneThatWasServedLeast(Fixture fixture) throws Exception {
        Budget budget = new Budget(2);
        Share a = share(fixture, budget, 9);
        Share b = share(fixture, budget, 9);
        take(budget, a, 1);
        for (int i = 0; i < 5; i++) {
            budget.used(a);
        }
        take(budget, b, 1);
        assertThat(b.served).isEqualTo(5);
        budget.used(b);
        assertThat(budget.giveBack(b)).isNull();
        take(budget, b, 1);
        assertThat(b.served).as("it was served more").isEqualTo(6);

        assertThat(budget.giveBack(b)).isNull();
        for (int i = 0; i < 5; i++) {
            budget.used(a);
        }
        take(budget, b, 1);
        assertThat(b.served).as("it was away").isEqualTo(10);
    }

    @QueueTest
    void aTaskThatGoesOnComesBeforeThoseThatAreStillToStart(Fixture fixture) throws Exception {
        Budget budget = new Budget(1);
        Share a = share(fixture, budget, 9);
        Share b = share(fixture, budget, 9);
        Share c = share(fixture, budget, 0);
        assertThat(budget.takeBack(a, Timeout.of(0))).isTrue();
        want(budget, b);
        Fork<Boolean> goesOn = fixture.fork(() -> {
            assertThat(budget.takeBack(c, Timeout.of(Engine.FOREVER))).isTrue();
            return Thread.interrupted();
        });
        goesOn.awaitBlocked();
        assertThat(budget.isOwed(a)).isTrue();
        goesOn.interrupt();
        Fixture.until("it has seen the interrupt", () -> !goesOn.thread().isInterrupted());
        goesOn.awaitBlocked();

        assertThat(budget.giveBack(a)).isNull();
        assertThat(goesOn.get()).as("the interrupt is kept").isTrue();
        assertThat(c.held).isEqualTo(1);
        assertThat(budget.giveBack(c)).isSameAs(b);
        assertThat(c.held).isZero();
    }
}
