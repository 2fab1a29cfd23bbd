package io.github.workerqueue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Ends what was accepted: every ticket below a limit that only grows is cancelled. */
final class Cancellation {

    /*
     * Puts under way are cut off first, then the limit is raised above every ticket handed out. From then on, a slot that
     * claims a ticket below it drops the task; what waits is claimed and dropped here; what runs is interrupted here, slot by
     * slot. Slot and AsyncTask each write that they run, or wait for a stage, and then read the limit, so a slot that was
     * looked at too early sees it. While tasks are claimed here, no slot runs them, so a count says that the queue is not
     * quiet.
     *
     * Who closes the queue has to know what became of every task, also of one that a slot claimed in the instant of the cancel
     * and drops by itself. As the ring refuses everybody then, each ticket below the limit has been dropped or counted, or was
     * interrupted here, but for those that a slot has claimed and not entered its window with, or has left it with and not
     * counted. In between, code of the user runs only while the window says so (announced, undecided), so the closing thread
     * looks until there are none. It detaches the stages, which then do not do it themselves, so that it is the only one to
     * tell of what had started.
     *
     * Here, code of the user runs on threads of slots only. The thread that cancels or closes collects the tasks and counts
     * them, and starts the callbacks afterwards.
     */

    /** Time for which a close looks for tasks in transit, which takes microseconds unless the state of the queue is broken. */
    private static final long TRANSIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final QueueContext context;

    private final Ring ring;

    private final PutOverflow overflow;

    private final BlockedProducers producers;

    private final Backlog backlog;

    private final WorkerSlots slots;

    private final QueueSignals signals;

    /** Number of tasks that were cancelled before they started. */
    private final AtomicLong dropped = new AtomicLong();

    private final AtomicLong limit = new AtomicLong();

    private final AtomicInteger underWay = new AtomicInteger();

    /** Number of cancels that wait for their callbacks. */
    private final AtomicInteger calling = new AtomicInteger();

    private final AtomicInteger closing = new AtomicInteger();

    /** Tickets below this were accepted before the last cancel, or close, that ended tasks. */
    private volatile long cut;

    /** The fate of what slots drop. Written before the limit. */
    private volatile CancelSink sink;

    Cancellation(
            QueueContext context,
            Ring ring,
            PutOverflow overflow,
            BlockedProducers producers,
            Backlog backlog,
            WorkerSlots slots,
            QueueSignals signals) {
        this.context = context;
        this.ring = ring;
        this.overflow = overflow;
        this.producers = producers;
        this.backlog = backlog;
        this.slots = slots;
        this.signals = signals;
        this.sink = this::dropImmediately;
    }

    /** Tickets below this are cancelled. */
    long limit() {
        return limit.get();
    }

    /** Whether a round that began with this ticket was cancelled. */
    boolean cancelledRound(long first) {
        return cut > first;
    }

    /** Whether no round may end. A callback of a cancel may join, so nothing makes it wait for the other callbacks. */
    boolean isUnderWay() {
        return underWay.get() > 0 || (calling.get() > 0 && !Callbacks.isCallback());
    }

    /** Whether a stage that holds its slot from now on was perhaps looked for in vain. */
    boolean mayHaveMissed(long ticket) {
        return ticket < limit() && closing.get() == 0;
    }

    /** Returns the number of tasks that were cancelled before they started. */
    long droppedCount() {
        return dropped.get();
    }

    /** Cancels the retry that a slot has just added, if a cancel has looked at the retries before that. */
    void cancelMissedRetry(long ticket) {
        long below = limit();
        if (ticket < below) {
            backlog.cancelRetriesBelow(below, this::drop);
        }
    }

    /** Drops a task that a slot claimed, and that is below the limit. */
    void drop(long ticket, Object task) {
        sink.drop(ticket, task);
    }

    /** Cancels the puts under way and all tasks that were accepted before. */
    void cancel() {
        cancelIf(() -> true);
    }

    /** Cancels if the condition holds, which is looked at while no round ends. */
    void cancelIf(BooleanSupplier condition) {
        CancelledTasks cancelled = new CancelledTasks(context, dropped);
        calling.incrementAndGet();
        try {
            holdRound(() -> {
                if (condition.getAsBoolean()) {
                    long limit = raiseLimit(this::dropImmediately);
                    cut = limit;
                    cancelBelow(limit, cancelled);
                }
            });
            Callbacks.start(context, cancelled.callbacks(cancelled.inOrder()))
                    .await(Timeout.of(Callbacks.PATIENCE_NANOS));
        } finally {
            calling.decrementAndGet();
            signals.signalIfQuiescent();
        }
    }

    /** Does something during which no round ends. */
    private void holdRound(Runnable action) {
        underWay.incrementAndGet();
        try {
            action.run();
        } finally {
            underWay.decrementAndGet();
            signals.signalIfQuiescent();
        }
    }

    /**
     * Closes the ring, cancels everything, and waits until of each task it is known whether it has started; for those that
     * have, it does not wait. Returns the tasks that were cancelled here.
     */
    CancelledTasks closeNow() {
        CancelledTasks cancelled = new CancelledTasks(context, dropped);
        holdRound(() -> {
            closing.incrementAndGet();
            try {
                // First, so that the puts that it cuts off hear of the close, not of a cancel.
                overflow.closeNow();
                long limit = raiseLimit(cancelled);
                Timeout timeout = Timeout.of(TRANSIT_NANOS);
                long ended = cancelBelow(limit, cancelled);
                for (int spins = 0; ended < limit && !timeout.isExpired(); spins++) {
                    Ring.pause(spins);
                    ended = cancelBelow(limit, cancelled);
                }
                if (ended < limit) {
                    QueueLog.logger.error(
                            "Queue '{}': lost track of {}", context.name, Counts.of(limit - ended, "task"));
                }
                if (!cancelled.isEmpty()) {
                    cut = limit;
                }
            } finally {
                closing.decrementAndGet();
            }
            sink = this::dropImmediately;
        });
        return cancelled;
    }

    private long raiseLimit(CancelSink ofClaimed) {
        ring.advanceEpoch();
        producers.signalAll();
        this.sink = ofClaimed;
        return limit.accumulateAndGet(overflow.acceptedCount(), Math::max);
    }

    /** Cancels what is found below the limit. Returns how many tasks have ended or been interrupted; never too many. */
    private long cancelBelow(long below, CancelSink receiver) {
        backlog.cancelBelow(below, receiver);
        long neverStarted = dropped.get();
        UsedSlots used = slots.usedSlots();
        long[] ended = {neverStarted + used.total()};
        used.forEach(slot -> ended[0] += slot.cancel(below, receiver));
        return ended[0];
    }

    /** Drops a task with its callbacks, on the current thread. */
    private void dropImmediately(long ticket, Object task) {
        dropped.incrementAndGet();
        if (task instanceof QueuedTask queued) {
            queued.drop();
        }
        CancelledTasks.notifyNeverStarted(context, context.index(ticket));
    }
}
