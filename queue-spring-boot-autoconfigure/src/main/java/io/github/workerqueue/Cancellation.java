package io.github.workerqueue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Cancel of all accepted tasks: every ticket below a limit is cancelled, and the limit never decreases. */
final class Cancellation {

    /*
     * A cancel begins a new epoch, which rejects the puts under way, and then raises the limit above all issued
     * tickets:
     *
     *   waiting task   claimed and dropped here, or by a slot that claims a ticket below the limit
     *   running task   interrupted here, slot by slot
     *   stage          detached here; unless a close is under way, also by its slot if the cancel has missed it
     *
     * Happens-before: a slot publishes its running task or its stage and then reads the limit. A cancel writes the
     * limit and then reads the slots. All of these are volatile, so one of the two sees the other. While a cancel
     * claims tasks, no slot runs them, so `underWay` keeps the queue from being quiescent.
     *
     * A close must account for every task, including a task that a slot claims during the cancel and drops by itself.
     * The ring is closed, so each ticket below the limit is dropped, counted, interrupted here, or in transit. A
     * ticket in transit is claimed but not yet in the interrupt window, or out of the window but not yet counted. A
     * slot calls listeners and retry policies only in the states announced and undecided of its window, which a cancel
     * can end. Other user code in transit is brief: the methods of a future that its user executes. So the closing
     * thread repeats its pass until no ticket is in transit. Slots do not detach stages meanwhile, so only the closing
     * thread reports started tasks.
     *
     * User code runs here only on the threads of slots. The thread that cancels or closes collects and counts the
     * tasks, and starts the callbacks afterwards.
     */

    /** Time for which a close waits for tasks in transit, which takes microseconds unless the state is corrupt. */
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

    /** Limit below which all tickets are cancelled. */
    private final AtomicLong limit = new AtomicLong();

    /** Number of cancels and closes that are claiming tasks. */
    private final AtomicInteger underWay = new AtomicInteger();

    /** Number of cancels that wait for their callbacks. */
    private final AtomicInteger calling = new AtomicInteger();

    /** Number of closes that are ending tasks. */
    private final AtomicInteger closing = new AtomicInteger();

    /** Limit of the last cancel, or of the last close that ended tasks. */
    private volatile long cut;

    /** Receiver of the tasks that slots drop. Written before the limit. */
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

    /** Returns the limit below which all tickets are cancelled. */
    long limit() {
        return limit.get();
    }

    /** Whether a round that began with this ticket was cancelled. */
    boolean hasCancelledRound(long first) {
        return cut > first;
    }

    /** Whether no round may end. A callback of a cancel may join, so it does not wait for the other callbacks. */
    boolean isUnderWay() {
        return underWay.get() > 0 || (calling.get() > 0 && !Callbacks.isCallback());
    }

    /** Whether a cancel may have missed a stage that occupies its slot from now on. A close does not miss it. */
    boolean mayHaveMissed(long ticket) {
        return ticket < limit() && closing.get() == 0;
    }

    /** Returns the number of tasks that were cancelled before they started. */
    long droppedCount() {
        return dropped.get();
    }

    /** Cancels the retry that a slot has just added, if a cancel may have missed it. */
    void cancelMissedRetry(long ticket) {
        long below = limit();
        if (ticket < below) {
            backlog.cancelRetriesBelow(below, this::drop);
        }
    }

    /** Drops a task that a slot claimed below the limit. */
    void drop(long ticket, Object task) {
        sink.drop(ticket, task);
    }

    /** Cancels the puts under way and all accepted tasks. */
    void cancel() {
        cancelIf(() -> true);
    }

    /** Cancels if a condition holds. No round ends between the check and the cancel. */
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

    /** Runs an action during which no round ends. */
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
     * Closes the ring, cancels all tasks, and waits briefly until each is accounted for. Does not wait for the end of
     * running tasks. Returns the tasks that this call has cancelled.
     */
    CancelledTasks closeNow() {
        CancelledTasks cancelled = new CancelledTasks(context, dropped);
        holdRound(() -> {
            closing.incrementAndGet();
            try {
                // First, so that the puts under way report the close, not a cancel.
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

    private long raiseLimit(CancelSink claimedSink) {
        ring.advanceEpoch();
        producers.signalAll();
        this.sink = claimedSink;
        return limit.accumulateAndGet(overflow.acceptedCount(), Math::max);
    }

    /** Cancels all tasks below the limit. Returns the number of ended or interrupted tasks, never too high. */
    private long cancelBelow(long below, CancelSink receiver) {
        backlog.cancelBelow(below, receiver);
        long neverStarted = dropped.get();
        UsedSlots used = slots.usedSlots();
        long[] ended = {neverStarted + used.total()};
        used.forEach(slot -> ended[0] += slot.cancel(below, receiver));
        return ended[0];
    }

    /** Drops a task and runs its callbacks on the current thread. */
    private void dropImmediately(long ticket, Object task) {
        dropped.incrementAndGet();
        if (task instanceof QueuedTask queued) {
            queued.drop();
        }
        CancelledTasks.notifyNeverStarted(context, context.index(ticket));
    }
}
