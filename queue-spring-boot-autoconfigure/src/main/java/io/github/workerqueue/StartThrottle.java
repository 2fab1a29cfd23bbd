package io.github.workerqueue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Limit on the tasks that start: by the number of workers, a pause, a hold, the permits and the rate limits. */
final class StartThrottle {

    /*
     * A slot reads the limit in the word of WorkerSlots before it runs, and a lower limit changes that word. But a
     * running slot claims one ticket after the other without a read of the limit. So a lower limit also guards the
     * ring, as does a due retry: from then on, each claim goes through claim(), under the lock. The first claim that
     * is within all limits, with no retry due, removes the guard. The guard stays if the queue has permits or rate
     * limits, which apply to every task.
     *
     * A hold guards the ring, too. It reaches a queue without rate limits as a rate limiter without limits, which the
     * first claim after the hold removes. A hold that begins meanwhile sets it again, under the lock.
     *
     * Invariant: no slot claims a task after pause() or hold() has returned. An unguarded claim is one CAS with its
     * read of the guard, and a guarded claim holds the lock.
     */

    private final QueueContext context;

    private final Ring ring;

    private final Backlog backlog;

    private final WorkerSlots slots;

    /** Null if the name has no total-workers. */
    private final SharedPermits.@Nullable Holder permits;

    /** Null if the name has no rate limits and is not held. Guarded by the lock. */
    private @Nullable StartRateLimiter rateLimiter;

    private final ReentrantLock lock;

    private final QueueSignals signals;

    /** Written under the lock. */
    private volatile int workers;

    /** Written under the lock. */
    private volatile boolean paused;

    /** Timer that ends the delay of the rate limits or of a hold; null without a delay. Written under the lock. */
    private volatile QueueTimer.@Nullable Scheduled rateDelay;

    StartThrottle(
            QueueContext context,
            Ring ring,
            Backlog backlog,
            WorkerSlots slots,
            SharedPermits.@Nullable Holder permits,
            @Nullable StartRateLimiter rateLimiter,
            ReentrantLock lock,
            QueueSignals signals) {
        this.context = context;
        this.ring = ring;
        this.backlog = backlog;
        this.slots = slots;
        this.permits = permits;
        this.rateLimiter = rateLimiter;
        this.lock = lock;
        this.signals = signals;
        this.workers = context.settings.workers();
        if (permits != null || rateLimiter != null) {
            ring.guard();
        }
    }

    SharedPermits.@Nullable Holder permits() {
        return permits;
    }

    int workers() {
        return workers;
    }

    boolean isPaused() {
        return paused;
    }

    /** Lets no further task start. Has no effect if the queue closes. */
    void pause() {
        lock.lock();
        try {
            if (!ring.hasAny(Ring.ENDING)) {
                paused = true;
                setLimit(0);
            }
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        lock.lock();
        try {
            if (!paused) {
                return;
            }
            paused = false;
            setLimit(workers);
        } finally {
            lock.unlock();
        }
        signals.wakeWorker();
    }

    /** Applies the rate limiter of the name, which is held. */
    void hold(StartRateLimiter ofName) {
        lock.lock();
        try {
            rateLimiter = ofName;
            ring.guard();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the delay of a hold, which has no effect on a closing queue. Call this method after the flag is set. */
    void endHold() {
        lock.lock(); // a slot that has not seen the flag has scheduled its delay by now
        try {
            if (rateDelay == null) {
                return;
            }
            rateDelay.cancel();
            rateDelay = null;
        } finally {
            lock.unlock();
        }
        signals.wakeWorker();
    }

    void resize(int count) {
        lock.lock();
        try {
            workers = count;
            slots.grow(count);
            if (!paused) {
                setLimit(count);
            }
        } finally {
            lock.unlock();
        }
        signals.wakeWorker();
    }

    /**
     * Acquires a permit for an idle slot, which must {@link #release} it when it is idle again. Returns false if starts
     * are delayed, or no permit is free.
     */
    boolean acquire() {
        return rateDelay == null && (permits == null || permits.acquire());
    }

    /** Releases the permit of a slot that is idle now, or was not woken. */
    void release() {
        if (permits != null) {
            permits.release();
        }
    }

    /** Whether the last task of the current slot did not get back the permit that it had lent. */
    private static boolean lacksPermit() {
        CurrentTask slot = CurrentTask.ofThread();
        return slot != null && slot.lendsPermit();
    }

    /** Lets a slot that found a task run. Returns false if it must not. */
    boolean startRunning() {
        return rateDelay == null
                && (permits == null || (!lacksPermit() && !permits.owesPermit()))
                && slots.startRunning();
    }

    /** Claims a ticket of the guarded ring for a running slot. Returns -1 if there is none, or the slot must stop. */
    long claim() {
        lock.lock();
        try {
            if (backlog.hasDueRetry() || ring.isEmpty() || !tryStart()) {
                return -1;
            }
            if (permits == null && rateLimiter == null) {
                ring.unguard();
            }
            return ring.claimBelow(Long.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }

    /** Claims a due retry for a running slot. Returns null if there is none, or the slot must stop. */
    RetryQueue.@Nullable Entry claimRetry() {
        if (!backlog.hasDueRetry()) {
            return null;
        }
        lock.lock();
        try {
            return backlog.hasDueRetry() && tryStart() ? backlog.claimRetry() : null;
        } finally {
            lock.unlock();
        }
    }

    /** Counts the start of a task if all limits allow it. Guarded by the lock. */
    private boolean tryStart() {
        if (rateDelay != null || slots.isOverLimit() || (permits != null && (lacksPermit() || permits.owesPermit()))) {
            return false;
        }
        long wait = rateLimiter == null ? 0 : tryStart(rateLimiter);
        if (wait > 0) {
            delayStarts(wait);
            return false;
        }
        if (permits != null) {
            permits.recordStart();
        }
        return true;
    }

    /** Lets a task start and returns 0, or returns the nanoseconds until the next try. Guarded by the lock. */
    private long tryStart(StartRateLimiter limiter) {
        long hold = held(limiter);
        if (hold > 0) {
            return hold;
        }
        if (limiter.isUnlimited()) {
            rateLimiter = null;
            return 0;
        }
        return limiter.tryStart();
    }

    /** Returns the nanoseconds until the end of the hold; 0 if there is none, or the queue closes. */
    private long held(StartRateLimiter limiter) {
        return ring.hasAny(Ring.ENDING) ? 0 : limiter.held();
    }

    private void delayStarts(long nanos) {
        try {
            rateDelay = context.timer.schedule(this::endRateDelay, nanos);
        } catch (Throwable ex) {
            String message =
                    "Queue '{}': the end of a rate limit or hold could not be scheduled; a worker waits for it";
            QueueLog.log(Level.ERROR, message, context.name, ex);
        }
    }

    private void endRateDelay() {
        lock.lock();
        try {
            rateDelay = null;
        } finally {
            lock.unlock();
        }
        signals.wakeWorker();
    }

    /** Cancels the timer of the delay. */
    void cancelRateDelay() {
        lock.lock();
        try {
            QueueTimer.Scheduled pending = rateDelay;
            if (pending != null) {
                pending.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the rate limits or a hold let no task start at present. */
    boolean isRateDelayed() {
        return rateDelay != null;
    }

    /** Returns the limits that keep the next task from starting now, in the order of {@link WorkerQueue#limits()}. */
    List<QueueLimit> limits() {
        lock.lock();
        try {
            return ring.hasAny(Ring.CLOSED) ? List.of() : List.copyOf(limitsOfOpen());
        } finally {
            lock.unlock();
        }
    }

    /** Returns the limits of a queue that is not closed. Guarded by the lock, under which no slot passes a limit. */
    private List<QueueLimit> limitsOfOpen() {
        List<QueueLimit> limits = new ArrayList<>();
        if (paused) {
            limits.add(new QueueLimit.Paused());
        }
        long hold = rateLimiter == null ? 0 : held(rateLimiter);
        if (hold > 0) {
            limits.add(new QueueLimit.Hold(Duration.ofNanos(hold)));
        }
        int waiting = backlog.readyCount() + backlog.overflowSize(); // before the slots, which claim before they stop
        int busy = slots.running() + slots.absent();
        int claiming = Math.max(0, busy - slots.active()); // each of them takes a waiting task, if there is one
        QueueLimit rate = rateLimiter == null || waiting == 0 ? null : rateLimiter.limit();
        if (rate != null) {
            limits.add(rate);
        }
        if (busy >= workers) {
            if (waiting == 0 || waiting > claiming) {
                limits.add(new QueueLimit.Workers(workers));
            }
        } else if (waiting == 0) {
            if (!ring.hasAny(Ring.ENDING)) {
                limits.add(new QueueLimit.Producer());
            }
        } else if (permits != null && waiting > claiming + slots.searching()) {
            QueueLimit limit = permits.limit();
            if (limit != null) {
                limits.add(limit);
            }
        }
        return limits;
    }

    private void setLimit(int most) {
        slots.setLimit(most);
        ring.guard();
    }
}
