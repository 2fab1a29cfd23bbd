package io.github.workerqueue;

import java.lang.ref.Reference;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What the task of the current thread lends of the budget of its name while it waits for another queue. */
final class Loan {

    /** Where there is nothing to lend, or it is lent already. */
    static final Loan NONE = new Loan(null, null);

    private final @Nullable Slot slot;

    private final @Nullable Share share;

    private Loan(@Nullable Slot slot, @Nullable Share share) {
        this.slot = slot;
        this.share = share;
    }

    /** The loan for a wait for a future of the queue; refuses a wait inside the queue, which might never end. */
    static Loan whileWaiting(Reference<Engine> queue, Future<?> future, long nanos) {
        Engine engine = future.isDone() ? null : queue.get();
        if (engine == null) {
            return NONE;
        }
        StackGuard.check();
        Admission.refuseInside(engine, "get() or join() on an unfinished future");
        engine.recover();
        Loan loan = ofCurrentTask();
        try {
            engine.threads.beforeWait(engine, "get() or join() on an unfinished future", future::isDone, nanos);
            return loan;
        } catch (Throwable ex) {
            loan.takeBack();
            throw ex;
        }
    }

    static Loan ofCurrentTask() {
        Slot slot = Slot.current();
        Share share = slot == null ? null : slot.engine.share;
        if (slot == null || share == null || slot.lent) {
            return NONE;
        }
        slot.lent = true;
        share.giveBack();
        return new Loan(slot, share);
    }

    /** Waits, through interrupts, until the task has its permit again. */
    void takeBack() {
        takeBack(Timeout.of(Engine.FOREVER));
    }

    /**
     * Waits in the same way until the timeout ends. Then the task continues without a permit, and its slot must not give
     * one back.
     */
    void takeBack(Timeout timeout) {
        if (slot != null && share != null && share.takeBack(timeout)) {
            slot.lent = false;
        }
    }
}
