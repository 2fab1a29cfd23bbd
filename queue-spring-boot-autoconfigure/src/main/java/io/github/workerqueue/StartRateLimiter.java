package io.github.workerqueue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Rate limits and hold of one name, shared by its queues. */
final class StartRateLimiter {

    /*
     * Sliding window: each limit remembers the times of its last starts until they are older than its period, but no
     * more of them than it has permits. A task may start if every limit remembers fewer starts than that. So no
     * period of that length has more starts than the limit allows, wherever it begins. A token bucket or a fixed
     * window would let through twice as many around its edge.
     *
     * While a limit remembers a start, a call of forget() is scheduled: by the first start, and then by forget()
     * itself. So old starts retain no memory, even if no further task of the name starts.
     *
     * A hold lasts until a point in time, which never moves to an earlier one. The queues ask for it on their own, as
     * it has no effect on a closing queue. A name without rate limits has an object of this class only during a hold.
     */

    /** Minimum delay of {@link #forget()}, against frequent calls for short periods. */
    private static final long MIN_FORGET_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Delay of a start that could not be remembered for lack of memory. */
    private static final long NO_MEMORY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock lock = new ReentrantLock();

    private final LongSupplier clock;

    private final LongConsumer forgetLater;

    private final Limit[] limits;

    /** End of the last hold, if there was one. Guarded by {@code lock}. */
    private @Nullable Long heldUntil;

    /** Whether a call of {@link #forget()} is scheduled. Guarded by {@code lock}. */
    private boolean forgetDue;

    /** Creates the limits, given the function that calls {@link #forget()} after a number of nanoseconds. */
    StartRateLimiter(List<RateLimit> limits, LongSupplier clock, LongConsumer forgetLater) {
        this.clock = clock;
        this.forgetLater = forgetLater;
        this.limits = limits.stream().map(Limit::new).toArray(Limit[]::new);
    }

    /** Whether there are no rate limits, but only holds. */
    boolean isUnlimited() {
        return limits.length == 0;
    }

    /**
     * Holds the name for a number of nanoseconds, or until the end of the present hold if that is later. Returns
     * whether the name was not held before.
     */
    boolean hold(long nanos) {
        lock.lock();
        try {
            long now = clock.getAsLong();
            long before = held(now);
            if (nanos > before) {
                heldUntil = now + nanos;
                if (!forgetDue) {
                    scheduleForget(now);
                }
            }
            return before == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the nanoseconds until the end of the hold; 0 if there is none. */
    long held() {
        lock.lock();
        try {
            return held(clock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    private long held(long now) {
        return heldUntil == null ? 0 : Math.max(0, heldUntil - now);
    }

    /** Lets a task start and returns 0, or returns the nanoseconds until the next try. */
    long tryStart() {
        lock.lock();
        try {
            long now = clock.getAsLong();
            long wait = 0;
            for (Limit limit : limits) {
                wait = Math.max(wait, limit.delay(now));
            }
            return wait > 0 ? wait : remember(now);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the limit that delays the next start the longest; null if none does. */
    QueueLimit.@Nullable Rate limit() {
        lock.lock();
        try {
            long now = clock.getAsLong();
            long wait = 0;
            RateLimit longest = null;
            for (Limit limit : limits) {
                long delay = limit.delay(now);
                if (delay > wait) {
                    wait = delay;
                    longest = limit.limit;
                }
            }
            return longest == null ? null : new QueueLimit.Rate(longest, Duration.ofNanos(wait));
        } finally {
            lock.unlock();
        }
    }

    private long remember(long now) {
        try {
            for (Limit limit : limits) {
                limit.starts.add(now);
            }
        } catch (OutOfMemoryError ex) {
            return NO_MEMORY_NANOS;
        }
        if (!forgetDue) {
            scheduleForget(now);
        }
        return 0;
    }

    private void scheduleForget(long now) {
        long hold = held(now);
        long wait = hold > 0 ? hold : Long.MAX_VALUE;
        for (Limit limit : limits) {
            if (!limit.starts.isEmpty()) {
                wait = Math.min(wait, limit.period - (now - limit.starts.newest()));
            }
        }
        try {
            forgetLater.accept(Math.max(wait, MIN_FORGET_NANOS));
            forgetDue = true;
        } catch (Throwable ex) {
            QueueLog.log(
                    Level.ERROR, "The memory of a rate limit cannot be released before the next start of a task", ex);
        }
    }

    /** Releases the memory of old starts. */
    void forget() {
        lock.lock();
        try {
            forgetDue = false;
            long now = clock.getAsLong();
            if (!isIdle(now)) {
                scheduleForget(now);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether no limit remembers a start, and the name is not held. */
    boolean isIdle() {
        lock.lock();
        try {
            return isIdle(clock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    private boolean isIdle(long now) {
        boolean idle = held(now) == 0;
        for (Limit limit : limits) {
            limit.forget(now);
            idle &= limit.starts.isEmpty();
        }
        return idle;
    }

    /** Rate limit with the starts that it remembers. */
    private static final class Limit {

        private final RateLimit limit;

        private final long period;

        private final StartTimes starts = new StartTimes();

        Limit(RateLimit limit) {
            this.limit = limit;
            this.period = Durations.nanos(limit.per());
        }

        long delay(long now) {
            forget(now);
            return starts.size() < limit.permits() ? 0 : period - (now - starts.oldest());
        }

        void forget(long now) {
            while (!starts.isEmpty() && now - starts.oldest() >= period) {
                starts.removeOldest();
            }
        }
    }

    /**
     * Rate limiters of a factory by name. An entry lives while a queue with rate limits of its name is open, a limit
     * remembers a start of the name, or the name is held.
     */
    static final class Registry {

        private final Map<String, Shared> shared = new HashMap<>();

        private final LongSupplier clock;

        private final Delay timer;

        /** Whether a name was ever held. Before, no open of a queue waits for the monitor. */
        private volatile boolean hasHeld;

        /** Written before the pending timers are cancelled. */
        private volatile boolean closed;

        /** Runs an action once, after a number of nanoseconds. */
        @FunctionalInterface
        interface Delay {

            QueueTimer.Scheduled schedule(Runnable action, long nanos);
        }

        Registry(LongSupplier clock, Delay timer) {
            this.clock = clock;
            this.timer = timer;
        }

        /** Returns the rate limiter of a name for a queue that is opened; null if there are no limits. */
        @Nullable
        StartRateLimiter of(String name, List<RateLimit> limits) {
            return limits.isEmpty() ? null : use(name, limits);
        }

        private synchronized StartRateLimiter use(String name, List<RateLimit> limits) {
            Shared used = shared(name, limits);
            used.users++;
            return used.limiter;
        }

        private Shared shared(String name, List<RateLimit> limits) {
            Shared known = shared.get(name);
            if (known != null) {
                return known;
            }
            Shared created = new Shared(name, limits);
            shared.put(name, created);
            return created;
        }

        /** Holds a name with these rate limits. Returns whether it was not held before. */
        synchronized boolean hold(String name, List<RateLimit> limits, long nanos) {
            hasHeld = true;
            return shared(name, limits).limiter.hold(nanos);
        }

        /** Returns the rate limiter of a name that is held; null if it is not held. */
        @Nullable
        StartRateLimiter held(String name) {
            return hasHeld ? find(name) : null;
        }

        private synchronized @Nullable StartRateLimiter find(String name) {
            Shared known = shared.get(name);
            return known == null || known.limiter.held() == 0 ? null : known.limiter;
        }

        /** Ends the use of a rate limiter by a queue that is closed. */
        synchronized void release(String name) {
            Shared used = Objects.requireNonNull(shared.get(name));
            used.users--;
            removeUnused(used);
        }

        /** Cancels all timers, so that a closed factory keeps none. No task starts afterwards. */
        synchronized void close() {
            closed = true;
            shared.values().forEach(Shared::cancel);
        }

        private synchronized void removeUnused(Shared unused) {
            if (unused.users == 0 && unused.limiter.isIdle()) {
                shared.remove(unused.name, unused);
            }
        }

        private final class Shared {

            private final String name;

            private final StartRateLimiter limiter;

            private int users;

            /** Timer of the next {@code forget()}; null before the first one. */
            private volatile QueueTimer.@Nullable Scheduled pending;

            Shared(String name, List<RateLimit> limits) {
                this.name = name;
                this.limiter = new StartRateLimiter(limits, clock, this::forgetLater);
            }

            private void forgetLater(long nanos) {
                pending = timer.schedule(this::forget, nanos);
                if (closed) {
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
                limiter.forget();
                removeUnused(this);
            }
        }
    }
}
