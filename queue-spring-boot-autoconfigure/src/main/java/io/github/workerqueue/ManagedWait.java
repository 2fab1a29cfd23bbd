package io.github.workerqueue;

import java.lang.ref.Reference;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What the task of the current thread lends of the budget of its name while it waits for another queue. */
final class ManagedWait {

    /** Where there is nothing to lend, or it is lent already. */
    static final ManagedWait NONE = new ManagedWait(null, null);

    private final @Nullable WorkerSlot slot;

    private final @Nullable PermitHolder share;

    private ManagedWait(@Nullable WorkerSlot slot, @Nullable PermitHolder share) {
        this.slot = slot;
        this.share = share;
    }

    /** The loan for a wait for a future of the queue; refuses a wait inside the queue, which might never end. */
    static ManagedWait whileWaiting(Reference<QueueEngine> queue, Future<?> future, long nanos) {
        QueueEngine engine = future.isDone() ? null : queue.get();
        if (engine == null) {
            return NONE;
        }
        StackGuard.check();
        Producer.refuseInside(engine, "get() or join() on an unfinished future");
        engine.recover();
        ManagedWait loan = ofCurrentTask();
        try {
            engine.threads.beforeWait(engine, "get() or join() on an unfinished future", future::isDone, nanos);
            return loan;
        } catch (Throwable ex) {
            loan.takeBack();
            throw ex;
        }
    }

    static ManagedWait ofCurrentTask() {
        WorkerSlot slot = WorkerSlot.current();
        PermitHolder share = slot == null ? null : slot.engine.permits;
        if (slot == null || share == null || slot.lendsPermit) {
            return NONE;
        }
        slot.lendsPermit = true;
        share.release();
        return new ManagedWait(slot, share);
    }

    /** Waits, through interrupts, until the task has its permit again. */
    void takeBack() {
        takeBack(Timeout.of(QueueEngine.FOREVER));
    }

    /**
     * Waits in the same way until the timeout ends. Then the task continues without a permit, and its slot must not give
     * one back.
     */
    void takeBack(Timeout timeout) {
        if (slot != null && share != null && share.reacquire(timeout)) {
            slot.lendsPermit = false;
        }
    }
}
