package io.github.workerqueue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that wait for a moment at which nothing waits and nothing runs. Each looks for itself whether it has come, one
 * at a time, and says what it does with it. No wake-up is lost: a thread counts itself before it looks, and a worker stops
 * before it reads that count.
 */
final class Quiescence {

    private static final long MAX_SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(5);

    private static final int PAUSES_BETWEEN_LOOKS = 8;

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();

    private final AtomicInteger waiters = new AtomicInteger();

    private final QueueEngine engine;

    Quiescence(QueueEngine engine) {
        this.engine = engine;
    }

    /** Must be called when the moment may have come. */
    void signal() {
        if (waiters.get() > 0) {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    boolean hasWaiters() {
        return waiters.get() > 0;
    }

    /** Makes one attempt, with no other beside it. */
    <R extends @Nullable Object> R attempt(Supplier<R> attempt) {
        lock.lock();
        try {
            return attempt.get();
        } finally {
            lock.unlock();
        }
    }

    /** Makes attempts until one gives something. Returns null if none did in time. */
    <R> @Nullable R await(Supplier<@Nullable R> attempt, long nanos) throws InterruptedException {
        engine.recover();
        Timeout timeout = Timeout.of(nanos);
        spin(nanos);
        lock.lockInterruptibly();
        try {
            waiters.incrementAndGet();
            for (; ; ) {
                R result = attempt.get();
                if (result != null || timeout.isExpired()) {
                    return result;
                }
                if (engine.threads.hasWork(engine)) {
                    work();
                } else if (timeout.isEndless()) {
                    changed.await();
                } else {
                    changed.awaitNanos(timeout.remaining());
                }
            }
        } finally {
            waiters.decrementAndGet();
            lock.unlock();
        }
    }

    private void work() {
        lock.unlock();
        try {
            engine.threads.runOne(engine);
        } finally {
            lock.lock();
        }
    }

    /** Spares tasks that have ended in a moment the parking of who waits for them. */
    private void spin(long nanos) {
        long start = System.nanoTime();
        long most = Math.min(nanos, MAX_SPIN_NANOS);
        while (engine.taskCost() < most && !engine.isQuiescent() && System.nanoTime() - start < most) {
            for (int i = 0; i < PAUSES_BETWEEN_LOOKS; i++) { // who looks all the time holds up the worker
                Thread.onSpinWait();
            }
        }
    }

    /** Waits until it is so, through interrupts; the flag is set again at the end. */
    void awaitUninterruptibly(BooleanSupplier done) {
        lock.lock();
        try {
            waiters.incrementAndGet();
            while (!done.getAsBoolean()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            waiters.decrementAndGet();
            lock.unlock();
        }
    }
}
