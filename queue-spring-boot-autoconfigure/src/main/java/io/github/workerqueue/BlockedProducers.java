package io.github.workerqueue;

import io.github.workerqueue.QueueReport.BlockedProducer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** FIFO queue of the producers blocked on a full ring, woken in batches. */
final class BlockedProducers {

    /*
     * Order: only the first producer in the wait queue tries to put; the others park until they are first. Outside
     * the wait queue, a producer puts while the ring has free cells, so a fast producer is not woken for each task.
     * It may overtake the wait queue, but only up to the ceiling of the ring. The ceiling lies maxsize tickets above
     * the number of tickets issued when the first producer began to wait. This bounds starvation.
     *
     * Batching: a producer woken at the first free cell would pay two context switches per task. A producer that
     * spins and fills each cell as it becomes free would make the workers reload every cache line for every task. So
     * if tasks are cheap by measurement, a producer spins before it enters the wait queue. It checks a few times
     * whether the ring is half empty, at intervals of half the estimated time. The first producer in the wait queue
     * parks for a short time, in which it is woken only when the ring is half empty. If the ring is still full, it
     * parks until the first free cell. Progress needs this limit: every worker may be blocked in a task that waits
     * for a later action of the producer.
     *
     * Liveness: no wake-up is lost. The first producer sets its threshold, clears its signal and tries to put, in
     * this order. A worker claims a ticket and then reads first, threshold and signal. All of these are volatile.
     * Either the put sees the claim, or the worker sees the cleared signal and unparks the producer. A producer that
     * leaves the wait queue for any reason signals the next one.
     */

    private static final int MAX_LOOKS = 8;

    private final QueueContext context;

    private final Ring ring;

    private final SpinPolicy spins;

    private final QueueSignals signals;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final ArrayDeque<Waiter> queue = new ArrayDeque<>(0);

    /** Producers that wait for the delay before a put. Guarded by the lock. */
    private final List<Waiter> sleeping = new ArrayList<>(0);

    /** Head of the wait queue. Written under the lock. */
    private volatile @Nullable Waiter first;

    /** Written under the lock. */
    private volatile int count;

    BlockedProducers(QueueContext context, Ring ring, SpinPolicy spins, QueueSignals signals) {
        this.context = context;
        this.ring = ring;
        this.spins = spins;
        this.signals = signals;
    }

    int count() {
        return count;
    }

    /** Returns the blocked producers and their waiting times. */
    List<BlockedProducer> report() {
        lock.lock();
        try {
            long now = System.nanoTime();
            return queue.stream()
                    .map(waiter -> new BlockedProducer(waiter.thread, Durations.between(waiter.startTime, now)))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the first producer if its threshold is reached. Call this method after freeing a cell. */
    void signalNotFull() {
        Waiter waiter = first;
        if (waiter != null && ring.depth() <= waiter.threshold) {
            waiter.signal();
        }
    }

    /** Wakes all producers, which check whether they must still wait. */
    void signalAll() {
        lock.lock();
        try {
            queue.forEach(Waiter::signal);
            sleeping.forEach(Waiter::signal);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a free cell and puts the task.
     *
     * @return false if no cell became free in time, or the put is no longer needed
     */
    boolean await(Object task, Producer producer, long nanos) throws InterruptedException {
        if (spin(task, producer, nanos)) {
            return true;
        }
        Waiter waiter = new Waiter(ring.capacity() / 2);
        Timeout timeout = Timeout.of(nanos);
        enqueue(waiter);
        try {
            for (boolean batch = true; ; ) {
                waiter.signalled = false;
                signals.check(producer);
                boolean isFirst = waiter == first;
                if (isFirst && ring.offerFirst(task, context.now(), producer.rejectedBy(), producer.epoch())) {
                    return true;
                }
                long remaining = timeout.remaining();
                if (remaining == 0 || producer.obsolete().getAsBoolean()) {
                    return false;
                }
                signals.recover();
                if (isFirst && batch) {
                    park(waiter, Math.min(remaining, spins.batchNanos(ring.capacity())));
                    waiter.threshold = ring.capacity() - 1;
                    batch = false;
                } else {
                    park(waiter, remaining);
                }
            }
        } finally {
            dequeue(waiter);
        }
    }

    /** Sleeps before a put. A close or a cancel ends the sleep with an exception. */
    void sleep(Producer producer, long nanos) throws InterruptedException {
        Waiter waiter = new Waiter(-1);
        Timeout timeout = Timeout.of(nanos);
        lock.lock();
        try {
            sleeping.add(waiter);
        } finally {
            lock.unlock();
        }
        try {
            for (long remaining = timeout.remaining(); remaining > 0; remaining = timeout.remaining()) {
                waiter.signalled = false;
                signals.check(producer);
                park(waiter, remaining);
            }
        } finally {
            lock.lock();
            try {
                sleeping.remove(waiter);
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean spin(Object task, Producer producer, long limit) {
        if (!spins.shouldProducerSpin(ring.capacity(), limit, MAX_LOOKS)) {
            return false;
        }
        long nanos = spins.halfRingNanos(ring.capacity());
        for (int looks = 0; looks < MAX_LOOKS && first == null; looks++) {
            spinFor(nanos / 2);
            if (ring.depth() <= ring.capacity() / 2) {
                return ring.offer(task, context.now(), producer.rejectedBy(), producer.epoch());
            }
        }
        return false;
    }

    private static void spinFor(long nanos) {
        for (long start = System.nanoTime(); System.nanoTime() - start < nanos; ) {
            Thread.onSpinWait();
        }
    }

    private void enqueue(Waiter waiter) {
        Waiter head;
        lock.lock();
        try {
            queue.add(waiter);
            count = queue.size();
            head = first;
            if (head == null) {
                waiter.firstTicket = ring.lowerCeiling();
                ring.setCeiling(waiter.firstTicket + ring.capacity());
                first = waiter;
            } else {
                waiter.firstTicket = ring.tail();
            }
        } finally {
            lock.unlock();
        }
        if (head != null && !ring.isFull()) {
            head.signal();
        }
    }

    private void dequeue(Waiter waiter) {
        Waiter next = null;
        lock.lock();
        try {
            queue.remove(waiter);
            count = queue.size();
            if (first == waiter) {
                next = queue.peekFirst();
                first = next;
                ring.setCeiling(next == null ? Long.MAX_VALUE : next.firstTicket + ring.capacity());
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.signal();
        }
    }

    private void park(Waiter waiter, long nanos) throws InterruptedException {
        if (!waiter.signalled) {
            if (nanos == Durations.FOREVER) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Blocked producer, or one that sleeps before its put. */
    private static final class Waiter {

        private final Thread thread = Thread.currentThread();

        private final long startTime = System.nanoTime();

        /** Number of tickets issued when the producer began to wait. Written once, under the lock. */
        private long firstTicket;

        /** Maximum depth of the ring at which a worker wakes the producer. */
        private volatile int threshold;

        private volatile boolean signalled;

        Waiter(int threshold) {
            this.threshold = threshold;
        }

        void signal() {
            if (!signalled) {
                signalled = true;
                try {
                    LockSupport.unpark(thread);
                } catch (StackOverflowError ex) {
                    signalled = false;
                    throw ex;
                }
            }
        }
    }
}
