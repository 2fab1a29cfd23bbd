package io.github.workerqueue;

/** What one queue holds of the budget of its name. */
final class Share {

    private final Engine engine;

    private final Budget budget;

    /** How many permits. Guarded by the lock of the budget. */
    int held;

    /** How many permits it was given whose slots have claimed no task yet. Guarded by the lock of the budget. */
    int fresh;

    /** How many tasks it ran; a newcomer begins with as many as the one that ran fewest. Guarded by the lock of the budget. */
    long served;

    Share(Engine engine, Budget budget) {
        this.engine = engine;
        this.budget = budget;
    }

    long id() {
        return engine.id;
    }

    boolean take() {
        return budget.take(this);
    }

    boolean takeBack(Timeout timeout) {
        return budget.takeBack(this, timeout);
    }

    /** Gives a permit back, and wakes the queue that has it then; one that can't use it passes it on. */
    void giveBack() {
        Share next = budget.giveBack(this);
        while (next != null && !next.engine.wakeToRun()) {
            next = budget.decline(next);
        }
    }

    /** Whether tasks wait for which it has no permit. */
    boolean isShort() {
        return !engine.quota.isHalted()
                && engine.ring.depth() + engine.retries.due() > fresh
                && held < engine.quota.workers();
    }

    boolean isOwed() {
        return budget.isOwed(this);
    }

    void used() {
        budget.used(this);
    }
}
