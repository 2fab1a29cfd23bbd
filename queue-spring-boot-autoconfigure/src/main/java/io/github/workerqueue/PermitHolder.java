package io.github.workerqueue;

/** What one queue holds of the budget of its name. */
final class PermitHolder {

    private final QueueEngine engine;

    private final SharedPermits budget;

    /** How many permits. Guarded by the lock of the budget. */
    int held;

    /** How many permits it was given whose slots have claimed no task yet. Guarded by the lock of the budget. */
    int unused;

    /** How many tasks it ran; a newcomer begins with as many as the one that ran fewest. Guarded by the lock of the budget. */
    long starts;

    PermitHolder(QueueEngine engine, SharedPermits budget) {
        this.engine = engine;
        this.budget = budget;
    }

    long id() {
        return engine.id;
    }

    boolean acquire() {
        return budget.acquire(this);
    }

    boolean reacquire(Timeout timeout) {
        return budget.reacquire(this, timeout);
    }

    /** Gives a permit back, and wakes the queue that has it then; one that can't use it passes it on. */
    void release() {
        PermitHolder next = budget.release(this);
        while (next != null && !next.engine.wakeToRun()) {
            next = budget.decline(next);
        }
    }

    /** Whether tasks wait for which it has no permit. */
    boolean needsPermit() {
        return !engine.throttle.isRateDelayed()
                && engine.ring.depth() + engine.retries.dueCount() > unused
                && held < engine.throttle.workers();
    }

    boolean owesPermit() {
        return budget.owesPermit(this);
    }

    void recordStart() {
        budget.recordStart(this);
    }
}
