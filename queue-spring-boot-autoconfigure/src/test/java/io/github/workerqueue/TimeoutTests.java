package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests for the smallest and largest timeouts of every method that takes one. */
class TimeoutTests {

    private static final List<Duration> NOT_POSITIVE = List.of(
            Duration.ZERO, Duration.ofNanos(-1), Duration.ofNanos(Long.MIN_VALUE), Duration.ofSeconds(Long.MIN_VALUE));

    private static final List<Duration> HUGE =
            List.of(Duration.ofNanos(Long.MAX_VALUE), Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));

    private static final List<TimeUnit> UNITS = List.of(TimeUnit.NANOSECONDS, TimeUnit.SECONDS, TimeUnit.DAYS);

    private static final List<Time> NOT_POSITIVE_TIMES = times(0, -1, Long.MIN_VALUE);

    private static final List<Time> HUGE_TIMES = times(Long.MAX_VALUE);

    private static final Callable<String> TASK = () -> "value";

    private static List<Time> times(long... amounts) {
        List<Time> times = new ArrayList<>();
        for (long amount : amounts) {
            UNITS.forEach(unit -> times.add(new Time(amount, unit)));
        }
        return times;
    }

    private record Time(long amount, TimeUnit unit) {}

    @Test
    void timeoutIsExpiredWhenItIsNotPositive() {
        for (long nanos : new long[] {0, -1, Long.MIN_VALUE, Long.MIN_VALUE + 1}) {
            Timeout timeout = Timeout.of(nanos);
            assertThat(timeout.remaining()).as("%d", nanos).isZero();
            assertThat(timeout.isExpired()).as("%d", nanos).isTrue();
            assertThat(timeout.isEndless()).as("%d", nanos).isFalse();
        }
    }

    @Test
    void timeoutNeverExpiresWhenItIsEndless() {
        Timeout timeout = Timeout.of(Durations.FOREVER);

        assertThat(timeout.remaining()).isEqualTo(Long.MAX_VALUE);
        assertThat(timeout.isExpired()).isFalse();
        assertThat(timeout.isEndless()).isTrue();
    }

    @Test
    void timeoutOfLongTimeDecreasesWithoutOverflow() {
        Timeout timeout = Timeout.of(Long.MAX_VALUE - 1);

        long first = timeout.remaining();
        Fixture.until("time has passed", () -> timeout.remaining() < first);
        assertThat(timeout.remaining()).isGreaterThan(Long.MAX_VALUE - TimeUnit.MINUTES.toNanos(1));
        assertThat(timeout.isExpired()).isFalse();
        assertThat(timeout.isEndless()).isFalse();
    }

    @Test
    void timeoutExpiresAfterItsTime() {
        long start = System.nanoTime();
        Timeout timeout = Timeout.of(TimeUnit.MILLISECONDS.toNanos(5));

        Fixture.until("it has expired", timeout::isExpired);

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
        assertThat(timeout.remaining()).isZero();
    }

    /** Asserts that a call waits until the worker of the queue is released. Returns the value of the call. */
    private static <R> R assertWaits(Fixture fixture, Blocker blocker, Callable<R> call) throws Exception {
        Fork<R> waiting = fixture.fork(call);
        waiting.awaitBlocked();
        blocker.release();
        return waiting.get();
    }

    @QueueTest
    void offerDoesNotWaitWhenTimeoutIsNotPositive(Fixture fixture) throws Exception {
        for (Duration timeout : NOT_POSITIVE) {
            WorkerQueue<String> queue = fixture.open(1, 2);
            fixture.block(queue);
            assertThat(queue.offer(TASK, timeout)).as("with room, %s", timeout).isTrue();
            fixture.fill(queue);

            assertThat(queue.offer(TASK, timeout)).as("%s", timeout).isFalse();

            assertThat(queue.snapshot().rejected()).isEqualTo(1);
        }
    }

    @QueueTest
    void offerWaitsWhenTimeoutIsHuge(Fixture fixture) throws Exception {
        for (Duration timeout : HUGE) {
            WorkerQueue<String> queue = fixture.open(1, 1);
            Blocker blocker = fixture.blockAndFill(queue);

            assertThat(assertWaits(fixture, blocker, () -> queue.offer(TASK, timeout)))
                    .as("%s", timeout)
                    .isTrue();
        }
    }

    @QueueTest
    void putDelayedThrowsWhenDelayIsNegative(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        for (Duration delay : NOT_POSITIVE) {
            if (delay.isNegative()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> queue.putDelayed(TASK, delay))
                        .withMessageContaining("delay");
            }
        }
        queue.putDelayed(TASK, Duration.ZERO);

        assertThat(queue.join()).containsExactly("value");
        assertThat(queue.snapshot().put()).isEqualTo(1);
    }

    @QueueTest
    void putDelayedWaitsWhenDelayIsHuge(Fixture fixture) throws Exception {
        for (Duration delay : HUGE) {
            WorkerQueue<String> queue = fixture.open(1, 1);
            Fork<?> producer = fixture.forkAction(() -> queue.putDelayed(TASK, delay));
            producer.awaitBlocked();

            queue.cancel();

            assertThatThrownBy(producer::get).as("%s", delay).isInstanceOf(CancellationException.class);
            assertThat(queue.snapshot().put()).isZero();
        }
    }

    @QueueTest
    void joinDoesNotWaitWhenTimeoutIsNotPositive(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        for (Duration timeout : NOT_POSITIVE) {
            assertThat(queue.join(timeout)).as("%s", timeout).isEmpty();
            assertThat(queue.join(String.class, timeout)).as("%s", timeout).isEmpty();
        }
        fixture.block(queue);
        for (Duration timeout : NOT_POSITIVE) {
            assertThatThrownBy(() -> queue.join(timeout)).as("%s", timeout).isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> queue.join(String.class, timeout))
                    .as("%s", timeout)
                    .isInstanceOf(TimeoutException.class);
        }
    }

    @QueueTest
    void joinWaitsWhenTimeoutIsHuge(Fixture fixture) throws Exception {
        for (Duration timeout : HUGE) {
            for (TaskFunction<WorkerQueue<String>, List<String>> join :
                    List.<TaskFunction<WorkerQueue<String>, List<String>>>of(
                            queue -> queue.join(timeout), queue -> queue.join(String.class, timeout))) {
                WorkerQueue<String> queue = fixture.open(1, 1);
                Blocker blocker = fixture.block(queue);
                queue.put(TASK);

                assertThat(assertWaits(fixture, blocker, () -> join.apply(queue)))
                        .as("%s", timeout)
                        .containsExactly("value");
            }
        }
    }

    /** Close methods with a timeout. */
    private static final List<Close> CLOSES = List.of(
            (factory, queue, timeout) -> queue.close(timeout),
            (factory, queue, timeout) -> factory.close(timeout),
            (factory, queue, timeout) -> QueueFactory.closeAll(List.of(factory), timeout),
            (factory, queue, timeout) -> QueueFactory.closeAll(List.of(queue.asExecutorService()), timeout));

    @QueueTest
    void closeDoesNotWaitWhenTimeoutIsNotPositive(Fixture fixture) throws Exception {
        for (Duration timeout : NOT_POSITIVE) {
            for (Close close : CLOSES) {
                QueueFactory idle = fixture.factory(builder -> builder);
                assertThat(close.close(idle, fixture.open(idle, 1, 1), timeout))
                        .as("idle, %s", timeout)
                        .isTrue();
                QueueFactory factory = fixture.factory(builder -> builder);
                WorkerQueue<String> queue = fixture.open(factory, 1, 1);
                fixture.blockAndFill(queue);

                assertThat(close.close(factory, queue, timeout))
                        .as("%s", timeout)
                        .isFalse();

                Fixture.until("both are cancelled", () -> queue.snapshot().cancelled() == 2);
            }
        }
    }

    @QueueTest
    void closeWaitsWhenTimeoutIsHuge(Fixture fixture) throws Exception {
        for (Duration timeout : HUGE) {
            for (Close close : CLOSES) {
                QueueFactory factory = fixture.factory(builder -> builder);
                WorkerQueue<String> queue = fixture.open(factory, 1, 1);
                Blocker blocker = fixture.blockAndFill(queue);

                assertThat(assertWaits(fixture, blocker, () -> close.close(factory, queue, timeout)))
                        .as("%s", timeout)
                        .isTrue();

                assertThat(queue.snapshot().completed()).isEqualTo(2);
            }
        }
    }

    @QueueTest
    void awaitTerminationDoesNotWaitWhenTimeoutIsNotPositive(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        fixture.block(queue);
        ExecutorService view = queue.asExecutorService();
        view.shutdown();
        for (Time time : NOT_POSITIVE_TIMES) {
            assertThat(view.awaitTermination(time.amount, time.unit))
                    .as("%s", time)
                    .isFalse();
        }
    }

    @QueueTest
    void awaitTerminationWaitsWhenTimeoutIsHuge(Fixture fixture) throws Exception {
        for (Time time : HUGE_TIMES) {
            WorkerQueue<String> queue = fixture.open(1, 1);
            Blocker blocker = fixture.block(queue);
            ExecutorService view = queue.asExecutorService();
            view.shutdown();

            assertThat(assertWaits(fixture, blocker, () -> view.awaitTermination(time.amount, time.unit)))
                    .as("%s", time)
                    .isTrue();
        }
    }

    @QueueTest
    void invocationDoesNotWaitWhenTimeoutIsNotPositive(Fixture fixture) throws Exception {
        for (int room = 0; room <= 3; room += 3) {
            WorkerQueue<String> queue = fixture.open(1, 3);
            fixture.block(queue);
            while (queue.depth() < queue.maxsize() - room) {
                queue.put(TASK);
            }
            ExecutorService view = queue.asExecutorService();
            for (Time time : NOT_POSITIVE_TIMES) {
                assertThat(view.invokeAll(Collections.nCopies(3, TASK), time.amount, time.unit))
                        .as("%s", time)
                        .hasSize(3)
                        .allMatch(Future::isCancelled);
                assertThatThrownBy(() -> view.invokeAny(Collections.nCopies(3, TASK), time.amount, time.unit))
                        .as("%s", time)
                        .isInstanceOf(TimeoutException.class);
            }
        }
    }

    @QueueTest
    void invocationWaitsWhenTimeoutIsHuge(Fixture fixture) throws Exception {
        for (Time time : HUGE_TIMES) {
            WorkerQueue<String> queue = fixture.open(1, 1);
            ExecutorService view = queue.asExecutorService();

            List<Future<String>> all = assertWaits(
                    fixture,
                    fixture.blockAndFill(queue),
                    () -> view.invokeAll(Collections.nCopies(3, TASK), time.amount, time.unit));

            for (Future<String> future : all) {
                assertThat(future.get()).isEqualTo("value");
            }
            assertThat(assertWaits(
                            fixture,
                            fixture.blockAndFill(queue),
                            () -> view.invokeAny(Collections.nCopies(3, TASK), time.amount, time.unit)))
                    .as("%s", time)
                    .isEqualTo("value");
        }
    }

    /** Submits tasks that wait behind the blocked one. Returns their futures and a derived future. */
    private static List<Future<String>> futures(WorkerQueue<String> queue) throws InterruptedException {
        CompletableFuture<String> submitted = queue.submit(TASK);
        return List.of(
                submitted,
                submitted.thenApply(value -> value),
                queue.asExecutorService().submit(TASK));
    }

    @QueueTest
    void getDoesNotWaitWhenTimeoutIsNotPositive(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker blocker = fixture.block(queue);
        List<Future<String>> futures = futures(queue);
        for (Time time : NOT_POSITIVE_TIMES) {
            for (Future<String> future : futures) {
                assertThatThrownBy(() -> future.get(time.amount, time.unit))
                        .as("%s", time)
                        .isInstanceOf(TimeoutException.class);
            }
        }
        blocker.release();
        queue.join();
        for (Future<String> future : futures) {
            assertThat(future.get(Long.MIN_VALUE, TimeUnit.DAYS)).isEqualTo("value");
        }
    }

    @QueueTest
    void getWaitsWhenTimeoutIsHuge(Fixture fixture) throws Exception {
        for (Time time : HUGE_TIMES) {
            WorkerQueue<String> queue = fixture.open(1, 10);
            Blocker blocker = fixture.block(queue);
            List<Fork<String>> waiting = new ArrayList<>();
            for (Future<String> future : futures(queue)) {
                waiting.add(fixture.fork(() -> future.get(time.amount, time.unit)));
            }
            waiting.forEach(Fork::awaitBlocked);

            blocker.release();

            for (Fork<String> fork : waiting) {
                assertThat(fork.get()).as("%s", time).isEqualTo("value");
            }
        }
    }

    @Test
    @Tag("engine")
    void settingsThrowWhenTimeIsNotPositive() {
        QueueSettings settings = QueueSettings.defaults();
        for (Duration time : NOT_POSITIVE) {
            assertThatIllegalArgumentException().as("%s", time).isThrownBy(() -> settings.withTaskTimeout(time));
            assertThatIllegalArgumentException().as("%s", time).isThrownBy(() -> settings.withDeadline(time));
            assertThatIllegalArgumentException().as("%s", time).isThrownBy(() -> new RateLimit(1, time));
        }
    }

    @QueueTest
    void tasksRunWhenTimeoutAndDeadlineAreHuge(Fixture fixture) throws Exception {
        for (Duration time : HUGE) {
            WorkerQueue<String> queue = fixture.open(
                    settings -> settings.withWorkers(1).withTaskTimeout(time).withDeadline(time));
            queue.put(TASK);
            queue.putAsync(() -> CompletableFuture.completedFuture("stage"));

            assertThat(queue.join()).as("%s", time).containsExactly("value", "stage");
            assertThat(queue.close(Duration.ofMinutes(1))).isTrue();
        }
    }

    @QueueTest
    void taskWaitsWhenPeriodOfRateLimitIsHuge(Fixture fixture) throws Exception {
        for (Duration time : HUGE) {
            QueueFactory factory = fixture.factory(
                    builder -> builder.defaults(fixture.settings().withRateLimits(List.of(new RateLimit(1, time)))));
            WorkerQueue<String> queue = factory.open();
            queue.put(TASK);
            queue.put(() -> "has no permit");
            Fixture.until("the first has run", () -> queue.responses().size() == 1);

            assertThatThrownBy(() -> queue.join(Duration.ofMillis(20)))
                    .as("%s", time)
                    .isInstanceOf(TimeoutException.class);
            assertThat(queue.close(Duration.ZERO)).isFalse();

            assertThat(queue.join()).containsExactly("value");
            assertThat(queue.snapshot().cancelled()).isEqualTo(1);
        }
    }

    @QueueTest
    void taskIsRetriedImmediatelyWhenDelayIsNotPositive(Fixture fixture) throws Exception {
        for (Duration delay : NOT_POSITIVE) {
            WorkerQueue<String> queue =
                    fixture.open(settings -> settings.withWorkers(1).withRetryPolicy((failure, attempts) -> delay));
            queue.put(RetryTests.failing(new AtomicInteger(), 3, "done"));

            assertThat(queue.join()).as("%s", delay).containsExactly("done");
        }
    }

    @QueueTest
    void taskWaitsUntilItIsAbandonedWhenRetryDelayIsHuge(Fixture fixture) throws Exception {
        for (Duration delay : HUGE) {
            List<AbandonedTask> abandoned = Collections.synchronizedList(new ArrayList<>());
            WorkerQueue<String> queue = fixture.open(settings -> settings.withWorkers(1)
                    .withRetryPolicy((failure, attempts) -> delay)
                    .withAbandonedTaskHandler(abandoned::add));
            AtomicInteger runs = new AtomicInteger();
            queue.put(
                    () -> {
                        runs.incrementAndGet();
                        throw new IOException("on purpose");
                    },
                    TaskOptions.named("waits"));
            RetryTests.awaitRetry(queue, runs, 1);

            assertThat(queue.close(Duration.ofMillis(20))).as("%s", delay).isFalse();

            assertThat(runs).hasValue(1);
            assertThat(abandoned).containsExactly(new AbandonedTask("default", 0, "waits", true));
        }
    }

    /** Close of a queue or of its factory, with a timeout. */
    @FunctionalInterface
    private interface Close {

        boolean close(QueueFactory factory, WorkerQueue<String> queue, Duration timeout);
    }
}
