package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Tests for the total workers of a name: rule 13 of {@code docs/reference/rules.md}. */
class TotalWorkersTests {

    private static final String NAME = "riot";

    private static QueueFactory factory(Fixture fixture, int workers, int total) {
        QueueSettings riot = fixture.settings().withWorkers(workers).withTotalWorkers(total);
        return fixture.factory(builder -> builder.instance(NAME, riot));
    }

    private static Steps put(Fixture fixture, WorkerQueue<Integer> queue, int tasks) {
        Steps steps = new Steps();
        fixture.forkAction(() -> {
            for (int i = 0; i < tasks; i++) {
                queue.execute(steps);
            }
        });
        return steps;
    }

    @QueueTest
    void queuesOfNameShareTotalWorkers(Fixture fixture) {
        QueueFactory factory = factory(fixture, 4, 6);
        List<Steps> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(put(fixture, factory.open(NAME), 8));
        }
        WorkerQueue<Integer> other = factory.open("other");
        Steps others = put(fixture, other, 3);

        awaitRunning(all, 6);
        Fixture.until("another name is not concerned", () -> others.running() == 3);
        while (running(all) > 0) {
            assertThat(running(all)).isLessThanOrEqualTo(6);
            all.forEach(Steps::step);
            Fixture.until("as many as may run again", () -> running(all) == Math.min(6, left(all, 8)));
        }
        assertThat(all).allMatch(steps -> steps.ended() == 8);
        others.step();
    }

    @QueueTest
    void waitingQueueHoldsItsShareOfPermitsWhenRunningTasksHaveEnded(Fixture fixture) {
        for (int total : new int[] {1, 2, 3, 7, 10, 12}) {
            QueueFactory factory = factory(fixture, 20, total);
            List<Steps> all = new ArrayList<>();
            for (int queues = 1; queues <= 4; queues++) {
                all.add(put(fixture, factory.open(NAME), 10_000));
                Fixture.until("it waits", () -> factory.queues().stream().allMatch(queue -> queue.depth() > 20));
                step(all, total);
                awaitRunning(all, total);
                for (Steps steps : all) {
                    assertThat(steps.running())
                            .as(queues + " queues, " + total + " permits")
                            .isGreaterThanOrEqualTo(total / queues);
                }
            }
            factory.close(Duration.ZERO);
        }
    }

    @QueueTest
    void tasksFinishInTimeWhenOtherQueuesHaveLongBacklogs(Fixture fixture) {
        for (int total : new int[] {1, 2, 4, 5, 10, 30}) {
            QueueFactory factory = factory(fixture, 30, total);
            List<Steps> all = new ArrayList<>();
            all.add(put(fixture, factory.open(NAME), 10_000));
            all.add(put(fixture, factory.open(NAME), 10_000));
            awaitRunning(all, total);
            for (int i = 0; i < 5; i++) {
                step(all, total);
            }
            WorkerQueue<Integer> late = factory.open(NAME);
            Steps ten = put(fixture, late, 10);
            all.add(ten);
            Fixture.until("they wait", () -> late.counter() == 10);

            int most = (int) Math.ceil(10 / (total / 3.0)) + 1;
            int steps = 0;
            while (ten.ended() < 10) {
                assertThat(++steps).as(total + " permits").isLessThanOrEqualTo(most);
                step(all, total);
            }
            factory.close(Duration.ZERO);
        }
    }

    @QueueTest
    void queueUsesAllTotalWorkersWhenOthersAreIdle(Fixture fixture) {
        QueueFactory factory = factory(fixture, 20, 9);
        List<Steps> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(put(fixture, factory.open(NAME), 9));
        }
        while (left(all, 9) > 0) {
            step(all, Math.min(9, left(all, 9)));
        }
        Steps last = put(fixture, factory.open(NAME), 20);
        awaitRunning(List.of(last), 9);
        last.step();
        awaitRunning(List.of(last), 9);
        last.step();
        awaitRunning(List.of(last), 2);
        last.step();
    }

    @QueueTest
    void nestedQueuesOfNameDoNotDeadlock(Fixture fixture) throws Exception {
        for (int total = 1; total <= 3; total++) {
            QueueFactory factory = factory(fixture, 4, total);
            try (WorkerQueue<Integer> queue = factory.open(NAME)) {
                queue.putAll(List.of(1, 2, 3, 4, 5, 6), item -> nested(factory, item, 2));
                assertThat(queue.join()).containsExactly(9, 18, 27, 36, 45, 54);
            }
        }
    }

    /** Returns the item times three to the power of the depth. Each level opens a queue of its own with three tasks. */
    private static int nested(QueueFactory factory, int item, int depth) throws Exception {
        if (depth == 0) {
            return item;
        }
        try (WorkerQueue<Integer> queue =
                factory.open(NAME, settings -> settings.withWorkers(2).withMaxsize(1))) {
            for (int i = 0; i < 3; i++) {
                queue.put(() -> nested(factory, item, depth - 1));
            }
            return queue.join().stream().mapToInt(Integer::intValue).sum();
        }
    }

    @QueueTest
    void taskLendsPermitWhenItWaitsForFutureOfOtherQueue(Fixture fixture) throws Exception {
        QueueFactory factory = factory(fixture, 4, 1);
        WorkerQueue<String> outer = factory.open(NAME);
        WorkerQueue<String> inner = factory.open(NAME);
        outer.put(() -> inner.submit(() -> "got").get());
        outer.put(() -> inner.submit(() -> "got in time").get(10, TimeUnit.SECONDS));
        outer.put(() -> inner.submit(() -> "joined").join());

        assertThat(outer.join()).containsExactly("got", "got in time", "joined");
    }

    @QueueTest
    void taskTakesBackLentPermitBeforeItResumes(Fixture fixture) throws Exception {
        QueueFactory factory = factory(fixture, 4, 2);
        WorkerQueue<Integer> outer = factory.open(NAME);
        WorkerQueue<Integer> inner = factory.open(NAME);
        WorkerQueue<Integer> beside = factory.open(NAME);
        Blocker innermost = new Blocker();
        CountDownLatch joined = new CountDownLatch(1);
        inner.execute(innermost);
        innermost.awaitStarted();
        outer.execute(() -> {
            inner.join();
            joined.countDown();
        });
        Steps others = put(fixture, beside, 100);
        awaitRunning(List.of(others), 1);

        innermost.release();
        Fixture.until("the permits are in use", () -> joined.getCount() == 0 || others.running() == 2);
        Fixture.until("it has its permit again when one task has ended", () -> {
            others.step();
            return joined.getCount() == 0;
        });
        outer.join();
        while (others.ended() < 100) {
            assertThat(others.running()).isLessThanOrEqualTo(2);
            others.step();
        }
    }

    @QueueTest
    void taskTakesBackPermitWhenAnyBlockingCallReturns(Fixture fixture) throws Exception {
        QueueFactory factory = factory(fixture, 4, 1);
        WorkerQueue<Integer> outer = factory.open(NAME);
        WorkerQueue<Integer> inner = factory.open(NAME, settings -> settings.withMaxsize(1));
        ExecutorService view = inner.asExecutorService();
        List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2, () -> 3, () -> 4);
        List<TaskAction> waits = List.of(
                () -> inner.putAll(List.of(1, 2, 3, 4), item -> item),
                inner::join,
                () -> view.invokeAll(tasks),
                () -> view.invokeAny(tasks),
                view::shutdown,
                () -> view.awaitTermination(10, TimeUnit.SECONDS));
        outer.put(() -> {
            CurrentTask task = Objects.requireNonNull(CurrentTask.ofThread());
            for (TaskAction wait : waits) {
                wait.run();
                assertThat(task.lendsPermit()).isFalse();
            }
            return 0;
        });

        outer.join();
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void taskLendsPermitOnlyOnceDuringInvokeAll(Fixture fixture) throws Exception {
        QueueFactory factory = factory(fixture, 4, 1);
        WorkerQueue<Integer> outer = factory.open(NAME);
        WorkerQueue<Integer> inner = factory.open(NAME, settings -> settings.withMaxsize(1));
        AtomicInteger running = new AtomicInteger();
        Callable<Integer> task = () -> {
            int beside = running.getAndIncrement();
            LockSupport.parkNanos(100_000);
            running.decrementAndGet();
            return beside;
        };
        outer.put(() -> {
            int most = 0;
            for (Future<Integer> future : inner.asExecutorService().invokeAll(Collections.nCopies(20, task))) {
                most = Math.max(most, future.get());
            }
            return most;
        });

        assertThat(outer.join()).containsExactly(0);
    }

    @QueueTest
    void cancelledTasksAndCompletedStagesReleaseTheirPermits(Fixture fixture) throws Exception {
        QueueFactory factory = factory(fixture, 4, 3);
        WorkerQueue<Integer> queue = factory.open(NAME);
        WorkerQueue<Integer> other = factory.open(NAME);
        for (int i = 0; i < 50; i++) {
            Blocker blocker = new Blocker();
            queue.execute(blocker);
            queue.putAsync(CompletableFuture::new);
            queue.putAsync(() -> CompletableFuture.completedFuture(1));
            queue.execute(blocker);
            queue.execute(blocker);
            other.put(() -> 1);
            queue.cancel();
            queue.join();
            other.join();
        }
        WorkerQueue<Integer> last = factory.open(NAME);
        Steps steps = put(fixture, last, 3);
        awaitRunning(List.of(steps), 3);
        steps.step();
    }

    @QueueTest
    void totalWorkersHoldAndAllTasksRunUnderRandomLoad(Fixture fixture) throws Exception {
        long seed = Long.getLong("workerqueue.stress.seed", System.nanoTime());
        System.out.println("TotalWorkersTests on " + fixture + " threads: seed " + seed);
        Random random = new Random(seed);
        int total = 1 + random.nextInt(6);
        QueueFactory factory = factory(fixture, 5, total);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        List<Fork<@Nullable Void>> users = new ArrayList<>();
        for (int user = 0; user < 6; user++) {
            Random own = new Random(random.nextLong());
            users.add(fixture.forkAction(() -> {
                for (int round = 0; round < 30; round++) {
                    try (WorkerQueue<Integer> queue = factory.open(NAME)) {
                        int tasks = own.nextInt(60);
                        for (int i = 0; i < tasks; i++) {
                            boolean nest = own.nextInt(20) == 0;
                            boolean slow = own.nextInt(10) == 0;
                            queue.put(() -> {
                                if (nest) {
                                    nested(factory, 1, 1);
                                }
                                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                if (slow) {
                                    TimeUnit.MICROSECONDS.sleep(100);
                                }
                                running.decrementAndGet();
                                return ran.incrementAndGet();
                            });
                        }
                        if (own.nextBoolean()) {
                            queue.resize(1 + own.nextInt(8));
                        }
                        assertThat(queue.join()).hasSize(tasks);
                    }
                }
            }));
        }
        for (Fork<@Nullable Void> user : users) {
            user.get();
        }
        assertThat(most.get()).as("seed " + seed).isLessThanOrEqualTo(total);
        assertThat(ran.get()).as("seed " + seed).isPositive();

        Steps steps = put(fixture, factory.open(NAME, settings -> settings.withWorkers(10)), total);
        awaitRunning(List.of(steps), total);
        steps.step();
    }

    @QueueTest
    void openThrowsWhenTotalWorkersDifferFromThoseOfName(Fixture fixture) {
        QueueFactory factory = factory(fixture, 4, 6);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.open(NAME, settings -> settings.withTotalWorkers(7)))
                .withMessageStartingWith(
                        "totalWorkers of queue 'riot' must be 6 as in the settings of its name, but was 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.open(NAME, settings -> settings.withTotalWorkers(null)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.open("other", settings -> settings.withTotalWorkers(7)));
        assertThat(factory.queues()).isEmpty();
    }

    private static void step(List<Steps> all, int total) {
        awaitRunning(all, total);
        all.forEach(Steps::freeze);
        all.forEach(Steps::stepFrozen);
        Fixture.until("those have ended", () -> all.stream().allMatch(Steps::frozenHaveEnded));
    }

    private static void awaitRunning(List<Steps> all, int count) {
        Fixture.until(count + " run", () -> running(all) == count);
    }

    private static int running(List<Steps> all) {
        return all.stream().mapToInt(Steps::running).sum();
    }

    private static int left(List<Steps> all, int each) {
        return all.stream().mapToInt(steps -> each - steps.ended()).sum();
    }

    /** Task whose running instances all end when the test calls {@link #step}. */
    private static final class Steps implements TaskAction {

        private final List<CountDownLatch> running = new ArrayList<>();

        private List<CountDownLatch> frozen = List.of();

        private int ended;

        private int endedBefore;

        @Override
        public void run() throws InterruptedException {
            CountDownLatch end = new CountDownLatch(1);
            synchronized (this) {
                running.add(end);
            }
            end.await();
            synchronized (this) {
                running.remove(end);
                ended++;
            }
        }

        synchronized int running() {
            return running.size();
        }

        synchronized int ended() {
            return ended;
        }

        synchronized void freeze() {
            frozen = List.copyOf(running);
            endedBefore = ended;
        }

        void stepFrozen() {
            frozen.forEach(CountDownLatch::countDown);
        }

        synchronized boolean frozenHaveEnded() {
            return ended == endedBefore + frozen.size();
        }

        void step() {
            freeze();
            stepFrozen();
            Fixture.until("those have ended", this::frozenHaveEnded);
        }
    }
}
