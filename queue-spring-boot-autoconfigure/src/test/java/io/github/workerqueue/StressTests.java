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
 * Everything at once, in a random mix. A failure names the seed; {@code -Dworkerqueue.stress.seed} runs it again and
 * {@code -Dworkerqueue.stress.seconds} makes it longer.
 */
class StressTests {

    private static final int PRODUCERS = 4;

    @QueueTest
    void whateverTheMixNothingIsLostRepeatedOrOutOfOrderAndTheBoundsHold(Fixture fixture) throws Exception {
        long seed = Long.getLong("workerqueue.stress.seed", System.nanoTime());
        System.out.println("StressTests on " + fixture + " threads: seed " + seed);
        Random random = new Random(seed);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("workerqueue.stress.seconds", 2));
        int rounds = 0;
        while (rounds == 0 || System.nanoTime() - end < 0) {
            try {
                new Round(fixture, random.nextLong()).run();
            } catch (Throwable ex) {
                throw new AssertionError("seed " + seed + ", round " + rounds, ex);
            }
            rounds++;
        }
    }

    private static final class Round {

        private final Random random;

        private final Fixture fixture;

        private final int workers;

        private final int maxsize;

        private final WorkerQueue<int[]> queue;

        private final AtomicInteger running = new AtomicInteger();

        private final LongAccumulator mostRunning = new LongAccumulator(Math::max, 0);

        private final LongAccumulator deepest = new LongAccumulator(Math::max, 0);

        private final AtomicLong put = new AtomicLong();

        private final AtomicLong handled = new AtomicLong();

        private final Set<Integer> results = ConcurrentHashMap.newKeySet();

        private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

        private final Queue<CompletableFuture<int[]>> stages = new ConcurrentLinkedQueue<>();

        private final Queue<CompletableFuture<int[]>> submitted = new ConcurrentLinkedQueue<>();

        private final AtomicInteger numbers = new AtomicInteger();

        private final AtomicBoolean done = new AtomicBoolean();

        private final boolean children;

        private final boolean cancels;

        Round(Fixture fixture, long seed) {
            this.fixture = fixture;
            this.random = new Random(seed);
            this.workers = 1 + random.nextInt(6);
            this.maxsize = 1 + random.nextInt(random.nextBoolean() ? 4 : 60);
            this.children = random.nextBoolean();
            this.cancels = random.nextBoolean();
            this.queue = fixture.open(settings -> settings.withWorkers(workers)
                    .withMaxsize(maxsize)
                    .withExceptionHandler(failure -> handled.incrementAndGet()));
        }

        void run() throws Exception {
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
            for (Fork<?> producer : producers) {
                producer.get();
            }
            Fork<?> last = fixture.forkAction(() -> take(queue.join()));
            last.get();
            done.set(true);
            for (Fork<?> fork : forks) {
                fork.get();
            }
            check();
            queue.close();
        }

        private void check() throws InterruptedException {
            take(queue.join());
            QueueSnapshot figures = queue.snapshot();
            assertThat(wrong).isEmpty();
            assertThat(mostRunning.get()).isLessThanOrEqualTo(workers);
            if (!children) {
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
            if (!cancels) {
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
                } catch (CancellationException ex) {
                    if (!cancels) {
                        throw ex;
                    }
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
            } catch (CancellationException ex) {
                if (!cancels) {
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

        private void join(Random random) throws InterruptedException {
            while (!done.get()) {
                try {
                    take(queue.join(Duration.ofNanos(random.nextInt(500_000))));
                } catch (TimeoutException ex) {
                    LockSupport.parkNanos(20_000);
                }
                queue.responses();
            }
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
