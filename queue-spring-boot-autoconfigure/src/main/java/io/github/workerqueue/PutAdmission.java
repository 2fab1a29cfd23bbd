package io.github.workerqueue;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * Admission of tasks to a queue: it adds a task to the ring, lets its producer wait in {@link BlockedProducers}, or
 * rejects the put.
 */
final class PutAdmission {

    /*
     * A put first tries with the flags of an outsider, which costs one CAS if the ring has a free cell. Only after a
     * failure does it determine the kind of its producer.
     */

    private final QueueContext context;

    private final Ring ring;

    private final PutOverflow overflow;

    private final BlockedProducers producers;

    private final Round round;

    private final ManagedWait wait;

    private final QueueSignals signals;

    private final LongAdder rejected = new LongAdder();

    PutAdmission(
            QueueContext context,
            Ring ring,
            PutOverflow overflow,
            BlockedProducers producers,
            Round round,
            ManagedWait wait,
            QueueSignals signals) {
        this.context = context;
        this.ring = ring;
        this.overflow = overflow;
        this.producers = producers;
        this.round = round;
        this.wait = wait;
        this.signals = signals;
    }

    /** Puts a task, unless the queue was cancelled since the epoch. A task of the queue may exceed the capacity. */
    void put(Object task, long epoch) throws InterruptedException {
        if (!tryPutFast(task, epoch)) {
            put(task, Producer.of(context, epoch), Durations.FOREVER);
        }
    }

    /** Puts a task in the same way. Returns false if no cell became free in time, or the put is no longer needed. */
    boolean put(Object task, long nanos, long epoch, BooleanSupplier obsolete) throws InterruptedException {
        return tryPutFast(task, epoch) || put(task, Producer.of(context, epoch).until(obsolete), nanos);
    }

    private boolean put(Object task, Producer producer, long nanos) throws InterruptedException {
        check(producer);
        if (!producer.isOwn()) {
            return awaitRoom(task, producer, nanos);
        }
        if (!overflow.put(task, context.now())) {
            check(producer);
            throw rejectClosed();
        }
        producers.signalNotFull();
        afterPut();
        return true;
    }

    /** Puts a task, unless the queue was cancelled since the epoch. Returns false if no cell became free in time. */
    boolean offer(Object task, long nanos, long epoch) throws InterruptedException {
        if (tryPutFast(task, epoch)) {
            return true;
        }
        Producer producer = Producer.of(context, epoch).withinCapacity();
        check(producer);
        return tryPut(task, producer) || (nanos > 0 && awaitRoom(task, producer, nanos)) || reject();
    }

    /** Puts a task if the ring has a free cell now. */
    boolean offer(Object task) {
        Producer producer = Producer.of(context, Ring.ANY_EPOCH).withinCapacity();
        if (tryPut(task, producer)) {
            return true;
        }
        check(producer);
        return reject();
    }

    /** Waits before a put. A close or a cancel ends the wait. */
    void delay(long nanos, long epoch) throws InterruptedException {
        StackGuard.check();
        Producer producer = Producer.of(context, epoch);
        check(producer);
        try {
            producers.sleep(producer, context.threads.areParallel() ? nanos : 0);
        } catch (InterruptedException ex) {
            throw wait.interrupts.remember(ex);
        }
    }

    /** Begins the round if necessary. Throws an exception if the queue rejects the producer. */
    void check(Producer producer) {
        // read before the flags, since a close sets its flag before it begins an epoch
        boolean cancelled = producer.epoch() != Ring.ANY_EPOCH && producer.epoch() != ring.epoch();
        if (ring.hasAny(producer.rejectedBy() & Ring.ENDING)) {
            throw rejectClosed();
        }
        if (ring.hasAny(Ring.ROUND_ABORTED)) {
            RuntimeException abort = round.abortException();
            if (abort != null) { // null if a join has thrown it meanwhile
                reject();
                throw abort;
            }
        }
        round.begin();
        if (cancelled) {
            round.throwAbortSince(producer.epoch());
            throw new CancellationException(
                    "Queue '" + context.name + "' was cancelled during the put, and did not accept the task");
        }
    }

    /** Counts a rejected task, and returns the exception to throw. */
    private QueueClosedException rejectClosed() {
        reject();
        String state = ring.hasAny(Ring.CLOSED) ? "closed" : "closing";
        String reason = context.isShutDown()
                ? " because its factory or the application stops; put tasks before the stop begins"
                : "; open a new queue with QueueFactory.open";
        return new QueueClosedException(
                "Queue '" + context.name + "' is " + state + " and does not accept tasks" + reason);
    }

    /** Returns the number of rejected tasks. */
    long rejectedCount() {
        return rejected.sum();
    }

    private boolean tryPutFast(Object task, long epoch) throws InterruptedException {
        if (Thread.interrupted()) {
            throw wait.interrupts.remember(new InterruptedException());
        }
        return tryPut(task, Ring.OUTSIDER, epoch);
    }

    private boolean tryPut(Object task, Producer producer) {
        return tryPut(task, producer.rejectedBy(), producer.epoch());
    }

    private boolean tryPut(Object task, long rejectedBy, long epoch) {
        if (!ring.offer(task, context.now(), rejectedBy, epoch)
                && !(round.begin() && ring.offer(task, context.now(), rejectedBy, epoch))) {
            return false;
        }
        afterPut();
        return true;
    }

    private boolean awaitRoom(Object task, Producer producer, long nanos) throws InterruptedException {
        StackGuard.check();
        long start = context.now();
        context.group.logOnce.warnOfBlockedTimer(context.name);
        try {
            String call = "a put into the full queue";
            Boolean accepted = wait.run(call, this::hasRoom, nanos, limit -> producers.await(task, producer, limit));
            if (!Boolean.TRUE.equals(accepted)) {
                return false;
            }
            afterPut();
            return true;
        } finally {
            context.listener.blocked(context.name, context.now() - start);
        }
    }

    private boolean hasRoom() {
        return !ring.isFull() && overflow.size() == 0;
    }

    private void afterPut() {
        signals.wakeWorkerAfterPut();
        wait.interrupts.forget();
    }

    private boolean reject() {
        rejected.increment();
        context.listener.rejected(context.name);
        return false;
    }
}
