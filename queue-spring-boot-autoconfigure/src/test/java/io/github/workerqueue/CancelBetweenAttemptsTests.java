package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Tests for the cancellation of a submitted task between two attempts: rule 12 of {@code docs/reference/rules.md}. */
class CancelBetweenAttemptsTests {

    private static final int ROUNDS = 5_000;

    /** Shared exception, so that attempts follow each other as fast as possible. */
    private final IOException failure = new IOException("on purpose");

    private static final Duration LIMIT = Duration.ofSeconds(Fixture.DEADLINE_SECONDS);

    private static Random random(Fixture fixture, String test) {
        long seed = Long.getLong("workerqueue.stress.seed", System.nanoTime());
        System.out.println("CancelBetweenAttemptsTests." + test + " on " + fixture + " threads: seed " + seed);
        return new Random(seed);
    }

    private static WorkerQueue<String> open(Fixture fixture) {
        return fixture.open(settings ->
                settings.withWorkers(2).withMaxsize(4).withRetryPolicy((failure, attempts) -> Duration.ZERO));
    }

    /** Spins until a task has had some attempts, and then for a random time. */
    private static void spin(AtomicInteger runs, Random random) {
        int attempts = random.nextInt(4);
        while (runs.get() < attempts) {
            Thread.onSpinWait();
        }
        int times = random.nextInt(100);
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    @QueueTest
    void cancelEndsTaskWhenEveryAttemptFailsImmediately(Fixture fixture) throws Exception {
        Random random = random(fixture, "cancelEndsTaskWhenEveryAttemptFailsImmediately");
        WorkerQueue<String> queue = open(fixture);
        for (int round = 0; round < ROUNDS; round++) {
            AtomicInteger runs = new AtomicInteger();
            CompletableFuture<@Nullable Void> future = queue.submit(() -> {
                runs.incrementAndGet();
                throw failure;
            });
            spin(runs, random);

            boolean cancelled = future.cancel(true);

            assertThat(cancelled).as("round %d, run %d", round, runs.get()).isTrue();
            assertThat(future).as("round %d", round).isCancelled();
            assertThat(queue.join(LIMIT)).as("round %d", round).isEmpty();
            assertThat(queue.snapshot().cancelled()).isEqualTo(round + 1);
        }
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void cancelInterruptsAttemptThatItMeets(Fixture fixture) throws Exception {
        Random random = random(fixture, "cancelInterruptsAttemptThatItMeets");
        WorkerQueue<String> queue = open(fixture);
        for (int round = 0; round < ROUNDS; round++) {
            int failures = 3 + random.nextInt(10);
            AtomicInteger runs = new AtomicInteger();
            CompletableFuture<@Nullable Void> future = queue.submit(() -> {
                if (runs.incrementAndGet() <= failures) {
                    throw failure;
                }
                new CountDownLatch(1).await();
                return null;
            });
            spin(runs, random);

            assertThat(future.cancel(true)).as("round %d", round).isTrue();

            assertThat(queue.join(LIMIT))
                    .as("round %d, %d failures, run %d", round, failures, runs.get())
                    .isEmpty();
        }
        assertThat(queue.snapshot().cancelled()).isEqualTo(ROUNDS);
    }

    @QueueTest
    void cancelWithoutInterruptEndsNoRunningAttempt(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture);
        AtomicInteger runs = new AtomicInteger();
        Blocker second = new Blocker();
        CompletableFuture<String> future = queue.submit(() -> {
            if (runs.incrementAndGet() == 1) {
                throw new IOException("on purpose");
            }
            return "interrupted: " + second.runStubbornly();
        });
        second.awaitStarted();

        assertThat(future.cancel(false)).isFalse();

        second.release();
        assertThat(future.get()).isEqualTo("interrupted: false");
    }
}
