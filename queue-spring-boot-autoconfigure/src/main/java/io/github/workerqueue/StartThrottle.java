package io.github.workerqueue;

import io.github.workerqueue.RetryQueue.Retry;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** How many tasks of a queue may run: as many as it has workers, none while it is paused, and no more than its share. */
final class StartThrottle {

    /*
     * Slots ask the word of WorkerSlots before they run, and whoever lowers its limit changes that word. But a slot that runs claims
     * one ticket after the other without asking. So with the limit, the ring is guarded: from then on, a slot claims nothing
     * from it without asking here, one at a time. The first that may go on takes the guard away, unless the queue has a share
     * of a budget, of which every task is asked for.
     *
     * That is why no task starts after a pause returned: a claim that does not ask is one step with the look at the guard, and
     * one that asks has the lock.
     */

    private final QueueEngine engine;

    private final @Nullable PermitHolder share;

    /** Null if tasks may start as often as they like. */
    private final @Nullable StartRateLimiter rateLimiter;

    /** Also that of slots that are made and of tasks that run again, so that an idle queue is small. */
    final ReentrantLock lock = new ReentrantLock();

    /** Written under the lock. */
    private volatile int workers;

    /** Written under the lock. */
    private volatile boolean paused;

    /** What lets tasks start again, while the rates let none. Written under the lock. */
    private volatile QueueTimer.@Nullable Scheduled rateDelay;

    StartThrottle(QueueEngine engine, @Nullable PermitHolder share, @Nullable StartRateLimiter rates) {
        this.engine = engine;
        this.share = share;
        this.rateLimiter = rates;
        this.workers = engine.settings.workers();
        if (share != null || rates != null) {
            engine.ring.guard();
        }
    }

    int workers() {
        return workers;
    }

    boolean isPaused() {
        return paused;
    }

    boolean hasRateLimits() {
        return rateLimiter != null;
    }

    /** Lets no further task start, unless the queue closes. */
    void pause() {
        lock.lock();
        try {
            if (!engine.ring.hasAny(Ring.ENDING)) {
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
        engine.wakeWorker();
    }

    void resize(int count) {
        lock.lock();
        try {
            workers = count;
            engine.slots.grow(count);
            if (!paused) {
                setLimit(count);
            }
        } finally {
            lock.unlock();
        }
        engine.wakeWorker();
    }

    /** Whether a slot that is idle may search for work. If so, it must {@link #release()} when it has stopped. */
    boolean acquire() {
        return rateDelay == null && (share == null || share.acquire());
    }

    /** Must be called after a slot that was woken in vain became idle. */
    void release() {
        if (share != null) {
            share.release();
        }
    }

    /** Must be called by a slot that became idle. */
    void release(WorkerSlot slot) {
        if (slot.lendsPermit) {
            slot.lendsPermit = false; // its last task did not get its permit back
        } else {
            release();
        }
    }

    /** Whether the last task of the current slot did not get back the permit that it had lent. */
    private static boolean lacksPermit() {
        WorkerSlot slot = WorkerSlot.current();
        return slot != null && slot.lendsPermit;
    }

    /** Lets a slot that found work run. */
    boolean startRunning() {
        return rateDelay == null
                && (share == null || (!lacksPermit() && !share.owesPermit()))
                && engine.slots.startRunning();
    }

    /** Claims a ticket for a slot that runs, while the ring is guarded. Returns -1 if there is none, or it is to stop. */
    long claim() {
        lock.lock();
        try {
            if (engine.retries.dueCount() > 0 || engine.ring.isEmpty() || !tryStart()) {
                return -1;
            }
            if (share == null && rateLimiter == null) {
                engine.ring.unguard();
            }
            return engine.ring.claimBelow(Long.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }

    /** Claims a task that is to run again, for a slot that runs. Returns null if there is none, or it is to stop. */
    @Nullable
    Retry claimRetry() {
        if (engine.retries.dueCount() == 0) {
            return null;
        }
        lock.lock();
        try {
            return engine.retries.dueCount() > 0 && tryStart() ? engine.retries.poll() : null;
        } finally {
            lock.unlock();
        }
    }

    /** Lets one more task start, if it may. Under the lock. */
    private boolean tryStart() {
        if (rateDelay != null
                || engine.slots.isOverLimit()
                || (share != null && (lacksPermit() || share.owesPermit()))) {
            return false;
        }
        long wait = rateLimiter == null ? 0 : rateLimiter.tryStart();
        if (wait > 0) {
            rateDelay(wait);
            return false;
        }
        if (share != null) {
            share.recordStart();
        }
        return true;
    }

    private void rateDelay(long nanos) {
        try {
            rateDelay = engine.timer.schedule(this::endRateDelay, nanos);
        } catch (Throwable ex) {
            String message =
                    "Queue '{}': the next start of its rate limit could not be scheduled; a worker waits for it";
            QueueLog.log(Level.ERROR, message, engine.name, ex);
        }
    }

    private void endRateDelay() {
        lock.lock();
        try {
            rateDelay = null;
        } finally {
            lock.unlock();
        }
        engine.wakeWorker();
    }

    /** No task is left that could start. */
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

    /** Whether tasks that wait may not start for some time, whatever slots and permits there are. */
    boolean isRateDelayed() {
        return rateDelay != null;
    }

    private void setLimit(int most) {
        engine.slots.setLimit(most);
        engine.ring.guard();
    }
}
