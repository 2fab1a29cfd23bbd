package io.github.workerqueue;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/** How tasks get into a queue, or do not. */
final class Entrance {

    /*
     * Whoever puts first tries as an outsider would, which costs one CAS if there is room. Only where that fails is it asked
     * who puts, and on which terms.
     */

    private final Engine engine;

    private final Ring ring;

    private final LongAdder rejected = new LongAdder();

    Entrance(Engine engine) {
        this.engine = engine;
        this.ring = engine.ring;
    }

    /** Puts a task, unless the queue was cancelled since the epoch. A task of the queue itself does not wait for room. */
    void put(Object task, long epoch) throws InterruptedException {
        if (!enteredAtOnce(task, epoch)) {
            put(task, Admission.of(engine, epoch), Engine.FOREVER);
        }
    }

    /** Puts a task in the same way, but waits no longer for room than told, nor once there is enough. Returns false then. */
    boolean put(Object task, long nanos, long epoch, BooleanSupplier enough) throws InterruptedException {
        return enteredAtOnce(task, epoch)
                || put(task, Admission.of(engine, epoch).until(enough), nanos);
    }

    private boolean put(Object task, Admission admission, long nanos) throws InterruptedException {
        admission.check();
        if (!admission.isOwn()) {
            return await(task, admission, nanos);
        }
        if (!engine.overflow.put(task, engine.now())) {
            admission.check();
            throw closedException();
        }
        engine.gate.released();
        accepted();
        return true;
    }

    /** Puts a task, unless the queue was cancelled since the epoch. Returns false if there was no room in time. */
    boolean offer(Object task, long nanos, long epoch) throws InterruptedException {
        if (enteredAtOnce(task, epoch)) {
            return true;
        }
        Admission admission = Admission.of(engine, epoch).bounded();
        admission.check();
        return entered(task, admission) || (nanos > 0 && await(task, admission, nanos)) || refused();
    }

    /** Puts a task if there is room now. */
    boolean offer(Object task) {
        Admission admission = Admission.of(engine, Ring.ANY_EPOCH).bounded();
        if (entered(task, admission)) {
            return true;
        }
        admission.check();
        return refused();
    }

    /** Waits before a put; a close or a cancel ends the wait. */
    void delay(long nanos, long epoch) throws InterruptedException {
        StackGuard.check();
        Admission admission = Admission.of(engine, epoch);
        admission.check();
        try {
            engine.gate.sleep(admission, engine.threads.delay(nanos));
        } catch (InterruptedException ex) {
            throw engine.interrupted.remember(ex);
        }
    }

    /** Counts a refused task and gives what to throw. */
    QueueClosedException closedException() {
        refused();
        String state = ring.has(Ring.CLOSED) ? "closed" : "closing";
        String reason = engine.isShutDown()
                ? " because its factory or the application stops; put tasks before the stop begins"
                : "; open a new queue with QueueFactory.open";
        return new QueueClosedException(
                "Queue '" + engine.name + "' is " + state + " and does not accept tasks" + reason);
    }

    /** Throws what ended the round early, unless a join has told of it meanwhile. */
    void throwBreach() {
        RuntimeException breach = engine.rounds.breachException();
        if (breach != null) {
            refused();
            throw breach;
        }
    }

    /** How many tasks were refused. */
    long rejected() {
        return rejected.sum();
    }

    private boolean enteredAtOnce(Object task, long epoch) throws InterruptedException {
        if (Thread.interrupted()) {
            throw engine.interrupted.remember(new InterruptedException());
        }
        return entered(task, Ring.OUTSIDER, epoch);
    }

    private boolean entered(Object task, Admission admission) {
        return entered(task, admission.refusedBy(), admission.epoch());
    }

    private boolean entered(Object task, long refusedBy, long epoch) {
        if (!ring.offer(task, engine.now(), refusedBy, epoch)
                && !(beginRound() && ring.offer(task, engine.now(), refusedBy, epoch))) {
            return false;
        }
        accepted();
        return true;
    }

    /** Begins the round, if that is what refuses puts. Returns whether it was. */
    boolean beginRound() {
        if (engine.deadline == null || !ring.has(Ring.NOT_BEGUN)) {
            return false;
        }
        StackGuard.check();
        engine.deadline.begin();
        return true;
    }

    private boolean await(Object task, Admission admission, long nanos) throws InterruptedException {
        StackGuard.check();
        long start = engine.now();
        Loan loan = Loan.ofCurrentTask();
        engine.recover();
        BlockedTimer.check(engine);
        try {
            long left = engine.threads.beforeWait(engine, "a put into the full queue", this::hasRoom, nanos);
            if (!engine.gate.await(task, admission, left)) {
                return false;
            }
            accepted();
            return true;
        } catch (InterruptedException ex) {
            throw engine.interrupted.remember(ex);
        } finally {
            loan.takeBack();
            engine.listener.blocked(engine.name, engine.now() - start);
        }
    }

    private boolean hasRoom() {
        return !ring.isFull() && engine.overflow.size() == 0;
    }

    private void accepted() {
        engine.wakeWorkerFromPut();
        engine.interrupted.forget();
    }

    private boolean refused() {
        rejected.increment();
        engine.listener.rejected(engine.name);
        return false;
    }
}
