package io.github.workerqueue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The rates of a factory by name; each lives while a queue of the name is open, or a limit remembers one of its starts. */
final class StartRateLimiterRegistry {

    private final Map<String, Shared> shared = new HashMap<>();

    private final LongSupplier clock;

    private final Delay timer;

    /** Written before what is pending is cancelled. */
    private volatile boolean release;

    /** Runs an action once, after a number of nanoseconds. */
    @FunctionalInterface
    interface Delay {

        QueueTimer.Scheduled schedule(Runnable action, long nanos);
    }

    StartRateLimiterRegistry(LongSupplier clock, Delay timer) {
        this.clock = clock;
        this.timer = timer;
    }

    /** The rates of a name for a queue that is opened; null if there are no limits. */
    @Nullable
    StartRateLimiter of(String name, List<RateLimit> limits) {
        return limits.isEmpty() ? null : use(name, limits);
    }

    private synchronized StartRateLimiter use(String name, List<RateLimit> limits) {
        Shared used = shared.get(name);
        if (used == null) {
            used = new Shared(name, limits);
            shared.put(name, used);
        }
        used.users++;
        return used.rates;
    }

    /** A queue that was given rates is closed. */
    synchronized void release(String name) {
        Shared used = Objects.requireNonNull(shared.get(name));
        used.users--;
        removeUnused(used);
    }

    /** Cancels what is scheduled, so that a closed factory keeps no timer. No task starts afterwards. */
    synchronized void close() {
        release = true;
        shared.values().forEach(Shared::cancel);
    }

    private synchronized void removeUnused(Shared unused) {
        if (unused.users == 0 && unused.rates.isIdle()) {
            shared.remove(unused.name, unused);
        }
    }

    private final class Shared {

        private final String name;

        private final StartRateLimiter rates;

        private int users;

        /** The next call of {@link #forget()}. */
        private volatile QueueTimer.@Nullable Scheduled pending;

        Shared(String name, List<RateLimit> limits) {
            this.name = name;
            this.rates = new StartRateLimiter(limits, clock, this::forgetLater);
        }

        private void forgetLater(long nanos) {
            pending = timer.schedule(this::forget, nanos);
            if (release) {
                cancel();
            }
        }

        private void cancel() {
            QueueTimer.Scheduled scheduled = pending;
            if (scheduled != null) {
                scheduled.cancel();
            }
        }

        private void forget() {
            rates.forget();
            removeUnused(this);
        }
    }
}
