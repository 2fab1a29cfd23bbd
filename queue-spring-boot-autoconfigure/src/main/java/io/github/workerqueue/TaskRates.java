package io.github.workerqueue;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** How often the tasks of one name may start, whichever of its queues they are in. */
final class TaskRates {

    /*
     * The times of the last starts are kept, as many as the largest limit has permits. One more may follow if, for each limit,
     * the start that many permits ago is as long ago as the period. So no period of that length, wherever it begins, sees more
     * starts than the limit allows; a bucket that refills, or a window that is reset, lets through twice as many around its edge.
     */

    private final ReentrantLock lock = new ReentrantLock();

    private final LongSupplier clock;

    private final int[] permits;

    private final long[] periods;

    /** A ring; the next start goes to the place of the oldest. Guarded by the lock. */
    private final long[] starts;

    /** Guarded by the lock. */
    private long count;

    TaskRates(List<RateLimit> limits, LongSupplier clock) {
        this.clock = clock;
        this.permits = limits.stream().mapToInt(RateLimit::permits).toArray();
        this.periods =
                limits.stream().mapToLong(limit -> Durations.nanos(limit.per())).toArray();
        this.starts =
                new long[limits.stream().mapToInt(RateLimit::permits).max().orElseThrow()];
    }

    /** Lets a task start, or says in how many nanoseconds to ask again; 0 if it may start now. */
    long tryStart() {
        lock.lock();
        try {
            long now = clock.getAsLong();
            long wait = 0;
            for (int i = 0; i < permits.length; i++) {
                if (count >= permits[i]) {
                    wait = Math.max(wait, periods[i] - (now - started(permits[i])));
                }
            }
            if (wait <= 0) {
                starts[(int) (count++ % starts.length)] = now;
                return 0;
            }
            return wait;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it would make no difference if all starts so far were forgotten. */
    boolean isIdle() {
        lock.lock();
        try {
            long now = clock.getAsLong();
            for (int i = 0; i < permits.length; i++) {
                if (count > 0 && now - started(1) < periods[i]) {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** When the task started that is so many starts ago. */
    private long started(int ago) {
        return starts[(int) ((count - ago) % starts.length)];
    }
}
