package io.github.workerqueue;

import java.util.concurrent.CancellationException;

/**
 * On which terms the current thread puts.
 *
 * @param engine the queue that it puts into
 * @param refusedBy the flags of the {@link Ring} that refuse it
 * @param epoch how many cancels the queue had seen when the put began
 */
record Admission(Engine engine, long refusedBy, long epoch) {

    boolean isOwn() {
        return refusedBy == Ring.OWN;
    }

    /** A child that gives up its privilege to be admitted above the bound. */
    Admission bounded() {
        return isOwn() ? new Admission(engine, Ring.OWN_BOUNDED, epoch) : this;
    }

    /** Throws if the put is not to be waited for. */
    void check() {
        if (engine.refuses(refusedBy)) {
            throw engine.closedException();
        }
        if (engine.cancellation().epoch() != epoch) {
            throw new CancellationException("Queue '" + engine.name() + "' was cancelled; the task was not put");
        }
    }
}
