package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stress test with a random mix of all operations. A failure names the seed. To repeat it, set
 * {@code -Dworkerqueue.stress.seed}. To run longer, set {@code -Dworkerqueue.stress.seconds}.
 */
class StressTests {

    private static final int PRODUCERS = 4;

    private static final int MAX_WORKERS = 6;

    @QueueTest
    void queueKeepsOrderAndLimitsAndLosesNoTaskUnderRandomLoad(Fixture fixture) throws Exception {
        long seed = Long.getLong("workerqueue.stress.seed", System.nanoTime());
        System.out.println("StressTests on " + fixture + " threads: seed " + seed);
        Random random = new Random(seed);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("workerqueue.stress.seconds", 2));
        int rounds = 0;
        QueueFactory factory = fixture.factory(builder -> withTotals(builder, fixture.settings()));
        long tasks = 0;
        while (rounds == 0 || System.nanoTime() - end < 0) {
            try {
                tasks += new Round(fixture, factory, random.nextLong()).run();
            } catch (Throwable ex) {
                throw new AssertionError("seed " + seed + ", round " + rounds, ex);
            }
            rounds++;
        }
        System.out.println("StressTests on " + fixture + " threads: " + rounds + " rounds, " + tasks + " tasks");
    }

    /** Names with a digit have that number of total workers, and "rated" names have rate limits. */
    private static QueueFactory.Builder withTotals(QueueFactory.Builder builder, QueueSettings settings) {
        QueueSettings rated = settings.withRateLimits(
                List.of(new RateLimit(20, Duration.ofNanos(200_000)), new RateLimit(150, Duration.ofMillis(2))));
        builder.instance("any rated", rated);
        for (int total = 1; total <= MAX_WORKERS; total++) {
            builder.instance(String.valueOf(total), settings.withTotalWorkers(total));
            builder.instance(total + " rated", rated.withTotalWorkers(total));
        }
        return builder;
    }

    private static final class Round {

        private final Random random;

        private final Fixture fixture;

        private final int total;

        private final int maxsize;

        private final WorkerQueue<int[]> queue;

        private final AtomicInteger running = new AtomicInteger();

        private final LongAccumulator mostRunning = new LongAccumulator(Math::max, 0);

        private final LongAccumulator deepest = new LongAccumulator(Math::max, 0);

        private final AtomicLong put = new AtomicLong();

        private final AtomicLong handled = new AtomicLong();

        private final AtomicLong abandoned = new AtomicLong();

        private final LongAccumulator mostWorkers = new LongAccumulator(Math::max, 0);

        private final Set<Integer> results = ConcurrentHashMap.newKeySet();

        private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

        private final Queue<CompletableFuture<int[]>> stages = new ConcurrentLinkedQueue<>();

        private final Queue<CompletableFuture<int[]>> submitted = new ConcurrentLinkedQueue<>();

        private final AtomicInteger numbers = new AtomicInteger();

        private final AtomicBoolean done = new AtomicBoolean();

        private final boolean children;

        private final boolean cancels;

        private final boolean resizes;

        private final boolean failFast;

        private final boolean deadline;

        private final boolean closes;

        private final boolean retries;

        Round(Fixture fixture, QueueFactory factory, long seed) {
            this.fixture = fixture;
            this.random = new Random(seed);
            int workers = 1 + random.nextInt(MAX_WORKERS);
            this.total = random.nextInt(3) == 0 ? 1 + random.nextInt(MAX_WORKERS) : 0;
            this.maxsize = 1 + random.nextInt(random.nextBoolean() ? 4 : 60);
            this.children = random.nextBoolean();
            this.cancels = random.nextBoolean();
            this.resizes = random.nextInt(3) == 0;
            this.failFast = random.nextInt(6) == 0;
            this.deadline = random.nextInt(6) == 0;
            this.closes = random.nextInt(6) == 0;
            this.retries = random.nextInt(3) == 0;
            boolean timeouts = random.nextInt(6) == 0;
            boolean rated = random.nextInt(4) == 0;
            mostWorkers.accumulate(workers);
            this.queue = factory.open(
                    (total == 0 ? "any" : String.valueOf(total)) + (rated ? " rated" : ""),
                    settings -> settings.withWorkers(workers)
                            .withMaxsize(maxsize)
                            .withFailFast(failFast)
                            .withDeadline(deadline ? Duration.ofMillis(1) : null)
                            .withTaskTimeout(timeouts ? Duration.ofNanos(100_000) : null)
                            .withRetryPolicy(retries ? Round::delay : null)
                            .withAbandonedTaskHandler(task -> abandoned.incrementAndGet())
                            .withExceptionHandler(failure -> handled.incrementAndGet()));
        }

        private static @Nullable Duration delay(Throwable failure, int attempts) {
            return attempts < 3 ? Duration.ofNanos(attempts * 50_000L - 50_000) : null;
        }

        /** Returns whether puts and tasks may be cancelled. */
        private boolean mayCancel() {
            return cancels || failFast || deadline;
        }

        long run() throws Exception {
            List<Fork<?>> forks = new ArrayList<>();
            List<Fork<?>> producers = new ArrayList<>();
            for (int p = 0; p < PRODUCERS; p++) {
                int producer = p;
                Random own = new Random(random.nextLong());
                producers.add(fixture.forkAction(() -> produce(producer, own)));
            }
            forks.add(fixture.forkAction(this::completeStages));
            for (int j = 0; j < 2; j++) {
                Random own = new Random(random.nextLong());
                forks.add(fixture.forkAction(() -> join(own)));
            }
            if (cancels) {
                Random own = new Random(random.nextLong());
                forks.add(fixture.forkAction(() -> cancel(own)));
            }
            if (resizes) {
                Random own = new Random(random.nextLong());
                forks.add(fixture.forkAction(() -> resize(own)));
            }
            if (closes) {
                Random own = new Random(random.nextLong());
                forks.add(fixture.forkAction(() -> close(own)));
            }
            for (Fork<?> producer : producers) {
                producer.get();
            }
            fixture.forkAction(() -> {
                        queue.resume();
                        take(queue::join);
                    })
                    .get();
            done.set(true);
            for (Fork<?> fork : forks) {
                fork.get();
            }
            queue.resume();
            check();
            try {
                queue.close();
            } catch (QueueFailedException ex) {
                wrong.add("told twice");
            }
            return put.get();
        }

        private void check() throws Exception {
            take(queue::join);
            Fixture.until("what was abandoned has ended", () -> {
                QueueSnapshot figures = queue.snapshot();
                return figures.completed() + figures.failed() + figures.cancelled() == figures.put();
            });
            QueueSnapshot figures = queue.snapshot();
            assertThat(wrong).isEmpty();
            assertThat(mostRunning.get()).isLessThanOrEqualTo(total == 0 ? mostWorkers.get() : total);
            if (closes && !mayCancel()) {
                assertThat(abandoned.get()).isEqualTo(figures.cancelled());
            } else {
                assertThat(abandoned.get()).isLessThanOrEqualTo(closes ? figures.cancelled() : 0);
            }
            if (!children && !retries) {
                assertThat(deepest.get()).isLessThanOrEqualTo(maxsize);
            }
            assertThat(figures.put()).isEqualTo(put.get());
            assertThat(figures.depth() + figures.active() + figures.overflow() + figures.blockedProducers())
                    .as("%s", figures)
                    .isZero();
            assertThat(figures.completed() + figures.failed() + figures.cancelled())
                    .as("%s", figures)
                    .isEqualTo(figures.put());
            assertThat(submitted).allMatch(CompletableFuture::isDone);
            long failedFutures = submitted.stream()
                    .filter(future -> future.isCompletedExceptionally() && !future.isCancelled())
                    .count();
            assertThat(handled.get() + failedFutures).isEqualTo(figures.failed());
            if (!mayCancel() && !closes) {
                assertThat(submitted).noneMatch(CompletableFuture::isCancelled);
                assertThat(figures.cancelled()).isZero();
            }
        }

        private void produce(int producer, Random random) throws Exception {
            for (int i = 0; i < 300; i++) {
                try {
                    if (putOne(producer, i, random)) {
                        put.incrementAndGet();
                    }
                } catch (CancellationException | QueueFailedException ex) {
                    if (!mayCancel()) {
                        throw ex;
                    }
                } catch (QueueClosedException ex) {
                    if (!closes) {
                        throw ex;
                    }
                    return;
                }
            }
        }

        private boolean putOne(int producer, int i, Random random) throws InterruptedException {
            int[] result = {producer, i, numbers.getAndIncrement()};
            switch (random.nextInt(12)) {
                case 0 -> queue.put(() -> body(null));
                case 1 ->
                    queue.put(() -> {
                        body(null);
                        throw new IOException();
                    });
                case 2 ->
                    queue.put(() -> {
                        LockSupport.parkNanos(20_000);
                        return body(result);
                    });
                case 3 ->
                    queue.putAsync(() -> {
                        body(null);
                        CompletableFuture<int[]> stage = new CompletableFuture<>();
                        stages.add(stage);
                        return stage.thenApply(nothing -> result);
                    });
                case 4 -> queue.putAsync(() -> CompletableFuture.completedFuture(body(result)));
                case 5 -> {
                    return queue.offer(() -> body(result));
                }
                case 6 -> {
                    return queue.offer(() -> body(result), Duration.ofNanos(random.nextInt(200_000)));
                }
                case 7 -> submitted.add(queue.submit(() -> body(result)));
                case 8 ->
                    submitted.add(queue.submit(() -> {
                        body(null);
                        throw new IOException();
                    }));
                case 9 ->
                    queue.put(() -> {
                        Thread.currentThread().interrupt();
                        return body(result);
                    });
                case 10 -> {
                    int count = children ? random.nextInt(8) : 0;
                    queue.put(() -> {
                        body(null);
                        for (int c = 0; c < count; c++) {
                            putChild();
                        }
                        return result;
                    });
                }
                default -> queue.put(() -> body(result));
            }
            return true;
        }

        private void putChild() throws InterruptedException {
            int number = numbers.getAndIncrement();
            try {
                queue.put(() -> body(new int[] {-1, 0, number}));
                put.incrementAndGet();
            } catch (CancellationException | QueueFailedException ex) {
                if (!mayCancel()) {
                    throw ex;
                }
            } catch (QueueClosedException ex) {
                if (!closes) {
                    throw ex;
                }
            }
        }

        private int @Nullable [] body(int @Nullable [] result) {
            mostRunning.accumulate(running.incrementAndGet());
            deepest.accumulate(queue.depth());
            running.decrementAndGet();
            return result;
        }

        private void completeStages() {
            while (!done.get()) {
                CompletableFuture<int[]> stage = stages.poll();
                if (stage == null) {
                    LockSupport.parkNanos(20_000);
                } else {
                    stage.complete(new int[0]);
                }
            }
        }

        private void join(Random random) throws Exception {
            while (!done.get()) {
                try {
                    take(() -> queue.join(Duration.ofNanos(random.nextInt(500_000))));
                } catch (TimeoutException ex) {
                    LockSupport.parkNanos(20_000);
                }
                queue.responses();
            }
        }

        private void resize(Random random) {
            while (!done.get()) {
                LockSupport.parkNanos(random.nextInt(300_000));
                switch (random.nextInt(3)) {
                    case 0 -> queue.pause();
                    case 1 -> queue.resume();
                    default -> {
                        int count = 1 + random.nextInt(MAX_WORKERS);
                        mostWorkers.accumulate(count);
                        queue.resize(count);
                    }
                }
            }
        }

        private void close(Random random) {
            LockSupport.parkNanos(random.nextInt(5_000_000));
            try {
                queue.close(Duration.ofNanos(random.nextInt(1_000_000)));
            } catch (QueueFailedException ex) {
                if (!failFast) {
                    wrong.add("failed fast: " + ex);
                }
            }
        }

        private void take(Callable<List<int[]>> join) throws Exception {
            try {
                take(join.call());
            } catch (QueueFailedException ex) {
                assertThat(failFast).isTrue();
                take(ints(ex.results()));
            } catch (QueueDeadlineException ex) {
                assertThat(deadline).isTrue();
                take(ints(ex.results()));
            }
        }

        private static List<int[]> ints(List<Object> results) {
            return results.stream().map(int[].class::cast).toList();
        }

        private void cancel(Random random) {
            while (!done.get()) {
                LockSupport.parkNanos(random.nextInt(2_000_000));
                queue.cancel();
                CompletableFuture<int[]> future = submitted.peek();
                if (future != null) {
                    future.cancel(random.nextBoolean());
                }
            }
        }

        private void take(List<int[]> list) {
            int[] last = new int[PRODUCERS];
            Arrays.fill(last, -1);
            for (int[] result : list) {
                if (!results.add(result[2])) {
                    wrong.add("returned twice: " + result[2]);
                }
                if (result[0] >= 0) {
                    if (result[1] <= last[result[0]]) {
                        wrong.add("out of order: " + result[1] + " after " + last[result[0]]);
                    }
                    last[result[0]] = result[1];
                }
            }
        }
    }
}
