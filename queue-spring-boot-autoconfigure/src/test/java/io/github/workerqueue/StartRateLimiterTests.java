package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the rate limiter of a name, with a clock that the test controls. */
@Timeout(60)
class StartRateLimiterTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong now = new AtomicLong(-5 * SECOND);

    private final Deque<Long> forgetAfter = new ArrayDeque<>();

    @Test
    void limiterAllowsPermittedStartsImmediately() {
        StartRateLimiter rates = rates(limit(3, 1));
        assertThat(List.of(rates.tryStart(), rates.tryStart(), rates.tryStart()))
                .containsOnly(0L);
        assertThat(rates.tryStart()).isEqualTo(SECOND);
    }

    @Test
    void limiterAllowsNextStartOnePeriodAfterOldest() {
        StartRateLimiter rates = rates(limit(2, 1));
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
    void rejectedStartDoesNotCount() {
        StartRateLimiter rates = rates(limit(1, 1));
        rates.tryStart();
        for (int i = 0; i < 10; i++) {
            assertThat(rates.tryStart()).isEqualTo(SECOND);
        }
        now.addAndGet(SECOND);
        assertThat(rates.tryStart()).isZero();
    }

    @Test
    void limiterKeepsEachLimitWhenNameHasSeveral() {
        StartRateLimiter rates = rates(limit(2, 1), limit(3, 10));
        rates.tryStart();
        rates.tryStart();
        assertThat(rates.tryStart()).isEqualTo(SECOND);
        now.addAndGet(SECOND);
        assertThat(rates.tryStart()).isZero();
        assertThat(rates.tryStart()).isEqualTo(9 * SECOND);
    }

    /** A window that the first start after a pause resets would allow twice as many starts around the reset. */
    @Test
    void limiterKeepsLimitWhenStartsFollowPause() {
        StartRateLimiter rates = rates(limit(2, 1));
        rates.tryStart();
        now.addAndGet(10 * SECOND);
        assertThat(rates.tryStart()).isZero();
        now.addAndGet(SECOND * 9 / 10);
        assertThat(rates.tryStart()).isZero();
        assertThat(rates.tryStart()).isEqualTo(SECOND / 10);
    }

    @Test
    void limiterKeepsLimitsInEveryPeriod() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<RateLimit> limits = List.of(limit(20, 1), limit(100, 120), limit(7, 3));
        StartRateLimiter rates = new StartRateLimiter(limits, now::get, forgetAfter::add);
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
    void holdLastsUntilLatestEnd() {
        StartRateLimiter rates = rates();
        assertThat(rates.held()).isZero();
        rates.hold(2 * SECOND);
        assertThat(rates.held()).isEqualTo(2 * SECOND);
        now.addAndGet(SECOND);
        rates.hold(SECOND / 2);
        assertThat(rates.held()).as("a hold that ends earlier").isEqualTo(SECOND);
        rates.hold(3 * SECOND);
        assertThat(rates.held()).as("a hold that ends later").isEqualTo(3 * SECOND);
        now.addAndGet(3 * SECOND - 1);
        assertThat(rates.held()).isEqualTo(1);
        assertThat(rates.isIdle()).isFalse();
        now.addAndGet(1);
        assertThat(rates.held()).isZero();
        assertThat(rates.isIdle()).isTrue();
    }

    @Test
    void forgetIsDueWhenHoldEnds() {
        StartRateLimiter rates = rates(limit(1, 10));
        rates.hold(3 * SECOND);
        assertThat(forgetAfter).containsExactly(3 * SECOND);
        rates.hold(5 * SECOND);
        assertThat(forgetAfter).containsExactly(3 * SECOND);
        forgetWhenDue(rates, 3 * SECOND);
        assertThat(forgetAfter).containsExactly(2 * SECOND);
        forgetWhenDue(rates, 2 * SECOND);
        assertThat(forgetAfter).isEmpty();
    }

    @Test
    void limiterIsIdleWhenStartsAreOlderThanPeriods() {
        StartRateLimiter rates = rates(limit(2, 1), limit(1, 5));
        assertThat(rates.isIdle()).isTrue();
        rates.tryStart();
        now.addAndGet(5 * SECOND - 1);
        assertThat(rates.isIdle()).isFalse();
        now.addAndGet(1);
        assertThat(rates.isIdle()).isTrue();
    }

    @Test
    void forgetIsDueOnceWhileStartsAreRemembered() {
        StartRateLimiter rates = rates(limit(3, 10), limit(5, 2));
        rates.tryStart();
        now.addAndGet(SECOND);
        rates.tryStart();
        assertThat(forgetAfter).containsExactly(2 * SECOND);

        forgetWhenDue(rates, SECOND);
        assertThat(forgetAfter).as("a start is younger than 2 s").containsExactly(SECOND);
        forgetWhenDue(rates, SECOND);
        assertThat(forgetAfter).as("two starts are younger than 10 s").containsExactly(8 * SECOND);
        forgetWhenDue(rates, 8 * SECOND);
        assertThat(forgetAfter).isEmpty();
        assertThat(rates.isIdle()).isTrue();

        rates.tryStart();
        assertThat(forgetAfter).containsExactly(2 * SECOND);
    }

    private void forgetWhenDue(StartRateLimiter rates, long after) {
        forgetAfter.remove();
        now.addAndGet(after);
        rates.forget();
    }

    @Test
    void forgetIsDueAfterSecondWhenPeriodIsShorter() {
        StartRateLimiter rates =
                new StartRateLimiter(List.of(new RateLimit(1, Duration.ofMillis(1))), now::get, forgetAfter::add);
        rates.tryStart();
        assertThat(forgetAfter).containsExactly(SECOND);
    }

    @Test
    void startIsAllowedWhenForgetCannotBeScheduled() {
        StartRateLimiter rates = new StartRateLimiter(List.of(limit(2, 1)), now::get, wait -> {
            forgetAfter.add(wait);
            throw new OutOfMemoryError("unable to create native thread");
        });
        assertThat(rates.tryStart()).isZero();
        assertThat(rates.tryStart()).isZero();
        assertThat(rates.tryStart()).isEqualTo(SECOND);
        assertThat(forgetAfter).hasSize(2);
    }

    @Test
    void limitTakesNoMemoryForPermitsWhenItHasFewStarts() {
        List<StartRateLimiter> names = new ArrayList<>();
        long before = ResultTests.usedHeap();
        for (int i = 0; i < 1_000; i++) {
            StartRateLimiter rates = rates(limit(RateLimit.MAX_PERMITS, 3600));
            rates.tryStart();
            names.add(rates);
        }

        assertThat(ResultTests.usedHeap() - before).isLessThan(names.size() * 1_000L);
    }

    @Test
    void limitTakesEightBytesPerStartWhileItRemembersIt() {
        StartRateLimiter rates = rates(limit(RateLimit.MAX_PERMITS, 10));
        int starts = 500_000;
        long before = ResultTests.usedHeap();
        for (int i = 0; i < starts; i++) {
            assertThat(rates.tryStart()).isZero();
        }
        assertThat(ResultTests.usedHeap() - before).isBetween(8L * starts, 8L * starts + 1_000_000);

        now.addAndGet(5 * SECOND);
        assertThat(rates.tryStart()).isZero();
        now.addAndGet(5 * SECOND);
        rates.forget();
        assertThat(ResultTests.usedHeap() - before).as("one is younger").isLessThan(1_000_000);
        assertThat(rates.isIdle()).isFalse();
    }

    private StartRateLimiter rates(RateLimit... limits) {
        return new StartRateLimiter(List.of(limits), now::get, forgetAfter::add);
    }

    private static RateLimit limit(int permits, int seconds) {
        return new RateLimit(permits, Duration.ofSeconds(seconds));
    }
}
