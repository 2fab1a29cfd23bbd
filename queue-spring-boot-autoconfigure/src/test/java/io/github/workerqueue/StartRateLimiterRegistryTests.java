package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests for rate limits of the queues of a name: rule 13 of {@code docs/reference/rules.md}. */
class StartRateLimiterRegistryTests {

    private static final List<RateLimit> LIMITS =
            List.of(new RateLimit(5, Duration.ofMillis(60)), new RateLimit(12, Duration.ofMillis(240)));

    @QueueTest
    void rateLimitHoldsAcrossAllQueuesOfName(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder ->
                builder.defaults(fixture.settings().withRateLimits(List.of(new RateLimit(3, Duration.ofHours(1))))));
        WorkerQueue<Integer> one = fixture.open(factory, settings -> settings);
        WorkerQueue<Integer> other = fixture.open(factory, settings -> settings);
        AtomicInteger started = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            one.execute(started::incrementAndGet);
            other.execute(started::incrementAndGet);
        }
        Fixture.until("three have run", () -> started.get() == 3 && one.active() + other.active() == 0);
        assertThat(one.depth() + other.depth()).isEqualTo(3);
    }

    @QueueTest
    void tasksStartWhenPeriodIsOver(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, new RateLimit(2, Duration.ofMillis(3)));
        for (int i = 0; i < 20; i++) {
            int value = i;
            queue.put(() -> value);
        }
        assertThat(queue.join()).hasSize(20).isSorted();
    }

    @QueueTest
    void tasksBeyondRateLimitWaitWithoutWorker(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, new RateLimit(2, Duration.ofHours(1)));
        AtomicInteger started = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
            queue.execute(started::incrementAndGet);
        }
        Fixture.until("two have run", () -> started.get() == 2 && queue.active() == 0);
        assertThat(queue.depth()).isEqualTo(3);
        queue.cancel();
        assertThat(queue.join()).isEmpty();
        assertThat(started).hasValue(2);
    }

    @QueueTest
    void retryCountsAsStart(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder -> builder.defaults(fixture.settings()
                .withRateLimits(List.of(new RateLimit(2, Duration.ofHours(1))))
                .withRetryPolicy((failure, attempts) -> Duration.ZERO)));
        WorkerQueue<Integer> queue = fixture.open(factory, settings -> settings.withWorkers(1));
        AtomicInteger started = new AtomicInteger();
        queue.put(() -> {
            started.incrementAndGet();
            throw new IOException("always");
        });
        Fixture.until("it ran twice", () -> started.get() == 2 && queue.active() == 0);
        assertThat(queue.depth()).isOne();
    }

    @QueueTest
    void rateLimitOutlivesQueuesOfName(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder ->
                builder.defaults(fixture.settings().withRateLimits(List.of(new RateLimit(2, Duration.ofHours(1))))));
        try (WorkerQueue<Integer> queue = factory.open("riot")) {
            queue.execute(() -> {});
            queue.execute(() -> {});
        }
        try (WorkerQueue<Integer> unlimited = factory.open("other")) {
            unlimited.execute(() -> {});
            unlimited.execute(() -> {});
        }
        WorkerQueue<Integer> later = factory.open("riot");
        AtomicInteger started = new AtomicInteger();
        later.execute(started::incrementAndGet);
        assertThat(later.close(Duration.ofMillis(50))).isFalse();
        assertThat(started).hasValue(0);
    }

    @QueueTest
    void totalWorkersHoldWhenNameHasRateLimit(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder -> builder.defaults(fixture.settings()
                .withWorkers(4)
                .withTotalWorkers(2)
                .withRateLimits(List.of(new RateLimit(5, Duration.ofMillis(5))))));
        WorkerQueue<Integer> one = fixture.open(factory, settings -> settings);
        WorkerQueue<Integer> other = fixture.open(factory, settings -> settings);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            for (WorkerQueue<Integer> queue : List.of(one, other)) {
                queue.execute(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                });
            }
        }
        one.join();
        other.join();
        assertThat(one.snapshot().completed() + other.snapshot().completed()).isEqualTo(100);
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void openThrowsWhenRateLimitsDifferFromThoseOfName() {
        try (QueueFactory factory = QueueFactory.create(QueueSettings.defaults())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> factory.open("riot", settings -> settings.withRateLimits(LIMITS)))
                    .withMessageContaining("rateLimits of queue 'riot' must be [] as in the settings of its name")
                    .withMessageContaining("but was [RateLimit[permits=5, per=");
        }
    }

    @Test
    void rateLimitThrowsWhenValueIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimit(0, Duration.ofSeconds(1)))
                .withMessage("permits must be between 1 and 1,000,000, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimit(1_000_001, Duration.ofSeconds(1)))
                .withMessage("permits must be between 1 and 1,000,000, but was 1,000,001");
        assertThat(new RateLimit(1_000_000, Duration.ofNanos(1)).permits()).isEqualTo(1_000_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimit(1, Duration.ZERO))
                .withMessage("per must be positive, but was 0 ms");
    }

    private static WorkerQueue<Integer> open(Fixture fixture, RateLimit limit) {
        QueueFactory factory =
                fixture.factory(builder -> builder.defaults(fixture.settings().withRateLimits(List.of(limit))));
        return fixture.open(factory, settings -> settings.withWorkers(5));
    }
}
