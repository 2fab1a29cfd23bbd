package io.github.workerqueue;

import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What is put between two joins: where it began, and what it gave. */
final class Rounds {

    /** How long a join waits for a paused queue until it says so. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Engine engine;

    private final Quiescence quiescence;

    /** The first ticket of this round. Written under the lock of quiescence. */
    private volatile long first;

    Rounds(Engine engine) {
        this.engine = engine;
        this.quiescence = new Quiescence(engine);
    }

    /** The place of a ticket in its round: valid while its task has not ended. */
    long index(long ticket) {
        return ticket - first;
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
            List<Object> results = await(wanted, nanos);
            if (results == null) {
                throw new TimeoutException("Queue '" + engine.name + "' still has " + engine.depth()
                        + " tasks waiting and " + engine.slots.active() + " running");
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
        for (long left = nanos; ; left = left == Engine.FOREVER ? left : left - PATIENCE_NANOS) {
            List<Object> results = quiescence.await(() -> end(wanted), Math.min(left, PATIENCE_NANOS));
            if (results != null || left <= PATIENCE_NANOS) {
                return results;
            }
            if (engine.quota.isPaused() && !told) {
                told = true;
                Engine.logger.warn(
                        "Queue '{}' is paused, and a join waits for its {} tasks; resume() lets them run",
                        engine.name,
                        engine.depth());
            }
        }
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
            check(collected, wanted);
            List<Object> results = collected.inOrder();
            slots.forEach(Slot::clearResults);
            first = end;
            return results;
        } finally {
            slots.thaw();
        }
    }

    /** The number of tickets handed out, if all of them have ended; else -1. Only while the slots are frozen. */
    long quietAt() {
        long end = engine.ring.emptyAt();
        return engine.overflow.size() > 0 || engine.cancellation.isUnderWay() ? -1 : end;
    }

    private Collected collected() {
        Collected collected = new Collected();
        engine.slots.forEach(slot -> collected.add(slot.results()));
        return collected;
    }

    private void check(Collected collected, Class<?> wanted) {
        Collected.Entry other = wanted == Object.class ? null : collected.firstOtherThan(wanted);
        if (other != null) {
            throw new ClassCastException("Queue '" + engine.name + "': the result at index " + index(other.index())
                    + " is a " + other.value().getClass().getName() + ", join asked for " + wanted.getName()
                    + "; nothing was cleared");
        }
    }
}
