package io.github.workerqueue;

import java.util.concurrent.TimeUnit;

/** Times for which workers, producers and joins spin before they park, computed from the measured cost of a task. */
final class SpinPolicy {

    /** Cost from which a task is long: parking takes little time compared with it. */
    static final long LONG_TASK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private static final int WORKER_SPINS = 200;

    private static final int WORKER_SPINS_WHILE_PRODUCERS_WAIT = 4 * WORKER_SPINS;

    private static final int WORKER_SPINS_FOR_LONG_TASKS = WORKER_SPINS / 20;

    private static final long MAX_PRODUCER_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private static final long MAX_JOIN_NANOS = TimeUnit.MICROSECONDS.toNanos(5);

    private static final long MIN_BATCH_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private static final long MAX_BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private volatile long taskCost = TimeUnit.MICROSECONDS.toNanos(1);

    /** Returns the last measured cost of a task in nanoseconds. */
    long taskCost() {
        return taskCost;
    }

    void recordCost(long nanos) {
        taskCost = nanos;
    }

    /** Returns how often a worker looks for a task. It looks more often if a producer waits, which is about to put. */
    int workerSpins(boolean producersWait) {
        if (producersWait) {
            return WORKER_SPINS_WHILE_PRODUCERS_WAIT;
        }
        return taskCost <= LONG_TASK_NANOS ? WORKER_SPINS : WORKER_SPINS_FOR_LONG_TASKS;
    }

    /** Returns the time in which workers empty half a ring. */
    long halfRingNanos(int capacity) {
        return taskCost * capacity / 2;
    }

    /** Whether a producer should spin until half a ring is empty, within a time limit and a number of looks. */
    boolean shouldProducerSpin(int capacity, long limit, int looks) {
        return halfRingNanos(capacity) <= Math.min(MAX_PRODUCER_NANOS, limit / looks);
    }

    /** Returns the time for which the first blocked producer parks until half a ring is empty. */
    long batchNanos(int capacity) {
        return Math.min(Math.max(halfRingNanos(capacity), MIN_BATCH_NANOS), MAX_BATCH_NANOS);
    }

    /** Returns the time for which a join spins, within a time limit; 0 if tasks take longer than that. */
    long joinNanos(long limit) {
        long most = Math.min(limit, MAX_JOIN_NANOS);
        return taskCost < most ? most : 0;
    }
}
