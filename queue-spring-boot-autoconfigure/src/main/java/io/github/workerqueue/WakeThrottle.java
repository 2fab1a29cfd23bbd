package io.github.workerqueue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Spares a queue of tiny tasks the slots that it does not need, and sees to it that no task waits behind a long one. */
final class WakeThrottle implements Runnable {

    /*
     * A task that takes less than a context switch has run before a slot woken for it gets there, and the threads of several
     * slots only take the cores and the cache lines from each other. So while tasks are measured to be that small, and a slot
     * runs, no other is woken.
     *
     * That alone would let tasks wait behind one that turns out to be long. So meanwhile a thread looks, a few thousand times
     * a second, whether the slots still claim tickets. Where none was claimed, it wakes a slot as usual; if tasks had to wait
     * for that, the queue is spared nothing for a hundred such periods: enough for a mixture of tiny and long tasks to lose no
     * time, and not so long that it matters where a slot was only preempted.
     *
     * No task is left lying: who puts takes a ticket, and then reads the state; the watch ends by a change of the state, and
     * then reads the ring.
     */

    private enum State {
        /** Slots are woken as always, and nobody looks. */
        OFF,
        /** No slot is woken beside one that runs. */
        THROTTLING,
        /** Slots are woken as always; the thread that looks is about to end. */
        ENDING
    }

    private static final long MAX_THROTTLED_COST_NANOS = 500;

    private static final long PERIOD_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private static final long DISTRUST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final QueueEngine engine;

    private final AtomicReference<State> state = new AtomicReference<>(State.OFF);

    private volatile long trustedFrom = System.nanoTime();

    WakeThrottle(QueueEngine engine) {
        this.engine = engine;
    }

    /** Whether a slot that runs is enough. */
    boolean isThrottling() {
        return state.get() == State.THROTTLING;
    }

    /** A task was measured to take so long, just now. */
    void recordCost(long cost, long now) {
        if (engine.settings.workers() == 1 || !engine.threads.areParallel()) {
            return; // there is no other slot to spare
        }
        if (cost > MAX_THROTTLED_COST_NANOS) {
            if (isThrottling() && state.compareAndSet(State.THROTTLING, State.ENDING)) {
                engine.wakeWorker();
            }
        } else if (!isThrottling() && now - trustedFrom >= 0 && !state.compareAndSet(State.ENDING, State.THROTTLING)) {
            start();
        }
    }

    private void start() {
        if (state.compareAndSet(State.OFF, State.THROTTLING)) {
            try {
                engine.threads.starter(this, "queue-watch-" + engine.name).run();
            } catch (Throwable ex) {
                end();
            }
        }
    }

    @Override
    public void run() {
        long claimed = engine.ring.head();
        for (; ; ) {
            LockSupport.parkNanos(this, PERIOD_NANOS);
            long before = claimed;
            claimed = engine.ring.head();
            if (claimed == before) {
                if (!engine.ring.isEmpty()) {
                    trustedFrom = System.nanoTime() + DISTRUST_NANOS;
                }
                end();
                return;
            }
            if (state.compareAndSet(State.ENDING, State.OFF)) {
                return;
            }
        }
    }

    private void end() {
        state.set(State.OFF);
        engine.wakeWorker();
    }
}
