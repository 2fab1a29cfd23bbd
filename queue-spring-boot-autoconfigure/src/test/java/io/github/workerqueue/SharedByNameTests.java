package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the lifetime of the rate limiters and permits that queues of the same name share. */
@Timeout(60)
class SharedByNameTests {

    private static final List<RateLimit> SHORT = List.of(new RateLimit(1, Duration.ofNanos(1)));

    private static final List<RateLimit> LONG = List.of(new RateLimit(1, Duration.ofHours(1)));

    private static final List<RateLimit> MINUTE = List.of(new RateLimit(1, Duration.ofMinutes(1)));

    private final AtomicLong now = new AtomicLong();

    /** Scheduled actions by due time. */
    private final TreeMap<Long, Deque<Runnable>> timer = new TreeMap<>();

    private final StartRateLimiter.Registry rates = new StartRateLimiter.Registry(now::get, this::schedule);

    @Test
    void rateLimiterIsKeptWhenNameIsInUse() {
        StartRateLimiter used = rates(SHORT);
        assertThat(rates(SHORT)).isSameAs(used);
        closeAndOpenAnother();
        assertThat(rates(SHORT)).isSameAs(used);
    }

    @Test
    void rateLimiterIsForgottenWhenNameIsUnused() {
        StartRateLimiter unused = rates(SHORT);
        closeAndOpenAnother();
        assertThat(rates(SHORT)).isNotSameAs(unused);
    }

    @Test
    void rateLimiterIsKeptWhenUnusedNameHasRecentStarts() {
        StartRateLimiter started = rates(LONG);
        assertThat(started.tryStart()).isZero();
        closeAndOpenAnother();
        assertThat(rates(LONG)).isSameAs(started);
    }

    @Test
    void rateLimiterSchedulesNothingWhenRegistryIsClosed() {
        assertThat(rates(LONG).tryStart()).isZero();
        assertThat(timer).isNotEmpty();
        rates.close();
        assertThat(timer.values()).allMatch(Deque::isEmpty);
        StartRateLimiter late = Objects.requireNonNull(rates.of("late", LONG));
        assertThat(late.tryStart()).isZero();
        assertThat(timer.values()).allMatch(Deque::isEmpty);
    }

    @Test
    void nameKeepsRateLimitWhenReopenedWithinPeriod() {
        assertThat(rates(MINUTE).tryStart()).isZero();
        rates.release("riot");
        pass(Duration.ofSeconds(59));
        assertThat(rates(MINUTE).tryStart()).isEqualTo(Duration.ofSeconds(1).toNanos());
        pass(Duration.ofSeconds(1));
        assertThat(rates(MINUTE).tryStart()).isZero();
    }

    @Test
    void rateLimiterIsForgottenWhenStartsOfUnusedNameAreOld() {
        StartRateLimiter started = rates(MINUTE);
        assertThat(started.tryStart()).isZero();
        rates.release("riot");
        pass(Duration.ofMinutes(1));
        assertThat(timer).isEmpty();
        assertThat(rates(MINUTE)).isNotSameAs(started);
    }

    @Test
    void rateLimiterIsKeptWhenStartsOfUsedNameAreOld() {
        StartRateLimiter started = rates(MINUTE);
        assertThat(started.tryStart()).isZero();
        pass(Duration.ofMinutes(1));
        assertThat(rates(MINUTE)).isSameAs(started);
        rates.release("riot");
        rates.release("riot");
        assertThat(rates(MINUTE)).isNotSameAs(started);
    }

    @Test
    void holdIsForgottenWhenItIsOver() {
        long minute = Duration.ofMinutes(1).toNanos();
        assertThat(rates.held("riot")).isNull();
        assertThat(rates.hold("riot", List.of(), minute)).isTrue();
        StartRateLimiter limiter = Objects.requireNonNull(rates.held("riot"));
        assertThat(limiter.isUnlimited()).isTrue();
        assertThat(rates.hold("riot", List.of(), 1)).as("begins").isFalse();
        assertThat(rates.held("riot")).isSameAs(limiter);
        assertThat(rates.held("other")).isNull();

        pass(Duration.ofMinutes(1));
        assertThat(timer).isEmpty();
        assertThat(rates.held("riot")).isNull();
        assertThat(rates.hold("riot", List.of(), minute)).isTrue();
        assertThat(rates.held("riot")).isNotNull().isNotSameAs(limiter);
    }

    @Test
    void heldNameKeepsItsRateLimits() {
        assertThat(rates.hold("riot", MINUTE, 1)).isTrue();
        StartRateLimiter held = Objects.requireNonNull(rates.held("riot"));
        assertThat(rates(MINUTE)).isSameAs(held);
        assertThat(held.tryStart()).isZero();
        assertThat(held.tryStart()).isEqualTo(Duration.ofMinutes(1).toNanos());
    }

    /** An open once took time proportional to the number of remembered names. */
    @Test
    @Timeout(20)
    void namesAreOpenedInConstantTimeWhenManyAreRemembered() {
        int names = 100_000;
        for (int i = 0; i < names; i++) {
            StartRateLimiter ofUser = Objects.requireNonNull(rates.of("user " + i, MINUTE));
            assertThat(ofUser.tryStart()).isZero();
            rates.release("user " + i);
            now.addAndGet(1_000);
        }
        for (int i = 0; i < names; i++) {
            StartRateLimiter ofUser = Objects.requireNonNull(rates.of("user " + i, MINUTE));
            assertThat(ofUser.tryStart()).isPositive();
            rates.release("user " + i);
        }
        pass(Duration.ofMinutes(2));
        assertThat(timer).isEmpty();
        long before = ResultTests.usedHeap();
        for (int i = 0; i < names; i++) {
            assertThat(rates.of("user " + i, MINUTE)).isNotNull();
            rates.release("user " + i);
        }
        assertThat(ResultTests.usedHeap() - before).as("bytes").isLessThan(2_000_000);
    }

    @Test
    @Timeout(20)
    void permitsAreCreatedInConstantTimeWhenManyNamesAreInUse() {
        SharedPermits.Registry budgets = new SharedPermits.Registry();
        List<SharedPermits> used = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            used.add(budgets.of("user " + i, 1));
        }
        for (int i = 0; i < 100_000; i++) {
            assertThat(budgets.of("user " + i, 1)).isSameAs(used.get(i));
        }
    }

    @Test
    @Timeout(60)
    void permitsOfUnusedNamesAreForgotten() {
        SharedPermits.Registry budgets = new SharedPermits.Registry();
        long before = ResultTests.usedHeap();
        for (int i = 0; i < 1_000_000; i++) {
            budgets.of("user " + i, 1);
        }
        Fixture.until("their names are forgotten", () -> {
            for (int i = 0; i < 100_000; i++) {
                budgets.of("other " + i, 1);
            }
            return ResultTests.usedHeap() - before < 40_000_000;
        });
    }

    @Test
    void registryReturnsNullWhenNameHasNoRateLimits() {
        assertThat(rates.of("riot", List.of())).isNull();
    }

    @Test
    void permitsAreKeptWhenStillReferenced() {
        SharedPermits.Registry budgets = new SharedPermits.Registry();
        SharedPermits budget = budgets.of("riot", 1);
        budgets.of("other", 1);
        assertThat(budgets.of("riot", 1)).isSameAs(budget);
    }

    private StartRateLimiter rates(List<RateLimit> limits) {
        return Objects.requireNonNull(rates.of("riot", limits));
    }

    private QueueTimer.Scheduled schedule(Runnable action, long nanos) {
        Deque<Runnable> due = timer.computeIfAbsent(now.get() + nanos, time -> new ArrayDeque<>());
        due.add(action);
        return () -> due.remove(action);
    }

    /** Advances the clock, and runs the actions that become due. */
    private void pass(Duration time) {
        long end = now.get() + time.toNanos();
        while (!timer.isEmpty() && timer.firstKey() <= end) {
            now.set(timer.firstKey());
            timer.pollFirstEntry().getValue().forEach(Runnable::run);
        }
        now.set(end);
    }

    private void closeAndOpenAnother() {
        rates.release("riot");
        assertThat(rates.of("other", SHORT)).isNotNull();
    }
}
