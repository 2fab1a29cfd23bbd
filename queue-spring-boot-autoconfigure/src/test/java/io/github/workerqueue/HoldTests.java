package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.workerqueue.QueueLimit.Hold;
import io.github.workerqueue.QueueLimit.Paused;
import io.github.workerqueue.QueueLimit.Producer;
import io.github.workerqueue.QueueLimit.Workers;
import io.github.workerqueue.test.TestQueues;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for holds: waits that a failure asks for, and that apply to all queues of a name. */
class HoldTests {

    private static final String NAME = "riot";

    private static final Duration HOUR = Duration.ofHours(1);

    private static final Duration MOMENT = Duration.ofMillis(200);

    private static QueueFactory factory(Fixture fixture) {
        return factory(fixture, UnaryOperator.identity());
    }

    private static QueueFactory factory(Fixture fixture, UnaryOperator<QueueSettings> change) {
        QueueSettings settings =
                change.apply(fixture.settings().withWorkers(2).withMaxsize(10).withMaxHold(HOUR));
        return fixture.factory(builder -> builder.instance(NAME, settings));
    }

    /** Lets a task of the queue fail with a wait, and waits until this has held the name, or the hold is over. */
    private static Later hold(WorkerQueue<?> queue, Duration wait) throws InterruptedException {
        Later later = new Later(wait);
        queue.execute(() -> {
            throw later;
        });
        Fixture.until("the name is held", () -> isHeld(queue) || later.isOver());
        return later;
    }

    private static boolean isHeld(WorkerQueue<?> queue) {
        return queue.limits().stream().anyMatch(Hold.class::isInstance);
    }

    /** Waits until the queue has tried to start a task during a hold. */
    private static void awaitDelay(WorkerQueue<?> queue) {
        StartThrottle throttle = ((DefaultWorkerQueue<?>) queue).engine().throttle;
        Fixture.until("a start is delayed", throttle::isRateDelayed);
    }

    @QueueTest
    void queuesOfNameStartNoTaskBeforeHoldEnds(Fixture fixture) throws Exception {
        QueueFactory factory = factory(fixture);
        WorkerQueue<Long> queue = factory.open(NAME);
        WorkerQueue<Long> beside = factory.open(NAME);
        Later later = hold(queue, MOMENT);
        WorkerQueue<Long> opened = factory.open(NAME);
        List<WorkerQueue<Long>> held = List.of(queue, beside, opened);
        for (WorkerQueue<Long> each : held) {
            each.put(System::nanoTime);
            each.put(System::nanoTime);
        }

        for (WorkerQueue<Long> each : held) {
            assertThat(each.join())
                    .hasSize(2)
                    .allSatisfy(start -> assertThat(start - later.asked).isGreaterThanOrEqualTo(MOMENT.toNanos()));
            assertThat(each.limits()).containsExactly(new Producer());
        }
    }

    @QueueTest
    void otherNameStartsTasksDuringHold(Fixture fixture) throws Exception {
        QueueFactory factory = factory(fixture);
        hold(factory.open(NAME), HOUR);
        WorkerQueue<String> other = factory.open("other");
        other.put(() -> "started");

        assertThat(other.join()).containsExactly("started");
    }

    @QueueTest
    void laterFailureExtendsHoldButDoesNotShortenIt(Fixture fixture) throws Exception {
        QueueFactory factory = factory(fixture);
        WorkerQueue<Long> queue = factory.open(NAME);
        Later longer = new Later(MOMENT.multipliedBy(2));
        Later shorter = new Later(Duration.ofMillis(1));
        Blocker first = new Blocker();
        Blocker second = new Blocker();
        queue.execute(() -> failAfter(first, longer));
        queue.execute(() -> failAfter(second, shorter));
        first.awaitStarted();
        second.awaitStarted();
        hold(factory.open(NAME), Duration.ofMillis(50));
        first.release();
        Fixture.until("the longer wait is known", () -> longer.asked != 0);
        second.release();
        queue.put(System::nanoTime);

        assertThat(queue.join())
                .singleElement()
                .satisfies(start -> assertThat(start - longer.asked).isGreaterThanOrEqualTo(longer.wait.toNanos()));
        assertThat(shorter.asked).isNotZero();
    }

    private static void failAfter(Blocker blocker, Later later) throws Exception {
        blocker.run();
        throw later;
    }

    @QueueTest
    void nameIsHeldWhenTaskFailsWithoutRetryPolicy(Fixture fixture) throws Exception {
        Later later = new Later(HOUR);
        Callable<String> failing = () -> {
            throw new IOException(later);
        };
        CompletableFuture<String> stage = CompletableFuture.failedFuture(later);
        TaskOptions never = TaskOptions.defaults().withRetryPolicy(TaskRetryPolicy.NEVER);
        List<Put> puts = List.of(
                queue -> queue.put(failing),
                queue -> queue.put(failing, never),
                queue -> queue.putAsync(() -> stage),
                queue -> {
                    CompletableFuture<String> unused = queue.submit(failing);
                },
                queue -> {
                    Future<String> unused = queue.asExecutorService().submit(failing);
                });
        for (int i = 0; i < puts.size(); i++) {
            String name = "name-" + i;
            WorkerQueue<String> queue = fixture.factory().open(name, settings -> settings.withMaxHold(HOUR));
            puts.get(i).put(queue);
            queue.join();
            assertThat(queue.snapshot().failed()).as(name).isEqualTo(1);
            assertThat(isHeld(queue)).as(name).isTrue();
        }
        assertThat(fixture.failures).hasSize(3);
    }

    /** Put of a task that fails. */
    private interface Put {

        void put(WorkerQueue<String> queue) throws Exception;
    }

    @QueueTest
    void retryAfterHoldCountsAsNoAttemptTenTimesInRow(Fixture fixture) throws Exception {
        Queue<Integer> counted = new ConcurrentLinkedQueue<>();
        WorkerQueue<String> queue = open(fixture, counted);
        queue.execute(() -> {
            throw new Later(Duration.ofNanos(1));
        });
        queue.join();

        assertThat(counted).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3);
        assertThat(fixture.failures)
                .singleElement()
                .extracting(TaskFailure::attempts)
                .isEqualTo(13);
    }

    @QueueTest
    void otherFailureBeginsNewRowOfRetriesAfterHolds(Fixture fixture) throws Exception {
        Queue<Integer> counted = new ConcurrentLinkedQueue<>();
        WorkerQueue<String> queue = open(fixture, counted);
        AtomicInteger runs = new AtomicInteger();
        queue.execute(() -> {
            int run = runs.incrementAndGet();
            throw run == 11 ? new IOException("another failure") : new Later(Duration.ofNanos(1));
        });
        queue.join();

        assertThat(counted).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3);
    }

    /** Opens a queue with two retries, which notes the counted attempts. */
    private static WorkerQueue<String> open(Fixture fixture, Queue<Integer> counted) {
        return fixture.open(settings -> settings.withWorkers(1).withRetryPolicy((failure, attempts) -> {
            counted.add(attempts);
            return attempts <= 2 ? Duration.ZERO : null;
        }));
    }

    @QueueTest
    void retryStartsWhenHoldIsOver(Fixture fixture) throws Exception {
        WorkerQueue<Long> queue = factory(
                        fixture, settings -> settings.withRetryPolicy((failure, attempts) -> Duration.ZERO))
                .open(NAME);
        Later later = new Later(MOMENT);
        AtomicInteger runs = new AtomicInteger();
        queue.put(() -> {
            if (runs.incrementAndGet() == 1) {
                throw later;
            }
            return System.nanoTime();
        });

        assertThat(queue.join())
                .singleElement()
                .satisfies(start -> assertThat(start - later.asked).isGreaterThanOrEqualTo(MOMENT.toNanos()));
    }

    @QueueTest
    void failureHoldsNoNameWhenItsWaitIsLongerThanMaximum(Fixture fixture) throws Exception {
        Queue<Long> delays = new ConcurrentLinkedQueue<>();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void retried(String queue, int attempts, long delay, Throwable exception) {
                delays.add(delay);
            }
        }));
        WorkerQueue<String> queue = factory.open(settings -> settings.withMaxHold(Duration.ofMinutes(1))
                .withRetryPolicy((failure, attempts) -> attempts == 1 ? Duration.ofNanos(7) : null));
        queue.execute(() -> {
            throw new Later(Duration.ofMinutes(1).plusNanos(1));
        });
        queue.join();

        assertThat(delays).containsExactly(7L);
        assertThat(fixture.failures)
                .singleElement()
                .extracting(TaskFailure::attempts)
                .isEqualTo(2);
        assertThat(queue.limits()).containsExactly(new Producer());
    }

    @QueueTest
    void waitDelaysOnlyItsTaskWhenMaximumIsZero(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings -> settings.withWorkers(1)
                .withMaxHold(Duration.ZERO)
                .withRetryPolicy((failure, attempts) -> Duration.ZERO));
        queue.execute(() -> {
            throw new Later(HOUR);
        });
        CompletableFuture<String> next = queue.submit(() -> "next");

        assertThat(next.get()).isEqualTo("next");
        assertThat(queue.snapshot().retrying()).isEqualTo(1);
        assertThat(isHeld(queue)).isFalse();
        queue.cancel();
    }

    @QueueTest
    void closeRunsWaitingTasksDuringHold(Fixture fixture) throws Exception {
        QueueFactory factory = factory(fixture);
        WorkerQueue<String> queue = factory.open(NAME);
        hold(queue, HOUR);
        queue.put(() -> "a");
        queue.put(() -> "b");
        awaitDelay(queue);
        queue.close();
        assertThat(queue.join()).containsExactly("a", "b");

        WorkerQueue<String> open = factory.open(NAME);
        assertThat(isHeld(open)).as("the close of another queue ends no hold").isTrue();
        open.put(() -> "c");
        awaitDelay(open);
        factory.close();
        assertThat(open.join()).containsExactly("c");
    }

    @QueueTest
    void cancelEndsWaitingTasksDuringHold(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = factory(fixture).open(NAME);
        hold(queue, HOUR);
        queue.put(() -> "a");
        awaitDelay(queue);
        queue.cancel();

        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
        assertThat(isHeld(queue)).isTrue();
    }

    @QueueTest
    void deadlineEndsRoundDuringHold(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                factory(fixture, settings -> settings.withDeadline(MOMENT)).open(NAME);
        hold(queue, HOUR);
        queue.put(() -> "a");

        assertThatExceptionOfType(QueueDeadlineException.class).isThrownBy(queue::join);
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
    }

    @QueueTest
    void pausedQueueStartsNoTaskWhenHoldIsOver(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = factory(fixture).open(NAME);
        hold(queue, MOMENT);
        queue.pause();
        queue.put(() -> "a");
        Fixture.until("the hold is over", () -> !isHeld(queue));

        assertThat(queue.limits()).containsExactly(new Paused());
        queue.resume();
        assertThat(queue.join()).containsExactly("a");
    }

    @QueueTest
    void resumedQueueStartsNoTaskDuringHold(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = factory(fixture).open(NAME);
        hold(queue, HOUR);
        queue.pause();
        queue.put(() -> "a");
        assertThat(queue.limits()).hasSize(2).startsWith(new Paused());
        queue.resume();
        awaitDelay(queue);

        assertThat(queue.depth()).isEqualTo(1);
        assertThat(queue.limits())
                .singleElement()
                .isInstanceOfSatisfying(
                        Hold.class, hold -> assertThat(hold.remaining()).isBetween(Duration.ofMinutes(59), HOUR));
        queue.cancel();
    }

    @QueueTest
    void holdIsLimitBeforeWorkersAndProducer(Fixture fixture) throws Exception {
        QueueFactory factory = factory(fixture);
        WorkerQueue<String> queue = factory.open(NAME);
        Blocker blocker = fixture.block(queue);
        hold(factory.open(NAME), HOUR);

        assertThat(queue.limits()).hasSize(2).endsWith(new Workers(2));
        blocker.release();
        queue.join();
        assertThat(queue.limits()).hasSize(2).endsWith(new Producer());
    }

    @QueueTest
    void queuesWithTotalWorkersAndRatesContinueAfterHold(Fixture fixture) throws Exception {
        QueueFactory factory = factory(
                fixture,
                settings -> settings.withTotalWorkers(1)
                        .withRateLimits(List.of(new RateLimit(1_000, Duration.ofSeconds(1)))));
        WorkerQueue<Integer> first = factory.open(NAME);
        WorkerQueue<Integer> second = factory.open(NAME);
        hold(first, MOMENT);
        first.putAll(List.of(1, 2, 3, 4, 5), item -> item);
        second.putAll(List.of(6, 7, 8, 9), item -> item);

        assertThat(first.join()).hasSize(5);
        assertThat(second.join()).hasSize(4);
    }

    @QueueTest
    void ringIsGuardedOnlyUntilFirstStartAfterHold(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = factory(fixture).open(NAME);
        QueueEngine engine = ((DefaultWorkerQueue<String>) queue).engine();
        assertThat(engine.ring.isGuarded()).isFalse();
        hold(queue, MOMENT);
        queue.put(() -> "a");
        queue.join();
        assertThat(engine.ring.isGuarded()).isFalse();

        hold(queue, HOUR);
        assertThat(engine.ring.isGuarded()).isTrue();
    }

    @Test
    @Timeout(20)
    void taskStartsDuringHoldWhenTasksRunInCallingThread() throws Exception {
        try (QueueFactory factory = TestQueues.inCallingThread();
                WorkerQueue<String> queue = factory.open()) {
            queue.execute(() -> {
                throw new Later(Duration.ofMinutes(1));
            });
            queue.put(() -> "next");
            assertThat(queue.join()).containsExactly("next");
        }
    }

    @QueueTest
    void holdIsLoggedOnceWhileItLasts(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = factory(fixture).open(NAME);
        Blocker both = new Blocker();
        queue.execute(() -> failAfter(both, new Later(HOUR)));
        queue.execute(() -> failAfter(both, new Later(HOUR)));
        both.awaitStarted(2);

        assertThat(FailureTests.logged(() -> {
                    both.release();
                    queue.join();
                }))
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly(
                        "INFO Queue 'riot': a failure asks for a wait; no task of this name starts for 60 min");
    }

    @Test
    @Timeout(20)
    void settingsRejectNegativeMaximum() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueueSettings.defaults().withMaxHold(Duration.ofSeconds(-1)))
                .withMessage("maxHold must be zero (no holds) or positive, but was -1 s");
        assertThat(QueueSettings.defaults().maxHold()).isEqualTo(Duration.ofMinutes(5));
        assertThat(QueueSettings.defaults().withMaxHold(Duration.ofSeconds(3)))
                .hasToString("QueueSettings[workers=25, maxsize=50, maxHold=3 s]");
    }

    /** Failure with a wait, which notes the time at which the queue asked for it. */
    private static final class Later extends IOException implements RetryAfter {

        private static final long serialVersionUID = 1L;

        private final transient Duration wait;

        private transient volatile long asked;

        Later(Duration wait) {
            super("later");
            this.wait = wait;
        }

        boolean isOver() {
            return asked != 0 && System.nanoTime() - asked > wait.toNanos();
        }

        @Override
        public Duration retryAfter() {
            asked = System.nanoTime();
            return wait;
        }
    }
}
