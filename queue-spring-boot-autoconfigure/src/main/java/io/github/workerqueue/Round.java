package io.github.workerqueue;

import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Current round of a queue, which a join ends: its results, its deadline, and its abort, if there is one. */
final class Round {

    /*
     * A round begins at the end of the one before, and ends at an instant of quiescence, in tryEnd():
     *
     *   freeze     no slot starts to run, so no task is claimed and no result is added
     *   tail       the ticket at which this round ends and the next begins, if nothing waits and no cancel is under way
     *   merge      the results of the used slots, in submission order
     *   begin      the next round, with that ticket as its first
     *   clear      the results in the slots
     *   thaw       slots may run again
     *
     * Invariants: each result belongs to exactly one round. A put during an end belongs to the next round, as its
     * ticket is not below the tail. With a deadline, the next round begins only if the tail has not moved, so that no
     * ticket is handed out before its time runs.
     *
     * After an abort, the round continues until a join has thrown it: ROUND_ABORTED rejects all puts meanwhile.
     * Aborts, ends and deadlines change the state under the lock of Quiescence.
     *
     * Happens-before: a slot adds its results before it stops running, by a CAS of the word of WorkerSlots, which the
     * freeze reads. The clear happens before the thaw, which each slot reads when it starts to run.
     */

    /** Time after which a join that waits for a paused queue logs a warning. */
    private static final long PAUSED_WARNING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final QueueContext context;

    private final Ring ring;

    private final BlockedProducers producers;

    private final Backlog backlog;

    private final WorkerSlots slots;

    private final StartThrottle throttle;

    private final Cancellation cancellation;

    private final Quiescence quiescence;

    private final ManagedWait wait;

    /** Null if rounds have no deadline. */
    private final @Nullable RoundDeadline deadline;

    /** Abort of this round; null if there is none. Written under the lock of quiescence. */
    private volatile @Nullable RoundAbort abort;

    /** Last abort of this or an earlier round, for puts that have not seen it. Written under the lock of quiescence. */
    private volatile @Nullable RoundAbort lastAbort;

    Round(
            QueueContext context,
            Ring ring,
            BlockedProducers producers,
            Backlog backlog,
            WorkerSlots slots,
            StartThrottle throttle,
            Cancellation cancellation,
            Quiescence quiescence,
            ManagedWait wait) {
        this.context = context;
        this.ring = ring;
        this.producers = producers;
        this.backlog = backlog;
        this.slots = slots;
        this.throttle = throttle;
        this.cancellation = cancellation;
        this.quiescence = quiescence;
        this.wait = wait;
        Duration limit = context.settings.deadline();
        this.deadline = limit == null || Durations.nanos(limit) == Durations.FOREVER
                ? null
                : new RoundDeadline(context, ring, quiescence, limit, this::abort);
    }

    /** Begins the round, if a flag of the ring asks for it. Returns false if the round has begun already. */
    boolean begin() {
        if (deadline == null || !ring.hasAny(Ring.ROUND_NOT_BEGUN)) {
            return false;
        }
        StackGuard.check();
        deadline.begin();
        return true;
    }

    /** Returns the number of tasks accepted in this round. */
    long counter() {
        return Math.max(0, backlog.acceptedCount() - context.firstTicket());
    }

    /** Waits for quiescence, ends the round there, and returns its results. */
    List<Object> join(Class<?> type, long nanos) throws InterruptedException, TimeoutException {
        wait.refuseInside("join()");
        Class<?> wanted = MethodType.methodType(type).wrap().returnType();
        List<Object> results = wait.run("join()", quiescence::isReached, nanos, remaining -> await(wanted, remaining));
        if (results == null) {
            throw new TimeoutException("Queue '" + context.name + "': join() timed out with "
                    + Counts.text(backlog.depth()) + " waiting and " + Counts.text(slots.active())
                    + " running tasks; no task was cancelled, and the results are kept for the next join()");
        }
        wait.interrupts.forget();
        return results;
    }

    private @Nullable List<Object> await(Class<?> wanted, long nanos) throws InterruptedException {
        boolean warned = false;
        Timeout timeout = Timeout.of(nanos);
        for (; ; ) {
            List<Object> results =
                    quiescence.await(() -> tryEnd(wanted), Math.min(timeout.remaining(), PAUSED_WARNING_NANOS));
            if (results != null || timeout.isExpired()) {
                return results;
            }
            if (throttle.isPaused() && !warned) {
                warned = true;
                QueueLog.logger.warn(
                        "Queue '{}': a join waits for {}, but the queue is paused; call resume() to continue",
                        context.name,
                        Counts.of(backlog.depth(), "task"));
            }
        }
    }

    /** Returns a handler that aborts the round at the first failure, before it passes each failure on. */
    QueueExceptionHandler failingFast(QueueExceptionHandler handler) {
        return failure -> {
            RoundAbort known = abort;
            if (known != null) {
                known.add(failure.exception());
            } else {
                abort(RoundAbort.ofFailure(context.name, ring.epoch(), failure.exception()), () -> true);
            }
            handler.handle(failure);
        };
    }

    /**
     * Aborts the round if a condition holds: cancels its unfinished tasks, and rejects puts until a join has thrown the
     * abort.
     */
    void abort(RoundAbort cause, BooleanSupplier condition) {
        cancellation.cancelIf(() -> {
            boolean marked = quiescence.attempt(() -> mark(cause, condition));
            if (marked) {
                producers.signalAll();
            }
            return marked;
        });
    }

    private boolean mark(RoundAbort cause, BooleanSupplier condition) {
        if (abort != null || !condition.getAsBoolean()) {
            return false;
        }
        abort = cause;
        lastAbort = cause;
        ring.set(Ring.ROUND_ABORTED);
        return true;
    }

    /** Returns the exception for the abort of the round; null if there is none. */
    @Nullable
    RuntimeException abortException() {
        RoundAbort known = abort;
        return known == null ? null : known.exception(responses());
    }

    /** Throws the abort that cancelled a put of this epoch, even if a join has thrown it meanwhile. */
    void throwAbortSince(long epoch) {
        RoundAbort known = lastAbort;
        if (known != null && known.coversPutOf(epoch)) {
            throw known.exception(List.of());
        }
    }

    /** Throws the failure that aborted the round, if no method has thrown it yet. */
    void throwUnreportedFailure() {
        RoundAbort known = abort;
        if (known != null && known.isUnreportedFailure()) {
            throw known.exception(responses());
        }
    }

    /** Logs that a queue closed with results that no join has returned, unless its round was cancelled. */
    void logUnjoined() {
        if (counter() == 0 || cancellation.hasCancelledRound(context.firstTicket())) {
            return;
        }
        long[] unjoined = {0};
        slots.usedSlots().forEach(slot -> unjoined[0] += ResultChunk.count(slot.outcomes.results()));
        if (unjoined[0] > 0) {
            context.group.logOnce.logUnjoinedResults(context.name, unjoined[0]);
        }
    }

    /** Cancels the deadline, after the close of the queue. */
    void cancelDeadline() {
        quiescence.attempt(() -> {
            if (deadline != null) {
                deadline.cancel();
            }
            return true;
        });
    }

    /** Returns the results collected so far. */
    List<Object> responses() {
        return quiescence.attempt(this::mergeResults).inOrder();
    }

    private @Nullable List<Object> tryEnd(Class<?> wanted) {
        if (!slots.freeze()) {
            return null;
        }
        try {
            long end = tailIfQuiescent();
            if (end < 0) {
                return null;
            }
            ResultMerger collected = mergeResults();
            RoundAbort ended = abort;
            if (ended == null) {
                check(collected, wanted);
            }
            List<Object> results = collected.inOrder();
            UsedSlots used = slots.usedSlots();
            Runnable reset = slots.prepareReset();
            if (!beginNext(end)) {
                return null;
            }
            used.forEach(slot -> slot.outcomes.clearResults());
            reset.run();
            if (ended != null) {
                throw ended.exception(results);
            }
            return results;
        } finally {
            slots.thaw();
        }
    }

    /** Begins the next round with this ticket. Returns false if a put took it before a deadline could start. */
    private boolean beginNext(long ticket) {
        if (deadline != null) {
            if (!ring.setIfTail(ticket, Ring.ROUND_NOT_BEGUN)) {
                return false;
            }
            deadline.cancel();
        }
        context.beginRound(ticket, slots.absent() > 0);
        boolean aborted = abort != null;
        if (aborted) {
            abort = null;
            ring.clear(Ring.ROUND_ABORTED);
        }
        if (aborted || deadline != null) {
            producers.signalAll(); // a producer that saw the flag, but no abort to throw, is blocked without a reason
        }
        return true;
    }

    /**
     * Returns the first ticket of the next round if the queue is quiescent, else -1. Call this method only while the
     * slots are frozen.
     */
    long tailIfQuiescent() {
        long end = backlog.tailIfEmpty();
        return cancellation.isUnderWay() ? -1 : end;
    }

    private ResultMerger mergeResults() {
        ResultMerger collected = new ResultMerger();
        slots.usedSlots().forEach(slot -> collected.add(slot.outcomes.results()));
        return collected;
    }

    private void check(ResultMerger collected, Class<?> wanted) {
        ResultMerger.Entry other = wanted == Object.class ? null : collected.firstOtherThan(wanted);
        if (other != null) {
            throw new ClassCastException(
                    "Queue '" + context.name + "': the result at index " + context.index(other.index())
                            + " must be a " + wanted.getName() + ", but was a "
                            + other.value().getClass().getName()
                            + "; no result was cleared, and join() returns results of all types");
        }
    }
}
