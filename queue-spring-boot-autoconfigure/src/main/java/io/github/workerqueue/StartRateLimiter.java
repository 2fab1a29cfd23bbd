package io.github.workerqueue;

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

/** The rate limits of one name, shared by its queues. */
final class StartRateLimiter {

    /*
     * Each limit remembers the times of the last starts, as many as it has permits, until they are older than its period. One
     * more task may start if every limit remembers less than that. So no period of that length, wherever it begins, sees more
     * starts than the limit allows; a bucket that refills, or a window that is reset, lets through twice as many around its edge.
     *
     * While something is remembered, a call of forget() is due: the first start asks for it, and forget() says whether to call
     * it again. So old starts take no memory, even if no task of the name follows.
     */

    /** Keeps short periods from calling {@link #forget()} all the time. */
    private static final long MIN_FORGET_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Time after which to ask again if there was no memory to remember a start. */
    private static final long NO_MEMORY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock lock = new ReentrantLock();

    private final LongSupplier clock;

    private final LongConsumer forgetLater;

    private final Limit[] limits;

    /** Whether a call of {@link #forget()} is due. Guarded by {@code lock}. */
    private boolean forgetDue;

    /** Given the function that calls {@link #forget()} after a number of nanoseconds. */
    StartRateLimiter(List<RateLimit> limits, LongSupplier clock, LongConsumer forgetLater) {
        this.clock = clock;
        this.forgetLater = forgetLater;
        this.limits = limits.stream().map(Limit::new).toArray(Limit[]::new);
    }

    /** Lets a task start, or says in how many nanoseconds to ask again; 0 if it may start now. */
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
        long wait = Long.MAX_VALUE;
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

    /** Whether it would make no difference if all starts so far were forgotten. */
    boolean isIdle() {
        lock.lock();
        try {
            return isIdle(clock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    private boolean isIdle(long now) {
        boolean idle = true;
        for (Limit limit : limits) {
            limit.forget(now);
            idle &= limit.starts.isEmpty();
        }
        return idle;
    }

    /** A limit, and the starts that it remembers. */
    private static final class Limit {

        private final int permits;

        private final long period;

        private final StartTimes starts = new StartTimes();

        Limit(RateLimit limit) {
            this.permits = limit.permits();
            this.period = Durations.nanos(limit.per());
        }

        long delay(long now) {
            forget(now);
            return starts.size() < permits ? 0 : period - (now - starts.oldest());
        }

        void forget(long now) {
            while (!starts.isEmpty() && now - starts.oldest() >= period) {
                starts.removeOldest();
            }
        }
    }

    /** The rates of a factory by name; each lives while a queue of the name is open, or a limit remembers one of its starts. */
    static final class Registry {

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

        Registry(LongSupplier clock, Delay timer) {
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
}
