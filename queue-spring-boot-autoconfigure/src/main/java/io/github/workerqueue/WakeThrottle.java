package io.github.workerqueue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Throttle of wake-ups: while tasks are cheaper than a context switch, no slot is woken while one is running. A monitor
 * thread ends the throttling when the running slots make no progress.
 */
final class WakeThrottle implements Runnable {

    /*
     * A task that takes less time than a context switch has run before a woken slot gets there. The threads of
     * several slots only compete for cores and cache lines. But with throttling alone, tasks could wait behind a long
     * one. So a monitor thread checks, a few thousand times per second, whether the slots still claim tickets. If no
     * ticket was claimed, it ends the throttling. If tasks had to wait for that, throttling is off for a hundred such
     * periods. That is long enough that a mixture of tiny and long tasks loses no time. It is short enough not to
     * matter if a slot was only preempted.
     *
     *   OFF        -> THROTTLING  recordCost(), for a cheap task; starts the monitor thread
     *   THROTTLING -> ENDING      recordCost(), for a long task
     *   ENDING     -> THROTTLING  recordCost(), for a cheap task, before the monitor thread has ended
     *   any        -> OFF         the monitor thread, which ends
     *
     * Liveness: a put takes a ticket and then reads the state. The monitor changes the state and then reads the ring.
     * So the put wakes a slot, or the monitor sees its task.
     */

    private enum State {
        /** Slots are woken as usual. There is no monitor thread. */
        OFF,
        /** No slot is woken while one is running. */
        THROTTLING,
        /** Slots are woken as usual. The monitor thread is about to end. */
        ENDING
    }

    private static final long MAX_THROTTLED_COST_NANOS = 500;

    private static final long PERIOD_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private static final long DISTRUST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final QueueContext context;

    private final Ring ring;

    private final QueueSignals signals;

    private final AtomicReference<State> state = new AtomicReference<>(State.OFF);

    /** Time from which low costs are trusted again. */
    private volatile long trustedFrom = System.nanoTime();

    WakeThrottle(QueueContext context, Ring ring, QueueSignals signals) {
        this.context = context;
        this.ring = ring;
        this.signals = signals;
    }

    /** Whether no slot must be woken while one is running. */
    boolean isThrottling() {
        return state.get() == State.THROTTLING;
    }

    /** Switches the throttling on or off, by the cost of a task measured at this time. */
    void recordCost(long cost, long now) {
        if (context.settings.workers() == 1 || !context.threads.areParallel()) {
            return; // there is no other slot
        }
        if (cost > MAX_THROTTLED_COST_NANOS) {
            if (isThrottling() && state.compareAndSet(State.THROTTLING, State.ENDING)) {
                signals.wakeWorker();
            }
        } else if (!isThrottling() && now - trustedFrom >= 0 && !state.compareAndSet(State.ENDING, State.THROTTLING)) {
            start();
        }
    }

    private void start() {
        if (state.compareAndSet(State.OFF, State.THROTTLING)) {
            try {
                context.threads.starter(this, "queue-watch-" + context.name).run();
            } catch (Throwable ex) {
                end();
            }
        }
    }

    @Override
    public void run() {
        long claimed = ring.head();
        for (; ; ) {
            LockSupport.parkNanos(this, PERIOD_NANOS);
            long before = claimed;
            claimed = ring.head();
            if (claimed == before) {
                if (!ring.isEmpty()) {
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
        signals.wakeWorker();
    }
}
