package io.github.workerqueue;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/** How tasks get into a queue, or do not. */
final class PutAdmission {

    /*
     * Whoever puts first tries as an outsider would, which costs one CAS if there is room. Only where that fails is it asked
     * who puts, and on which terms.
     */

    private final QueueEngine engine;

    private final Ring ring;

    private final LongAdder rejectedCount = new LongAdder();

    PutAdmission(QueueEngine engine) {
        this.engine = engine;
        this.ring = engine.ring;
    }

    /** Puts a task, unless the queue was cancelled since the epoch. A task of the queue itself does not wait for room. */
    void put(Object task, long epoch) throws InterruptedException {
        if (!tryPutFast(task, epoch)) {
            put(task, Producer.of(engine, epoch), QueueEngine.FOREVER);
        }
    }

    /** Puts a task in the same way, but waits no longer for room than told, nor once there is enough. Returns false then. */
    boolean put(Object task, long nanos, long epoch, BooleanSupplier enough) throws InterruptedException {
        return tryPutFast(task, epoch) || put(task, Producer.of(engine, epoch).until(enough), nanos);
    }

    private boolean put(Object task, Producer admission, long nanos) throws InterruptedException {
        admission.check();
        if (!admission.isOwn()) {
            return awaitRoom(task, admission, nanos);
        }
        if (!engine.overflow.put(task, engine.now())) {
            admission.check();
            throw rejectClosed();
        }
        engine.producers.signalNotFull();
        afterPut();
        return true;
    }

    /** Puts a task, unless the queue was cancelled since the epoch. Returns false if there was no room in time. */
    boolean offer(Object task, long nanos, long epoch) throws InterruptedException {
        if (tryPutFast(task, epoch)) {
            return true;
        }
        Producer admission = Producer.of(engine, epoch).withinCapacity();
        admission.check();
        return tryPut(task, admission) || (nanos > 0 && awaitRoom(task, admission, nanos)) || reject();
    }

    /** Puts a task if there is room now. */
    boolean offer(Object task) {
        Producer admission = Producer.of(engine, Ring.ANY_EPOCH).withinCapacity();
        if (tryPut(task, admission)) {
            return true;
        }
        admission.check();
        return reject();
    }

    /** Waits before a put; a close or a cancel ends the wait. */
    void delay(long nanos, long epoch) throws InterruptedException {
        StackGuard.check();
        Producer admission = Producer.of(engine, epoch);
        admission.check();
        try {
            engine.producers.sleep(admission, engine.threads.delay(nanos));
        } catch (InterruptedException ex) {
            throw engine.interrupts.remember(ex);
        }
    }

    /** Counts a refused task and gives what to throw. */
    QueueClosedException rejectClosed() {
        reject();
        String state = ring.hasAny(Ring.CLOSED) ? "closed" : "closing";
        String reason = engine.isShutDown()
                ? " because its factory or the application stops; put tasks before the stop begins"
                : "; open a new queue with QueueFactory.open";
        return new QueueClosedException(
                "Queue '" + engine.name + "' is " + state + " and does not accept tasks" + reason);
    }

    /** Throws what ended the round early, unless a join has told of it meanwhile. */
    void throwAbort() {
        RuntimeException breach = engine.round.abortException();
        if (breach != null) {
            reject();
            throw breach;
        }
    }

    /** How many tasks were refused. */
    long rejectedCount() {
        return rejectedCount.sum();
    }

    private boolean tryPutFast(Object task, long epoch) throws InterruptedException {
        if (Thread.interrupted()) {
            throw engine.interrupts.remember(new InterruptedException());
        }
        return tryPut(task, Ring.OUTSIDER, epoch);
    }

    private boolean tryPut(Object task, Producer admission) {
        return tryPut(task, admission.refusedBy(), admission.epoch());
    }

    private boolean tryPut(Object task, long refusedBy, long epoch) {
        if (!ring.offer(task, engine.now(), refusedBy, epoch)
                && !(beginRound() && ring.offer(task, engine.now(), refusedBy, epoch))) {
            return false;
        }
        afterPut();
        return true;
    }

    /** Begins the round, if that is what refuses puts. Returns whether it was. */
    boolean beginRound() {
        if (engine.deadline == null || !ring.hasAny(Ring.ROUND_NOT_BEGUN)) {
            return false;
        }
        StackGuard.check();
        engine.deadline.begin();
        return true;
    }

    private boolean awaitRoom(Object task, Producer admission, long nanos) throws InterruptedException {
        StackGuard.check();
        long start = engine.now();
        ManagedWait loan = ManagedWait.ofCurrentTask();
        engine.recover();
        BlockedTimerWarning.check(engine);
        try {
            long left = engine.threads.beforeWait(engine, "a put into the full queue", this::hasRoom, nanos);
            if (!engine.producers.await(task, admission, left)) {
                return false;
            }
            afterPut();
            return true;
        } catch (InterruptedException ex) {
            throw engine.interrupts.remember(ex);
        } finally {
            loan.takeBack();
            engine.listener.blocked(engine.name, engine.now() - start);
        }
    }

    private boolean hasRoom() {
        return !ring.isFull() && engine.overflow.size() == 0;
    }

    private void afterPut() {
        engine.wakeWorkerFromPut();
        engine.interrupts.forget();
    }

    private boolean reject() {
        rejectedCount.increment();
        engine.listener.rejected(engine.name);
        return false;
    }
}
