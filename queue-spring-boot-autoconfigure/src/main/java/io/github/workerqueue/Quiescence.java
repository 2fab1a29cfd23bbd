package io.github.workerqueue;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Quiescence of a queue (no task waits or runs) and the threads that wait for this state. */
final class Quiescence {

    /*
     * The waiting threads make attempts, one thread at a time. An attempt freezes the worker slots and checks for
     * quiescence. If it is reached, the attempt performs the action of the thread, such as the end of the round.
     *
     * Liveness: no wake-up is lost. A thread counts itself as a waiter and then makes an attempt. A worker stops
     * running and then reads this count. Either the attempt sees quiescence, or the worker sees the waiter and
     * signals it.
     */

    private static final int PAUSES_BETWEEN_LOOKS = 8;

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();

    /** Number of waiting threads. Written under the lock. */
    private volatile int waiters;

    private final WorkerThreads threads;

    private final WorkerSlots slots;

    private final Backlog backlog;

    private final SpinPolicy spins;

    private final QueueSignals signals;

    Quiescence(WorkerThreads threads, WorkerSlots slots, Backlog backlog, SpinPolicy spins, QueueSignals signals) {
        this.threads = threads;
        this.slots = slots;
        this.backlog = backlog;
        this.spins = spins;
        this.signals = signals;
    }

    /** Whether no task waits or runs. The result is stale on return, unless the worker slots are frozen. */
    boolean isReached() {
        return slots.running() == 0 && backlog.isEmpty();
    }

    /** Signals the waiters if quiescence is reached. Call this method after a slot stopped running. */
    void signalIfReached() {
        if (slots.running() > 0 || backlog.refillFromOverflow() || !backlog.isEmpty()) {
            return;
        }
        signals.tryTerminate();
        signal();
    }

    /** Wakes the waiters, which then recheck their conditions. */
    void signal() {
        if (waiters > 0) {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    boolean hasWaiters() {
        return waiters > 0;
    }

    /** Makes one attempt, while no other thread makes one. */
    <R extends @Nullable Object> R attempt(Supplier<R> attempt) {
        lock.lock();
        try {
            return attempt.get();
        } finally {
            lock.unlock();
        }
    }

    /** Makes attempts until one returns a result. Returns null on a timeout. */
    <R> @Nullable R await(Supplier<@Nullable R> attempt, long nanos) throws InterruptedException {
        backlog.recover();
        Timeout timeout = Timeout.of(nanos);
        spin(nanos);
        lock.lockInterruptibly();
        try {
            addWaiters(1);
            for (; ; ) {
                R result = attempt.get();
                if (result != null || timeout.isExpired()) {
                    return result;
                }
                if (threads.hasWork()) {
                    work();
                } else if (timeout.isEndless()) {
                    changed.await();
                } else {
                    changed.awaitNanos(timeout.remaining());
                }
            }
        } finally {
            addWaiters(-1);
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // updated under the lock
    private void addWaiters(int count) {
        waiters += count;
    }

    private void work() {
        lock.unlock();
        try {
            threads.runOne();
        } finally {
            lock.lock();
        }
    }

    /** Spins for tasks that are about to end, to save the cost of parking. */
    private void spin(long limit) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < spins.joinNanos(limit) && !isReached()) {
            for (int i = 0; i < PAUSES_BETWEEN_LOOKS; i++) { // a check in each iteration would slow down the worker
                Thread.onSpinWait();
            }
        }
    }

    /** Waits until a condition holds, through interrupts. Restores the interrupt flag at the end. */
    void awaitUninterruptibly(BooleanSupplier done) {
        lock.lock();
        try {
            addWaiters(1);
            while (!done.getAsBoolean()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            addWaiters(-1);
            lock.unlock();
        }
    }
}
