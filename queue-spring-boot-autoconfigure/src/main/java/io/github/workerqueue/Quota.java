package io.github.workerqueue;

import io.github.workerqueue.Retries.Retry;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** How many tasks of a queue may run: as many as it has workers, none while it is paused, and no more than its share. */
final class Quota {

    /*
     * Slots ask the word of Slots before they run, and whoever lowers its limit changes that word. But a slot that runs claims
     * one ticket after the other without asking. So with the limit, the ring is guarded: from then on, a slot claims nothing
     * from it without asking here, one at a time. The first that may go on takes the guard away, unless the queue has a share
     * of a budget, of which every task is asked for.
     *
     * That is why no task starts after a pause returned: a claim that does not ask is one step with the look at the guard, and
     * one that asks has the lock.
     */

    private final Engine engine;

    private final @Nullable Share share;

    /** Null if tasks may start as often as they like. */
    private final @Nullable TaskRates rates;

    /** Also that of slots that are made and of tasks that run again, so that an idle queue is small. */
    final ReentrantLock lock = new ReentrantLock();

    /** Written under the lock. */
    private volatile int workers;

    /** Written under the lock. */
    private volatile boolean paused;

    /** What lets tasks start again, while the rates let none. Written under the lock. */
    private volatile Timer.@Nullable Scheduled halt;

    Quota(Engine engine, @Nullable Share share, @Nullable TaskRates rates) {
        this.engine = engine;
        this.share = share;
        this.rates = rates;
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

    boolean isRated() {
        return rates != null;
    }

    /** Lets no further task start, unless the queue closes. */
    void pause() {
        lock.lock();
        try {
            if (!engine.ring.has(Ring.ENDING)) {
                paused = true;
                limit(0);
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
            limit(workers);
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
                limit(count);
            }
        } finally {
            lock.unlock();
        }
        engine.wakeWorker();
    }

    /** Whether a slot that is idle may search for work. If so, it must {@link #idle()} when it has stopped. */
    boolean mayWake() {
        return halt == null && (share == null || share.take());
    }

    /** Must be called after a slot that was woken in vain became idle. */
    void idle() {
        if (share != null) {
            share.giveBack();
        }
    }

    /** Must be called by a slot that became idle. */
    void idle(Slot slot) {
        if (slot.lent) {
            slot.lent = false; // its last task did not get its permit back
        } else {
            idle();
        }
    }

    /** Whether the last task of the current slot did not get back the permit that it had lent. */
    private static boolean lacksPermit() {
        Slot slot = Slot.current();
        return slot != null && slot.lent;
    }

    /** Lets a slot that found work run. */
    boolean startRunning() {
        return halt == null && (share == null || (!lacksPermit() && !share.isOwed())) && engine.slots.startRunning();
    }

    /** Claims a ticket for a slot that runs, while the ring is guarded. Returns -1 if there is none, or it is to stop. */
    long claim() {
        lock.lock();
        try {
            if (engine.retries.due() > 0 || engine.ring.isEmpty() || !mayStart()) {
                return -1;
            }
            if (share == null && rates == null) {
                engine.ring.unguard();
            }
            return engine.ring.claim(Long.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }

    /** Claims a task that is to run again, for a slot that runs. Returns null if there is none, or it is to stop. */
    @Nullable
    Retry claimRetry() {
        if (engine.retries.due() == 0) {
            return null;
        }
        lock.lock();
        try {
            return engine.retries.due() > 0 && mayStart() ? engine.retries.poll() : null;
        } finally {
            lock.unlock();
        }
    }

    /** Lets one more task start, if it may. Under the lock. */
    private boolean mayStart() {
        if (halt != null || engine.slots.isOverLimit() || (share != null && (lacksPermit() || share.isOwed()))) {
            return false;
        }
        long wait = rates == null ? 0 : rates.tryStart();
        if (wait > 0) {
            halt(wait);
            return false;
        }
        if (share != null) {
            share.used();
        }
        return true;
    }

    private void halt(long nanos) {
        try {
            halt = engine.timer.schedule(this::goOn, nanos);
        } catch (Throwable ex) {
            String message =
                    "Queue '{}': the next start of its rate limit could not be scheduled; a worker waits for it";
            SafeLogger.log(Level.ERROR, message, engine.name, ex);
        }
    }

    private void goOn() {
        lock.lock();
        try {
            halt = null;
        } finally {
            lock.unlock();
        }
        engine.wakeWorker();
    }

    /** No task is left that could start. */
    void closed() {
        lock.lock();
        try {
            Timer.Scheduled pending = halt;
            if (pending != null) {
                pending.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether tasks that wait may not start for some time, whatever slots and permits there are. */
    boolean isHalted() {
        return halt != null;
    }

    private void limit(int most) {
        engine.slots.limit(most);
        engine.ring.guard();
    }
}
