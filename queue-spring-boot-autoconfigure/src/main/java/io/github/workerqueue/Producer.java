package io.github.workerqueue;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * On which terms the current thread puts.
 *
 * @param engine the queue that it puts into
 * @param refusedBy the flags of the {@link Ring} that refuse it
 * @param epoch how many cancels the queue had seen when the put began; {@link Ring#ANY_EPOCH} if that does not matter
 * @param enough whether the task need not be put any more, if it still waits for room
 */
record Producer(QueueEngine engine, long refusedBy, long epoch, BooleanSupplier enough) {

    /** The terms for the current thread, by the task that it runs: of this queue, of another of the factory, or none. */
    static Producer of(QueueEngine engine, long epoch) {
        boolean sibling = false;
        for (QueueEngine running = running(); running != null; running = running.outer) {
            if (running == engine) {
                return new Producer(engine, Ring.OWN, epoch, Producer::never);
            }
            sibling |= running.owner == engine.owner || (running.drain != null && running.drain == engine.drain);
        }
        if (sibling && engine.threads.runsBelow()) {
            return new Producer(engine, Ring.OWN, epoch, Producer::never);
        }
        return new Producer(engine, sibling ? Ring.SIBLING : Ring.OUTSIDER, epoch, Producer::never);
    }

    /** Whether the current thread runs a task of a queue of this factory. */
    static boolean isInside(Object owner) {
        for (QueueEngine running = running(); running != null; running = running.outer) {
            if (running.owner == owner) {
                return true;
            }
        }
        return false;
    }

    /** Throws if the current thread runs a task of the queue, for which what it calls would wait. */
    static void refuseInside(QueueEngine engine, String call) {
        if (of(engine, Ring.ANY_EPOCH).isOwn()) {
            throw new IllegalStateException(call + " was called from a task of queue '" + engine.name
                    + "' and would wait for that task forever; call it outside the tasks of the queue, or open another"
                    + " queue in the task");
        }
    }

    boolean isOwn() {
        return refusedBy == Ring.OWN;
    }

    /** A task of the queue that gives up its privilege to put above the bound. */
    Producer withinCapacity() {
        return isOwn() ? new Producer(engine, Ring.OWN_BOUNDED, epoch, enough) : this;
    }

    /** The same terms, with which the wait for room ends as soon as there is enough. */
    Producer until(BooleanSupplier enough) {
        return new Producer(engine, refusedBy, epoch, enough);
    }

    /** Throws if the put is not to be waited for; else the round has begun. */
    void check() {
        // Before the flags, as a close sets its own first.
        boolean cancelled = epoch != Ring.ANY_EPOCH && epoch != engine.ring.epoch();
        if (engine.ring.hasAny(refusedBy & Ring.ENDING)) {
            throw engine.admission.rejectClosed();
        }
        if (engine.ring.hasAny(Ring.ROUND_ABORTED)) {
            engine.admission.throwAbort();
        }
        engine.admission.beginRound();
        if (cancelled) {
            engine.round.throwAbortSince(epoch);
            throw new CancellationException(
                    "Queue '" + engine.name + "' was cancelled during the put, and did not accept the task");
        }
    }

    private static boolean never() {
        return false;
    }

    private static @Nullable QueueEngine running() {
        WorkerSlot slot = WorkerSlot.current();
        return slot == null ? null : slot.engine;
    }
}
