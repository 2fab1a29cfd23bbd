package io.github.workerqueue;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What all open queues of one name may run at once: that many permits, shared fairly. */
final class SharedPermits {

    /*
     * Every slot that is awake holds a permit of its queue's Holder. A queue that finds none is put down as wanting, and the
     * next permit that is given back goes to the one of them that holds fewest; of several, to the one that was served least
     * since both were there. Beside tasks that wait for longer, a slot does not keep its permit either: between two tasks it
     * gives it to a queue that would still hold fewer than its own, or as many and was served less. So each of k queues
     * that want has its floor(total / k) after one task's time, as whoever holds more than that gives one up at the end
     * of each task; and the rest goes round. A permit that was given runs a task before it is given on: what others hold while
     * permits change hands says little, and who gave one up too early would wait for it until the next task ends.
     *
     * A task that waits for another queue lends its permit, and takes one back before it goes on. Those come first: they had
     * theirs before, and hold up a slot. As whoever waits for a permit has none, and whoever has one ends or lends it, nested
     * queues of one name can't wait for each other for ever.
     *
     * While one is free, nobody wants or waits: both are looked at under the same lock as the permits.
     */

    private final ReentrantLock lock = new ReentrantLock();

    private final TreeSet<Holder> wanting = new TreeSet<>(Comparator.<Holder>comparingInt(share -> share.held)
            .thenComparingLong(share -> share.starts)
            .thenComparingLong(Holder::id));

    /** Those that hold or want. */
    private final Set<Holder> present = new LinkedHashSet<>();

    private final ArrayDeque<Lender> lenders = new ArrayDeque<>();

    private int free;

    /** Whether anyone waits for a permit. Written under the lock. */
    private volatile boolean contended;

    SharedPermits(int total) {
        this.free = total;
    }

    /** Takes a permit; if there is none, the share is given one later, when somebody calls {@link #release}. */
    boolean acquire(Holder share) {
        lock.lock();
        try {
            if (acquireFree(share)) {
                return true;
            }
            wanting.add(share);
            contended = true;
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a permit back. Returns the share that has it now, and whose queue is to be woken, or null. */
    @Nullable
    Holder release(Holder share) {
        lock.lock();
        try {
            return passOn(share);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #release}, from a share that can't use what it was given and wants no more until it says so. */
    @Nullable
    Holder decline(Holder share) {
        lock.lock();
        try {
            wanting.remove(share);
            return passOn(share);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Holder passOn(Holder share) {
        update(share, -1, 0);
        share.unused = Math.min(share.unused, share.held);
        Holder next = null;
        Lender lender = lenders.poll();
        if (lender != null) {
            update(lender.share, 1, 0);
            lender.hasPermit = true;
            LockSupport.unpark(lender.thread);
        } else {
            next = neediest();
            if (next == null) {
                free++;
            }
        }
        contended = !wanting.isEmpty() || !lenders.isEmpty();
        if (share.held == 0 && !wanting.contains(share)) {
            present.remove(share);
        }
        return next;
    }

    /** Gives a permit to the neediest share, which goes on wanting if it has tasks for more. */
    private @Nullable Holder neediest() {
        for (Holder next = wanting.pollFirst(); next != null; next = wanting.pollFirst()) {
            if (next.needsPermit()) {
                next.held++;
                next.unused++;
                if (next.needsPermit()) {
                    wanting.add(next);
                }
                return next;
            }
            if (next.held == 0) {
                present.remove(next);
            }
        }
        return null;
    }

    /**
     * Takes a permit for a task that continues, before any that has not started. Waits, through interrupts, and returns
     * false if there was none in time.
     */
    boolean reacquire(Holder share, Timeout timeout) {
        Lender lender = new Lender(share, Thread.currentThread());
        lock.lock();
        try {
            if (acquireFree(share)) {
                return true;
            }
            lenders.add(lender);
            contended = true;
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (!lender.hasPermit && !timeout.isExpired()) {
            LockSupport.parkNanos(this, timeout.remaining());
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return lender.hasPermit || !leave(lender);
    }

    /** Leaves the line of lenders. Returns false if the lender was given a permit before. */
    private boolean leave(Lender lender) {
        lock.lock();
        try {
            boolean left = lenders.remove(lender);
            contended = !wanting.isEmpty() || !lenders.isEmpty();
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a permit of the share is to go to another before the next task. */
    boolean owesPermit(Holder share) {
        if (!contended) {
            return false;
        }
        lock.lock();
        try {
            if (!lenders.isEmpty()) {
                return true;
            }
            Holder neediest = wanting.isEmpty() || share.unused > 0 ? null : wanting.first();
            return neediest != null
                    && (neediest.held < share.held - 1
                            || (neediest.held == share.held - 1 && neediest.starts < share.starts));
        } finally {
            lock.unlock();
        }
    }

    /** Counts a task that is about to run. */
    void recordStart(Holder share) {
        lock.lock();
        try {
            update(share, 0, 1);
            share.unused = Math.max(0, share.unused - 1);
        } finally {
            lock.unlock();
        }
    }

    /** A newcomer counts as served as often as the one that was served least, or it would come first for as long. */
    private void addNewcomer(Holder share) {
        if (!present.contains(share)) {
            long least = present.stream().mapToLong(other -> other.starts).min().orElse(0);
            share.starts = Math.max(share.starts, least);
            present.add(share);
        }
    }

    private boolean acquireFree(Holder share) {
        addNewcomer(share);
        if (free == 0) {
            return false;
        }
        free--;
        update(share, 1, 0);
        return true;
    }

    /** Changes what the order of those that want is made of. */
    private void update(Holder share, int held, int served) {
        boolean wants = wanting.remove(share);
        share.held += held;
        share.starts += served;
        if (wants) {
            wanting.add(share);
        }
    }

    /** A thread that waits to take back what its task lent. */
    private static final class Lender {

        private final Holder share;

        private final Thread thread;

        private volatile boolean hasPermit;

        Lender(Holder share, Thread thread) {
            this.share = share;
            this.thread = thread;
        }
    }

    /** Permits that one queue holds of the {@link SharedPermits} of its name. */
    static final class Holder {

        /** Queue that holds permits. */
        interface Queue {

            /** Wakes a worker that has a permit already. Returns false if no worker is idle. */
            boolean wakeToRun();

            /** Whether the queue could use one more permit. */
            boolean needsPermit(int held, int unused);
        }

        private final SharedPermits permits;

        private final long id;

        private final Queue queue;

        /** Number of permits. Guarded by the lock of the shared permits. */
        int held;

        /** Number of permits whose slots have not claimed a task yet. Guarded by the lock of the shared permits. */
        int unused;

        /**
         * Number of started tasks. A newcomer begins with the lowest number of the others. Guarded by the lock of the shared
         * permits.
         */
        long starts;

        Holder(SharedPermits permits, long id, Queue queue) {
            this.permits = permits;
            this.id = id;
            this.queue = queue;
        }

        long id() {
            return id;
        }

        /** Acquires a permit. Returns false if there is none; the queue is woken when it gets one. */
        boolean acquire() {
            return permits.acquire(this);
        }

        /** Acquires a permit for a task that continues, and waits for it. Returns false if there was none in time. */
        boolean reacquire(Timeout timeout) {
            return permits.reacquire(this, timeout);
        }

        /** Releases a permit, and wakes the queue that gets it. A queue that cannot use the permit passes it on. */
        void release() {
            Holder next = permits.release(this);
            while (next != null && !next.queue.wakeToRun()) {
                next = permits.decline(next);
            }
        }

        /** Whether tasks wait for which this queue has no permit. */
        boolean needsPermit() {
            return queue.needsPermit(held, unused);
        }

        /** Whether a permit must go to another queue before the next task. */
        boolean owesPermit() {
            return permits.owesPermit(this);
        }

        void recordStart() {
            permits.recordStart(this);
        }
    }

    /** The budgets of a factory by name; each lives as long as a queue of the name, or a task that it left, does. */
    static final class Registry {

        private final Map<String, Named> budgets = new HashMap<>();

        private final ReferenceQueue<SharedPermits> collected = new ReferenceQueue<>();

        synchronized SharedPermits of(String name, int total) {
            Named known = budgets.get(name);
            SharedPermits budget = known == null ? null : known.get();
            if (budget == null) {
                removeCollected();
                budget = new SharedPermits(total);
                budgets.put(name, new Named(name, budget, collected));
            }
            return budget;
        }

        /** Removes up to two entries for the one that follows: fewer than all, as an open must take the same time for any number. */
        private void removeCollected() {
            for (int i = 0; i < 2; i++) {
                Reference<? extends SharedPermits> reference = collected.poll();
                if (reference instanceof Named named) {
                    budgets.remove(named.name, named);
                }
            }
        }

        private static final class Named extends WeakReference<SharedPermits> {

            private final String name;

            Named(String name, SharedPermits budget, ReferenceQueue<SharedPermits> collected) {
                super(budget, collected);
                this.name = name;
            }
        }
    }
}
