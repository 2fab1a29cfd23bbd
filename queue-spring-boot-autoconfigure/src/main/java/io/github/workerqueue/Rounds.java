package io.github.workerqueue;

import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** What is put between two joins: where it began, and what it gave. */
final class Rounds {

    /** How long a join waits for a paused queue until it says so. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Engine engine;

    private final Quiescence quiescence;

    /** The first ticket of this round. Written under the lock of quiescence. */
    private volatile long first;

    /** The first ticket of the round in which the oldest slot that has left began its task; else that of this round. */
    private volatile long firstOfLeft;

    /** What ended this round early. Written under the lock of quiescence. */
    private volatile @Nullable Breach breach;

    /** What ended this or an earlier round early, for puts that have not noticed yet. Written as the other. */
    private volatile @Nullable Breach lastBreach;

    Rounds(Engine engine) {
        this.engine = engine;
        this.quiescence = new Quiescence(engine);
    }

    /** The place of a ticket in its round: valid while its task has not ended. */
    long index(long ticket) {
        long begin = first;
        return ticket - (ticket < begin ? firstOfLeft : begin);
    }

    long counter() {
        return Math.max(0, engine.overflow.accepted() - first);
    }

    Quiescence quiescence() {
        return quiescence;
    }

    /** Must be called when nothing waits and nothing runs. */
    void stopped() {
        quiescence.signal();
    }

    /** Waits until nothing waits and nothing runs, ends the round there, and returns what it gave. */
    List<Object> join(Class<?> type, long nanos) throws InterruptedException, TimeoutException {
        Admission.refuseInside(engine, "join()");
        Class<?> wanted = MethodType.methodType(type).wrap().returnType();
        Loan loan = Loan.ofCurrentTask();
        try {
            long left = engine.threads.beforeWait(engine, "join()", engine::isQuiet, nanos);
            List<Object> results = await(wanted, left);
            if (results == null) {
                throw new TimeoutException("Queue '" + engine.name + "': join() timed out with "
                        + Counts.text(engine.depth()) + " waiting and " + Counts.text(engine.slots.active())
                        + " running tasks; no task was cancelled, and the results are kept for the next join()");
            }
            engine.interrupted.forget();
            return results;
        } catch (InterruptedException ex) {
            throw engine.interrupted.remember(ex);
        } finally {
            loan.takeBack();
        }
    }

    private @Nullable List<Object> await(Class<?> wanted, long nanos) throws InterruptedException {
        boolean told = false;
        Timeout timeout = Timeout.of(nanos);
        for (; ; ) {
            List<Object> results = quiescence.await(() -> end(wanted), Math.min(timeout.remaining(), PATIENCE_NANOS));
            if (results != null || timeout.isExpired()) {
                return results;
            }
            if (engine.quota.isPaused() && !told) {
                told = true;
                Engine.logger.warn(
                        "Queue '{}': a join waits for {}, but the queue is paused; call resume() to continue",
                        engine.name,
                        Counts.of(engine.depth(), "task"));
            }
        }
    }

    /** Has every failure end the round, before the handler is told of it. */
    QueueExceptionHandler failingFast(QueueExceptionHandler handler) {
        return failure -> {
            Breach known = breach;
            if (known != null) {
                known.add(failure.exception());
            } else {
                breach(Breach.ofFailure(engine, failure.exception()), () -> true);
            }
            handler.handle(failure);
        };
    }

    /** Ends the round early, if that is still due: cancels the rest of it, and refuses puts until a join has told so. */
    void breach(Breach cause, BooleanSupplier due) {
        engine.cancellation.cancelIf(() -> {
            boolean marked = quiescence.attempt(() -> mark(cause, due));
            if (marked) {
                engine.gate.signalAll();
            }
            return marked;
        });
    }

    private boolean mark(Breach cause, BooleanSupplier due) {
        if (breach != null || !due.getAsBoolean()) {
            return false;
        }
        breach = cause;
        lastBreach = cause;
        engine.ring.set(Ring.BROKEN);
        return true;
    }

    /** What to throw where the round was ended early; null if it was not. */
    @Nullable
    RuntimeException breachException() {
        Breach known = breach;
        return known == null ? null : known.exception(responses());
    }

    /** Throws what cut off a put that began at this epoch, also if a join has told of it meanwhile. */
    void throwBreachSince(long epoch) {
        Breach known = lastBreach;
        if (known != null && known.cutOff(epoch)) {
            throw known.exception(List.of());
        }
    }

    /** Throws the failure that ended the round early, if nothing has thrown it yet. */
    void throwUntoldFailure() {
        Breach known = breach;
        if (known != null && known.isUntoldFailure()) {
            throw known.exception(responses());
        }
    }

    /** Logs that a queue closed with results that no join has returned, unless its round was cancelled. */
    void logUnjoined() {
        if (counter() == 0 || engine.cancellation.hasCut(first)) {
            return;
        }
        long[] unjoined = {0};
        engine.slots.used().forEach(slot -> unjoined[0] += Results.count(slot.ledger.results()));
        if (unjoined[0] > 0 && engine.owner.notices.isDue(Notices.Notice.UNJOINED_RESULTS, engine.name)) {
            SafeLogger.log(
                    Level.INFO,
                    "Queue '{}': closed with {} that no join has returned; join() still returns them, "
                            + "and execute() collects no results",
                    engine.name,
                    Counts.of(unjoined[0], "result"));
        }
    }

    /** Nothing is left that a time limit could end. */
    void closed() {
        quiescence.attempt(() -> {
            if (engine.deadline != null) {
                engine.deadline.ended();
            }
            return true;
        });
    }

    /** What was collected so far. */
    List<Object> responses() {
        return quiescence.attempt(this::collected).inOrder();
    }

    private @Nullable List<Object> end(Class<?> wanted) {
        Slots slots = engine.slots;
        if (!slots.freeze()) {
            return null;
        }
        try {
            long end = quietAt();
            if (end < 0) {
                return null;
            }
            Collected collected = collected();
            Breach ended = breach;
            if (ended == null) {
                check(collected, wanted);
            }
            List<Object> results = collected.inOrder();
            UsedSlots used = slots.used();
            Runnable rest = slots.resting();
            if (!beginNext(end)) {
                return null;
            }
            used.forEach(slot -> slot.ledger.clearResults());
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
        Deadline deadline = engine.deadline;
        if (deadline != null) {
            if (!engine.ring.setAt(ticket, Ring.NOT_BEGUN)) {
                return false;
            }
            deadline.ended();
        }
        if (engine.slots.left() == 0) {
            firstOfLeft = ticket;
        }
        first = ticket;
        boolean broken = breach != null;
        if (broken) {
            breach = null;
            engine.ring.clear(Ring.BROKEN);
        }
        if (broken || deadline != null) {
            engine.gate.signalAll(); // who found the flag set, and nothing to throw any more, waits without a reason
        }
        return true;
    }

    /** The number of tickets handed out, if all of them have ended; else -1. Only while the slots are frozen. */
    long quietAt() {
        long end = engine.ring.emptyAt();
        return engine.overflow.size() > 0 || engine.retries.size() > 0 || engine.cancellation.isUnderWay() ? -1 : end;
    }

    private Collected collected() {
        Collected collected = new Collected();
        engine.slots.used().forEach(slot -> collected.add(slot.ledger.results()));
        return collected;
    }

    private void check(Collected collected, Class<?> wanted) {
        Collected.Entry other = wanted == Object.class ? null : collected.firstOtherThan(wanted);
        if (other != null) {
            throw new ClassCastException("Queue '" + engine.name + "': the result at index " + index(other.index())
                    + " must be a " + wanted.getName() + ", but was a "
                    + other.value().getClass().getName()
                    + "; no result was cleared, and join() returns results of all types");
        }
    }
}
