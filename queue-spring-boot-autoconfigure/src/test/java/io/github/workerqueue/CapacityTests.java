package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tests for the number of workers and the capacity: rule 1 of {@code docs/reference/rules.md}. */
class CapacityTests {

    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    @QueueTest
    void queueExceedsNeitherWorkersNorMaxsizeWhenManyProducersPut(Fixture fixture) throws Exception {
        int workers = 5;
        int maxsize = 7;
        int producers = 8;
        int tasks = 50_000;
        WorkerQueue<Integer> queue = fixture.open(workers, maxsize);
        AtomicInteger running = new AtomicInteger();
        AtomicLong returned = new AtomicLong();
        AtomicLong started = new AtomicLong();
        LongAccumulator mostRunning = new LongAccumulator(Math::max, 0);
        LongAccumulator deepest = new LongAccumulator(Math::max, 0);
        LongAccumulator mostAdmitted = new LongAccumulator(Math::max, 0);
        List<Fork<?>> forks = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            forks.add(fixture.forkAction(() -> {
                for (int i = 0; i < tasks / producers; i++) {
                    queue.execute(() -> {
                        long admitted = returned.get() - started.incrementAndGet();
                        mostAdmitted.accumulate(admitted);
                        mostRunning.accumulate(running.incrementAndGet());
                        deepest.accumulate(queue.depth());
                        if ((started.get() & 63) == 0) {
                            TimeUnit.MICROSECONDS.sleep(1);
                        }
                        running.decrementAndGet();
                    });
                    returned.incrementAndGet();
                }
            }));
        }
        for (Fork<?> fork : forks) {
            fork.get();
        }
        queue.join();

        assertThat(started).hasValue(tasks);
        assertThat(mostRunning.get()).isBetween(2L, (long) workers);
        assertThat(deepest.get()).isBetween(1L, (long) maxsize);
        assertThat(mostAdmitted.get()).isLessThanOrEqualTo(maxsize + workers);
    }

    @QueueTest
    void allWorkersRunConcurrentlyWhenTasksBlock(Fixture fixture) throws Exception {
        int workers = 25;
        WorkerQueue<Integer> queue = fixture.open(workers, 10);
        CyclicBarrier all = new CyclicBarrier(workers);

        for (int i = 0; i < 4 * workers; i++) {
            queue.put(all::await);
        }

        assertThat(queue.join()).hasSize(4 * workers);
    }

    @QueueTest
    void capacityIsExactWhetherOrNotItIsPowerOfTwo(Fixture fixture) throws Exception {
        for (int maxsize : new int[] {1, 2, 3, 7, 8, 50, 64, 100, 1000}) {
            WorkerQueue<Integer> queue = fixture.open(2, maxsize);
            Blocker blocker = fixture.block(queue);
            int accepted = 0;
            while (queue.offer(() -> 1)) {
                accepted++;
            }

            assertThat(accepted).isEqualTo(maxsize);
            assertThat(queue.depth()).isEqualTo(maxsize);
            assertThat(queue.active()).isEqualTo(2);
            blocker.release();
            assertThat(queue.join()).hasSize(maxsize);
        }
    }

    @QueueTest
    void putBlocksWhenQueueIsFull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        Blocker blocker = fixture.blockAndFill(queue);

        Fork<?> producer = fixture.forkAction(() -> queue.put(() -> "late"));
        Fixture.awaitBlockedProducers(queue, 1);
        producer.awaitBlocked();
        assertThat(queue.depth()).isEqualTo(2);

        blocker.release();
        producer.get();
        assertThat(queue.join()).containsExactly("late");
    }

    @QueueTest
    void blockedPutReturnsWhenSingleWorkerBecomesAvailable(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 50);
        Blocker first = new Blocker();
        Blocker second = new Blocker();
        queue.execute(first);
        queue.execute(second);
        first.awaitStarted();
        second.awaitStarted();
        queue.execute(second);
        fixture.fill(queue);
        Fork<?> producer = fixture.forkAction(() -> queue.execute(second));
        Fixture.awaitBlockedProducers(queue, 1);

        first.release();

        producer.get();
        assertThat(queue.depth()).isEqualTo(50);
        second.release();
    }

    @QueueTest
    void offerReturnsFalseWhenQueueIsFull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        fixture.blockAndFill(queue);

        assertThat(queue.offer(() -> "refused")).isFalse();

        assertThat(queue.depth()).isEqualTo(2);
        assertThat(queue.snapshot().rejected()).isEqualTo(1);
    }

    @QueueTest
    void timedOfferReturnsFalseWhenTimeoutExpires(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        fixture.blockAndFill(queue);

        long start = System.nanoTime();
        assertThat(queue.offer(() -> "refused", Duration.ofMillis(30))).isFalse();

        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
        assertThat(queue.snapshot().blockedProducers()).isZero();
        assertThat(queue.depth()).isEqualTo(2);
    }

    @QueueTest
    void timedOfferReturnsTrueWhenCapacityIsFreedBeforeTimeout(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        Blocker blocker = fixture.blockAndFill(queue);
        Fork<Boolean> producer = fixture.fork(() -> queue.offer(() -> "late", Duration.ofMinutes(1)));
        Fixture.awaitBlockedProducers(queue, 1);

        blocker.release();

        assertThat(producer.get()).isTrue();
        assertThat(queue.join()).containsExactly("late");
    }

    @QueueTest
    void offerDoesNotBlockWhenTimeoutIsZeroOrNegative(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 3);
        Blocker blocker = fixture.block(queue);
        List<Duration> timeouts = List.of(
                Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE));

        for (Duration timeout : timeouts.subList(0, 3)) {
            assertThat(queue.offer(() -> "accepted", timeout)).isTrue();
        }
        for (Duration timeout : timeouts) {
            assertThat(queue.offer(() -> "refused", timeout)).isFalse();
        }

        blocker.release();
        assertThat(queue.join()).containsExactly("accepted", "accepted", "accepted");
    }

    @QueueTest
    void timeoutMeansForeverWhenItExceedsLongNanoseconds(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(queue);
        Fork<Boolean> producer = fixture.fork(() -> queue.offer(() -> "late", FOREVER));
        Fork<List<String>> joiner = fixture.fork(() -> queue.join(FOREVER));
        Fixture.until("it waits without a limit", () -> producer.thread().getState() == Thread.State.WAITING);
        joiner.awaitBlocked();

        blocker.release();

        assertThat(producer.get()).isTrue();
        joiner.get();
        assertThat(queue.close(FOREVER)).isTrue();
    }

    @QueueTest
    void blockedProducerIsOvertakenByAtMostMaxsizeLaterPuts(Fixture fixture) throws Exception {
        int maxsize = 4;
        for (int round = 0; round < 50; round++) {
            WorkerQueue<String> queue = fixture.open(1, maxsize);
            Semaphore steps = new Semaphore(0);
            AtomicLong ran = new AtomicLong();
            AtomicLong place = new AtomicLong(-1);
            TaskAction step = () -> {
                steps.acquire();
                ran.incrementAndGet();
            };
            for (int i = 0; i <= maxsize; i++) {
                queue.execute(step);
            }
            Fork<?> waiter = fixture.forkAction(() -> queue.execute(() -> {
                steps.acquire();
                place.set(ran.getAndIncrement());
            }));
            Fixture.awaitBlockedProducers(queue, 1);
            long put = queue.snapshot().put();
            List<Fork<?>> greedy = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                greedy.add(fixture.forkAction(() -> {
                    while (place.get() < 0) {
                        queue.offer(() -> {
                            step.run();
                            return null;
                        });
                        LockSupport.parkNanos(1);
                    }
                }));
            }

            while (place.get() < 0) {
                steps.release();
                LockSupport.parkNanos(1);
            }

            assertThat(place.get() - put).as("overtaken in round %d", round).isBetween(0L, (long) maxsize);
            waiter.get();
            for (Fork<?> fork : greedy) {
                fork.get();
            }
            steps.release(1_000_000);
            queue.join();
        }
    }

    @QueueTest
    void allBlockedPutsAreAcceptedWhenWorkerBecomesAvailable(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(queue);
        List<Fork<?>> producers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            producers.add(fixture.forkAction(() -> queue.put(() -> number)));
            Fixture.awaitBlockedProducers(queue, i + 1);
        }

        blocker.release();

        for (Fork<?> producer : producers) {
            producer.get();
        }
        assertThat(queue.join()).hasSize(20).doesNotHaveDuplicates();
        assertThat(queue.snapshot().blockedProducers()).isZero();
    }

    @QueueTest
    void nextBlockedProducerPutsWhenFirstIsInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(queue);
        Fork<?> first = fixture.forkAction(() -> queue.put(() -> "first"));
        Fixture.awaitBlockedProducers(queue, 1);
        Fork<?> second = fixture.forkAction(() -> queue.put(() -> "second"));
        Fixture.awaitBlockedProducers(queue, 2);

        first.interrupt();

        assertThat(thrownBy(first)).isInstanceOf(InterruptedException.class);
        blocker.release();
        second.get();
        assertThat(queue.join()).containsExactly("second");
    }

    private static @Nullable Throwable thrownBy(Fork<?> fork) {
        try {
            fork.get();
            return null;
        } catch (Exception ex) {
            return ex;
        }
    }

    @QueueTest
    void putDelayedWaitsBeforeItPuts(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);

        long start = System.nanoTime();
        queue.putDelayed(() -> "late", Duration.ofMillis(20));

        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
        queue.putDelayed(() -> "at once", Duration.ZERO);
        assertThat(queue.join()).containsExactly("late", "at once");
    }

    @QueueTest
    void putDelayedThrowsWhenDelayIsNegative(Fixture fixture) {
        WorkerQueue<String> queue = fixture.open(1, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> queue.putDelayed(() -> "", Duration.ofNanos(-1)))
                .withMessageContaining("but was -0.000001 ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> queue.putDelayed(() -> "", Duration.ofSeconds(Long.MIN_VALUE)));
        assertThat(queue.counter()).isZero();
    }

    @QueueTest
    @SuppressWarnings("NullAway")
    void queueThrowsNullPointerExceptionWhenArgumentIsNull(Fixture fixture) {
        WorkerQueue<String> queue = fixture.open(1, 1);
        List<TaskAction> calls = List.of(
                () -> queue.put(null),
                () -> queue.put(null, TaskOptions.defaults()),
                () -> queue.put(() -> "", null),
                () -> queue.putDelayed(null, Duration.ZERO),
                () -> queue.putDelayed(() -> "", null),
                () -> queue.putAsync(null),
                () -> queue.putAll(null, item -> ""),
                () -> queue.putAll(List.of(1), null),
                () -> queue.offer(null),
                () -> queue.offer(null, Duration.ZERO),
                () -> queue.offer(() -> "", null),
                () -> queue.execute(null),
                () -> queue.executeAll(null, item -> {}),
                () -> queue.executeAll(List.of(1), null),
                () -> assertThat(queue.submit(null)).isNull(),
                () -> queue.join((Class<String>) null),
                () -> queue.join((Duration) null),
                () -> queue.join(String.class, null),
                () -> queue.close(null),
                () -> queue.asExecutorService().execute(null),
                () -> fixture.factory().open((String) null),
                () -> fixture.factory().settings(null),
                () -> fixture.factory().close(null));

        for (int i = 0; i < calls.size(); i++) {
            assertThatNullPointerException().as("call %d", i).isThrownBy(calls.get(i)::run);
        }
        assertThat(queue.counter()).isZero();
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.OPEN);
    }

    @QueueTest
    void workersAndMaxsizeAreAtLeastOne(Fixture fixture) throws Exception {
        assertThatIllegalArgumentException().isThrownBy(() -> fixture.open(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> fixture.open(1, 0));

        WorkerQueue<Integer> queue = fixture.open(1, 1);
        List<Integer> items = List.of(1, 2, 3, 4, 5);
        queue.putAll(items, item -> item);
        assertThat(queue.join()).isEqualTo(items);
    }

    @QueueTest
    void putAllTakesNextItemWhenPreviousTaskIsAccepted(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 3);
        Blocker blocker = fixture.block(queue);
        AtomicInteger taken = new AtomicInteger();
        Iterable<Integer> endless =
                () -> Stream.generate(taken::incrementAndGet).iterator();
        Fork<?> producer = fixture.forkAction(() -> queue.putAll(endless, item -> item));
        Fixture.awaitBlockedProducers(queue, 1);
        assertThat(taken).hasValue(4);

        producer.interrupt();

        assertThat(thrownBy(producer)).isInstanceOf(InterruptedException.class);
        blocker.release();
        assertThat(queue.join()).containsExactly(1, 2, 3);
        assertThat(taken).hasValue(4);
    }
}
