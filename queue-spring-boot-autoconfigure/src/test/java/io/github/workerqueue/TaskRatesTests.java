package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often tasks may start, by a clock that the test moves. */
class TaskRatesTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong now = new AtomicLong(-5 * SECOND);

    @Test
    void asManyAsTheLimitAllowsStartAtOnce() {
        TaskRates rates = rates(limit(3, 1));
        assertThat(List.of(rates.tryStart(), rates.tryStart(), rates.tryStart()))
                .containsOnly(0L);
        assertThat(rates.tryStart()).isEqualTo(SECOND);
    }

    @Test
    void theNextStartsOnePeriodAfterTheOldest() {
        TaskRates rates = rates(limit(2, 1));
        rates.tryStart();
        now.addAndGet(SECOND / 4);
        rates.tryStart();
        now.addAndGet(SECOND / 4);
        assertThat(rates.tryStart()).isEqualTo(SECOND / 2);
        now.addAndGet(SECOND / 2);
        assertThat(rates.tryStart()).isZero();
        assertThat(rates.tryStart()).isEqualTo(SECOND / 4);
    }

    @Test
    void aStartThatWasRefusedDoesNotCount() {
        TaskRates rates = rates(limit(1, 1));
        rates.tryStart();
        for (int i = 0; i < 10; i++) {
            assertThat(rates.tryStart()).isEqualTo(SECOND);
        }
        now.addAndGet(SECOND);
        assertThat(rates.tryStart()).isZero();
    }

    @Test
    void allLimitsHoldAtOnce() {
        TaskRates rates = rates(limit(2, 1), limit(3, 10));
        rates.tryStart();
        rates.tryStart();
        assertThat(rates.tryStart()).isEqualTo(SECOND);
        now.addAndGet(SECOND);
        assertThat(rates.tryStart()).isZero();
        assertThat(rates.tryStart()).isEqualTo(9 * SECOND);
    }

    /** A window that is reset when somebody comes after a pause lets through twice as many around that moment. */
    @Test
    void noPeriodSeesMoreAfterAPause() {
        TaskRates rates = rates(limit(2, 1));
        rates.tryStart();
        now.addAndGet(10 * SECOND);
        assertThat(rates.tryStart()).isZero();
        now.addAndGet(SECOND * 9 / 10);
        assertThat(rates.tryStart()).isZero();
        assertThat(rates.tryStart()).isEqualTo(SECOND / 10);
    }

    @Test
    void noPeriodOfTheLengthOfALimitSeesMoreStartsThanItAllows() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<RateLimit> limits = List.of(limit(20, 1), limit(100, 120), limit(7, 3));
        TaskRates rates = new TaskRates(limits, now::get);
        List<Long> starts = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            long wait = rates.tryStart();
            if (wait == 0) {
                starts.add(now.get());
            }
            now.addAndGet(wait > 0 && random.nextBoolean() ? wait : random.nextLong(SECOND));
        }
        for (RateLimit limit : limits) {
            for (int i = limit.permits(); i < starts.size(); i++) {
                assertThat(starts.get(i) - starts.get(i - limit.permits()))
                        .as("%s, start %s, seed %s", limit, i, seed)
                        .isGreaterThanOrEqualTo(limit.per().toNanos());
            }
        }
        assertThat(starts).as("seed %s", seed).hasSizeGreaterThan(1000);
    }

    @Test
    void itIsIdleWhenItsStartsAreLongAgo() {
        TaskRates rates = rates(limit(2, 1), limit(1, 5));
        assertThat(rates.isIdle()).isTrue();
        rates.tryStart();
        now.addAndGet(5 * SECOND - 1);
        assertThat(rates.isIdle()).isFalse();
        now.addAndGet(1);
        assertThat(rates.isIdle()).isTrue();
    }

    private TaskRates rates(RateLimit... limits) {
        return new TaskRates(List.of(limits), now::get);
    }

    private static RateLimit limit(int permits, int seconds) {
        return new RateLimit(permits, Duration.ofSeconds(seconds));
    }
}
