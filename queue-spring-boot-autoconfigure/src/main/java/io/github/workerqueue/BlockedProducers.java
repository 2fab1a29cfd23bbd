package io.github.workerqueue;

import io.github.workerqueue.QueueReport.BlockedProducer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The producers that are held back while the ring is full. */
final class BlockedProducers {

    /*
     * They stand in line. Only the first looks for room; the others park until they are the first. A producer that was let
     * in goes on putting without standing in line again while there is room, so a fast one is not woken for each task: it may
     * pass those in line, but only up to the ceiling of the ring, which lies maxsize tickets above the number of tickets that
     * were handed out when the first began to wait.
     *
     * Woken at the first free cell, a producer would pay two context switches a task, and one that spins and takes each cell
     * as it becomes free makes the slots fetch every cache line anew for every task. So a producer looks a few times, as far
     * apart as half the ring takes by the measured cost of a task if that is short, and goes on when the ring is half empty.
     * The first in line parks for a short time in which it is woken only when the ring is half empty; if the ring is still full
     * after that, it parks until the first free cell. The short time is what keeps this correct where every worker is stuck in
     * a task that waits for what the producer does next.
     *
     * No wake-up is lost: the first clears its signal, sets its threshold and looks for room, in this order; a worker claims
     * a ticket, then reads threshold and signal. All of these are volatile. Who leaves the line, for whatever reason, passes
     * on to the next.
     */

    private static final int MAX_LOOKS = 8;

    private final QueueContext context;

    private final Ring ring;

    private final SpinPolicy spins;

    private final QueueSignals signals;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final ArrayDeque<Waiter> queue = new ArrayDeque<>(0);

    /** Those that sleep before they put. Guarded by the lock. */
    private final List<Waiter> sleeping = new ArrayList<>(0);

    /** The first in line. Written under the lock. */
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

    /** Who waits in line, and for how long. */
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

    /** Must be called after room was made. */
    void signalNotFull() {
        Waiter waiter = first;
        if (waiter != null && ring.depth() <= waiter.threshold) {
            waiter.signal();
        }
    }

    /** Lets everyone in line look again at whether it is still to wait. */
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
     * Waits for room and puts the task.
     *
     * @return false if there was none in time, or it is not to be put any more
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
                long left = timeout.remaining();
                if (left == 0 || producer.obsolete().getAsBoolean()) {
                    return false;
                }
                signals.recover();
                if (isFirst && batch) {
                    park(waiter, Math.min(left, spins.batchNanos(ring.capacity())));
                    waiter.threshold = ring.capacity() - 1;
                    batch = false;
                } else {
                    park(waiter, left);
                }
            }
        } finally {
            dequeue(waiter);
        }
    }

    /** Sleeps, unless the queue closes or is cancelled. */
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
            for (long left = timeout.remaining(); left > 0; left = timeout.remaining()) {
                waiter.signalled = false;
                signals.check(producer);
                park(waiter, left);
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

    private boolean spin(Object task, Producer producer, long most) {
        if (!spins.shouldProducerSpin(ring.capacity(), most, MAX_LOOKS)) {
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
        Waiter before;
        lock.lock();
        try {
            queue.add(waiter);
            count = queue.size();
            before = first;
            if (before == null) {
                waiter.firstTicket = ring.lowerCeiling();
                ring.setCeiling(waiter.firstTicket + ring.capacity());
                first = waiter;
            } else {
                waiter.firstTicket = ring.tail();
            }
        } finally {
            lock.unlock();
        }
        if (before != null && !ring.isFull()) {
            before.signal();
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

    /** A producer in line, or one that sleeps before it puts. */
    private static final class Waiter {

        private final Thread thread = Thread.currentThread();

        private final long startTime = System.nanoTime();

        /** How many tickets were handed out when it began to wait. Written once, under the lock. */
        private long firstTicket;

        /** How many tasks may wait at most when it is worth waking. */
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
