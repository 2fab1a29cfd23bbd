package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests for all pairs of concurrent calls of a queue while its tasks run. A failure names the seed. To repeat it, set
 * {@code -Dworkerqueue.pairs.seed}. To run longer, set {@code -Dworkerqueue.pairs.repetitions}.
 */
class PairTests {

    private static final int REPETITIONS = Integer.getInteger("workerqueue.pairs.repetitions", 200);

    private static final long SEED = Long.getLong("workerqueue.pairs.seed", System.nanoTime());

    private static final int MAX_NANOS = 100_000;

    private static final int MOST_PUT_BY_A_CALL = 3;

    private static final Logger logger = (Logger) QueueLog.logger;

    private static @Nullable Level levelBefore;

    enum Call {
        PUT,
        OFFER,
        TIMED_OFFER,
        PUT_ALL,
        PUT_ASYNC,
        SUBMIT,
        JOIN,
        TIMED_JOIN,
        CANCEL,
        CLOSE,
        CLOSE_AT_ONCE;

        boolean closes() {
            return this == CLOSE || this == CLOSE_AT_ONCE;
        }
    }

    static Stream<Arguments> pairs() {
        return Fixture.all()
                .map(Fixture::isVirtual)
                .flatMap(virtual -> Stream.of(Call.values())
                        .flatMap(one -> Stream.of(Call.values())
                                .filter(other -> one.compareTo(other) <= 0)
                                .map(other -> Arguments.of(new Fixture(virtual), one, other))));
    }

    @BeforeAll
    static void suppressWarnings() {
        System.out.println("PairTests: seed " + SEED);
        levelBefore = logger.getLevel();
        logger.setLevel(Level.ERROR);
    }

    @AfterAll
    static void restoreLogLevel() {
        logger.setLevel(levelBefore);
    }

    @ParameterizedTest(name = "{1} and {2} on {0} threads")
    @MethodSource("pairs")
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void queueKeepsItsInvariantsWhenTwoCallsAreConcurrent(Fixture fixture, Call one, Call other) throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < REPETITIONS; i++) {
            Round round = new Round(fixture, new Random(random.nextLong()), one, other);
            try {
                round.run();
            } catch (Throwable ex) {
                throw new AssertionError("seed " + SEED + ", repetition " + i + ", " + round.queue, ex);
            }
        }
    }

    /** One repetition: a small queue with some tasks, and two concurrent calls. */
    private static final class Round {

        private final Fixture fixture;

        private final WorkerQueue<Integer> queue;

        private final List<Caller> callers = new ArrayList<>();

        private final AtomicInteger ready = new AtomicInteger();

        private final AtomicInteger numbers = new AtomicInteger();

        private final Queue<Integer> ran = new ConcurrentLinkedQueue<>();

        Round(Fixture fixture, Random random, Call one, Call other) {
            this.fixture = fixture;
            this.queue = fixture.open(1 + random.nextInt(2), 1 + random.nextInt(2));
            int before = random.nextInt(queue.workers() + queue.maxsize() + 1);
            for (int i = 0; i < before; i++) {
                callers.add(new Caller(this, Call.OFFER, Call.OFFER, random));
            }
            callers.add(new Caller(this, one, other, random));
            callers.add(new Caller(this, other, one, random));
        }

        void run() throws Exception {
            int last = callers.size() - 2;
            for (Caller before : callers.subList(0, last)) {
                before.call();
            }
            List<Fork<?>> forks = new ArrayList<>();
            for (Caller caller : callers.subList(last, last + 2)) {
                forks.add(fixture.forkAction(() -> {
                    ready.incrementAndGet();
                    while (ready.get() < 2) {
                        Ring.pause(ready.get() * 1_000);
                    }
                    caller.call();
                }));
            }
            for (Fork<?> fork : forks) {
                fork.get();
            }
            List<Integer> rest = queue.join();
            if (callers.stream().anyMatch(caller -> caller.call.closes())) {
                assertThatThrownBy(() -> queue.offer(() -> 0))
                        .as("after close nothing is accepted")
                        .isInstanceOf(QueueClosedException.class);
            }
            queue.close();
            check(rest);
        }

        private void check(List<Integer> rest) {
            List<Integer> joined = new ArrayList<>(rest);
            long fewest = 0;
            long most = 0;
            long futures = 0;
            for (Caller caller : callers) {
                joined.addAll(caller.joined);
                fewest += caller.accepted;
                most += caller.accepted + caller.perhaps;
                futures += caller.hasValue() ? 1 : 0;
            }
            QueueSnapshot figures = queue.snapshot();
            assertThat(figures.put())
                    .as("a put that returned counts, one that threw does not")
                    .isBetween(fewest, most);
            assertThat(figures.completed() + figures.failed() + figures.cancelled())
                    .as("what was put has completed, failed or been cancelled: %s", figures)
                    .isEqualTo(figures.put());
            assertThat(figures.failed()).as("no task fails").isZero();
            assertThat(joined).as("each result is returned once").doesNotHaveDuplicates();
            assertThat(joined.size() + futures)
                    .as("the results are those of the tasks that completed, and of no other: %s", figures)
                    .isEqualTo(figures.completed());
            assertThat(ran).as("no task runs twice").doesNotHaveDuplicates();
            assertThat(ran).as("a result is that of a task that ran").containsAll(joined);
            assertThat(figures.put() - ran.size())
                    .as("what was put has run or been cancelled: %s", figures)
                    .isBetween(0L, figures.cancelled());
        }
    }

    /** One call and its outcome. */
    private static final class Caller {

        private final Round round;

        private final Call call;

        private final Call other;

        private final Random random;

        private final List<Integer> joined = new ArrayList<>();

        private int accepted;

        /** Number of further tasks that a {@code putAll} may have put before it threw. */
        private int perhaps;

        private @Nullable CompletableFuture<Integer> future;

        Caller(Round round, Call call, Call other, Random random) {
            this.round = round;
            this.call = call;
            this.other = other;
            this.random = new Random(random.nextLong());
        }

        void call() throws Exception {
            try {
                call(round.queue);
            } catch (QueueClosedException ex) {
                assertThat(other.closes() && call.compareTo(Call.JOIN) < 0)
                        .as("%s beside %s was refused", call, other)
                        .isTrue();
            } catch (CancellationException ex) {
                assertThat(other == Call.CANCEL && call.compareTo(Call.JOIN) < 0)
                        .as("%s beside %s was cancelled", call, other)
                        .isTrue();
            } catch (TimeoutException ex) {
                assertThat(call).isEqualTo(Call.TIMED_JOIN);
            }
            assertThat(Thread.interrupted()).as("no interrupt is left").isFalse();
        }

        private void call(WorkerQueue<Integer> queue) throws Exception {
            switch (call) {
                case PUT -> {
                    queue.put(task());
                    accepted++;
                }
                case OFFER -> accepted += queue.offer(task()) ? 1 : 0;
                case TIMED_OFFER -> accepted += queue.offer(task(), someTime()) ? 1 : 0;
                case PUT_ALL -> putAll(queue);
                case PUT_ASYNC -> {
                    boolean late = random.nextBoolean();
                    Callable<Integer> task = task();
                    queue.putAsync(() -> stage(task.call(), late));
                    accepted++;
                }
                case SUBMIT -> {
                    future = queue.submit(task());
                    accepted++;
                }
                case JOIN -> joined.addAll(queue.join());
                case TIMED_JOIN -> joined.addAll(queue.join(someTime()));
                case CANCEL -> queue.cancel();
                case CLOSE -> queue.close();
                case CLOSE_AT_ONCE -> queue.close(Duration.ZERO);
            }
        }

        private void putAll(WorkerQueue<Integer> queue) throws Exception {
            List<Callable<Integer>> tasks = Stream.generate(this::task)
                    .limit(1 + random.nextInt(MOST_PUT_BY_A_CALL))
                    .toList();
            AtomicInteger taken = new AtomicInteger();
            boolean all = false;
            try {
                queue.putAll(
                        () -> tasks.stream()
                                .peek(task -> taken.incrementAndGet())
                                .iterator(),
                        Callable::call);
                all = true;
            } finally {
                perhaps = all ? 0 : 1;
                accepted = taken.get() - perhaps;
            }
        }

        private static CompletableFuture<Integer> stage(Integer value, boolean late) {
            return late ? CompletableFuture.supplyAsync(() -> value) : CompletableFuture.completedFuture(value);
        }

        private Duration someTime() {
            return Duration.ofNanos(random.nextInt(MAX_NANOS));
        }

        private Callable<Integer> task() {
            int number = round.numbers.getAndIncrement();
            int nanos = random.nextBoolean() ? 0 : random.nextInt(MAX_NANOS);
            return () -> {
                if (nanos > 0) {
                    LockSupport.parkNanos(nanos);
                }
                round.ran.add(number);
                return number;
            };
        }

        boolean hasValue() {
            CompletableFuture<Integer> submitted = future;
            if (submitted == null) {
                return false;
            }
            assertThat(submitted).as("a future of a queue that is closed").isDone();
            return !submitted.isCompletedExceptionally();
        }
    }
}
