package io.github.workerqueue;

import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** What is put between two joins: where it began, and what it gave. */
final class Round {

    /** How long a join waits for a paused queue until it says so. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final QueueEngine engine;

    private final Quiescence quiescence;

    /** The first ticket of this round. Written under the lock of quiescence. */
    private volatile long firstTicket;

    /** The first ticket of the round in which the oldest slot that has left began its task; else that of this round. */
    private volatile long firstTicketOfAbsent;

    /** What ended this round early. Written under the lock of quiescence. */
    private volatile @Nullable RoundAbort abort;

    /** What ended this or an earlier round early, for puts that have not noticed yet. Written as the other. */
    private volatile @Nullable RoundAbort lastAbort;

    Round(QueueEngine engine) {
        this.engine = engine;
        this.quiescence = new Quiescence(engine);
    }

    /** The place of a ticket in its round: valid while its task has not ended. */
    long index(long ticket) {
        long begin = firstTicket;
        return ticket - (ticket < begin ? firstTicketOfAbsent : begin);
    }

    long counter() {
        return Math.max(0, engine.overflow.acceptedCount() - firstTicket);
    }

    Quiescence quiescence() {
        return quiescence;
    }

    /** Must be called when nothing waits and nothing runs. */
    void signalQuiescence() {
        quiescence.signal();
    }

    /** Waits until nothing waits and nothing runs, ends the round there, and returns what it gave. */
    List<Object> join(Class<?> type, long nanos) throws InterruptedException, TimeoutException {
        Producer.refuseInside(engine, "join()");
        Class<?> wanted = MethodType.methodType(type).wrap().returnType();
        ManagedWait loan = ManagedWait.ofCurrentTask();
        try {
            long left = engine.threads.beforeWait(engine, "join()", engine::isQuiescent, nanos);
            List<Object> results = await(wanted, left);
            if (results == null) {
                throw new TimeoutException("Queue '" + engine.name + "': join() timed out with "
                        + Counts.text(engine.depth()) + " waiting and " + Counts.text(engine.slots.active())
                        + " running tasks; no task was cancelled, and the results are kept for the next join()");
            }
            engine.interrupts.forget();
            return results;
        } catch (InterruptedException ex) {
            throw engine.interrupts.remember(ex);
        } finally {
            loan.takeBack();
        }
    }

    private @Nullable List<Object> await(Class<?> wanted, long nanos) throws InterruptedException {
        boolean told = false;
        Timeout timeout = Timeout.of(nanos);
        for (; ; ) {
            List<Object> results =
                    quiescence.await(() -> tryEnd(wanted), Math.min(timeout.remaining(), PATIENCE_NANOS));
            if (results != null || timeout.isExpired()) {
                return results;
            }
            if (engine.throttle.isPaused() && !told) {
                told = true;
                QueueEngine.logger.warn(
                        "Queue '{}': a join waits for {}, but the queue is paused; call resume() to continue",
                        engine.name,
                        Counts.of(engine.depth(), "task"));
            }
        }
    }

    /** Has every failure end the round, before the handler is told of it. */
    QueueExceptionHandler failingFast(QueueExceptionHandler handler) {
        return failure -> {
            RoundAbort known = abort;
            if (known != null) {
                known.add(failure.exception());
            } else {
                abort(RoundAbort.ofFailure(engine, failure.exception()), () -> true);
            }
            handler.handle(failure);
        };
    }

    /** Ends the round early, if that is still due: cancels the rest of it, and refuses puts until a join has told so. */
    void abort(RoundAbort cause, BooleanSupplier due) {
        engine.cancellation.cancelIf(() -> {
            boolean marked = quiescence.attempt(() -> mark(cause, due));
            if (marked) {
                engine.producers.signalAll();
            }
            return marked;
        });
    }

    private boolean mark(RoundAbort cause, BooleanSupplier due) {
        if (abort != null || !due.getAsBoolean()) {
            return false;
        }
        abort = cause;
        lastAbort = cause;
        engine.ring.set(Ring.ROUND_ABORTED);
        return true;
    }

    /** What to throw where the round was ended early; null if it was not. */
    @Nullable
    RuntimeException abortException() {
        RoundAbort known = abort;
        return known == null ? null : known.exception(responses());
    }

    /** Throws what cut off a put that began at this epoch, also if a join has told of it meanwhile. */
    void throwAbortSince(long epoch) {
        RoundAbort known = lastAbort;
        if (known != null && known.appliesTo(epoch)) {
            throw known.exception(List.of());
        }
    }

    /** Throws the failure that ended the round early, if nothing has thrown it yet. */
    void throwUnreportedFailure() {
        RoundAbort known = abort;
        if (known != null && known.isUnreportedFailure()) {
            throw known.exception(responses());
        }
    }

    /** Logs that a queue closed with results that no join has returned, unless its round was cancelled. */
    void logUnjoined() {
        if (counter() == 0 || engine.cancellation.cancelledRound(firstTicket)) {
            return;
        }
        long[] unjoined = {0};
        engine.slots.usedSlots().forEach(slot -> unjoined[0] += ResultChunk.count(slot.outcomes.results()));
        if (unjoined[0] > 0 && engine.owner.notices.isDue(LogOnce.Notice.UNJOINED_RESULTS, engine.name)) {
            QueueLog.log(
                    Level.INFO,
                    "Queue '{}': closed with {} that no join has returned; join() still returns them, "
                            + "and execute() collects no results",
                    engine.name,
                    Counts.of(unjoined[0], "result"));
        }
    }

    /** Nothing is left that a time limit could end. */
    void cancelDeadline() {
        quiescence.attempt(() -> {
            if (engine.deadline != null) {
                engine.deadline.cancel();
            }
            return true;
        });
    }

    /** What was collected so far. */
    List<Object> responses() {
        return quiescence.attempt(this::mergeResults).inOrder();
    }

    private @Nullable List<Object> tryEnd(Class<?> wanted) {
        WorkerSlots slots = engine.slots;
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
            Runnable rest = slots.prepareReset();
            if (!beginNext(end)) {
                return null;
            }
            used.forEach(slot -> slot.outcomes.clearResults());
            rest.run();
            if (ended != null) {
                throw ended.exception(results);
            }
            return results;
        } finally {
            slots.thaw();
        }
    }

    /** Lets the next round begin with this ticket. Returns false if it was handed out already, too early for a time limit. */
    private boolean beginNext(long ticket) {
        RoundDeadline deadline = engine.deadline;
        if (deadline != null) {
            if (!engine.ring.setIfTail(ticket, Ring.ROUND_NOT_BEGUN)) {
                return false;
            }
            deadline.cancel();
        }
        if (engine.slots.absent() == 0) {
            firstTicketOfAbsent = ticket;
        }
        firstTicket = ticket;
        boolean broken = abort != null;
        if (broken) {
            abort = null;
            engine.ring.clear(Ring.ROUND_ABORTED);
        }
        if (broken || deadline != null) {
            engine.producers
                    .signalAll(); // who found the flag set, and nothing to throw any more, waits without a reason
        }
        return true;
    }

    /** The number of tickets handed out, if all of them have ended; else -1. Only while the slots are frozen. */
    long tailIfQuiescent() {
        long end = engine.ring.tailIfEmpty();
        return engine.overflow.size() > 0 || engine.retries.size() > 0 || engine.cancellation.isUnderWay() ? -1 : end;
    }

    private ResultMerger mergeResults() {
        ResultMerger collected = new ResultMerger();
        engine.slots.usedSlots().forEach(slot -> collected.add(slot.outcomes.results()));
        return collected;
    }

    private void check(ResultMerger collected, Class<?> wanted) {
        ResultMerger.Entry other = wanted == Object.class ? null : collected.firstOtherThan(wanted);
        if (other != null) {
            throw new ClassCastException("Queue '" + engine.name + "': the result at index " + index(other.index())
                    + " must be a " + wanted.getName() + ", but was a "
                    + other.value().getClass().getName()
                    + "; no result was cleared, and join() returns results of all types");
        }
    }
}
