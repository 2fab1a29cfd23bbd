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

/** Permits to run tasks, shared fairly by all open queues of one name. */
final class SharedPermits {

    /*
     * State: a permit is free, or held by the Holder of a queue. Each awake slot holds one permit.
     *
     *   free -> held             acquire(), reacquire()
     *   held -> held by another  release() or decline(), if a lender or a holder waits
     *   held -> free             release() or decline(), otherwise
     *
     * Invariant: while a permit is free, no holder and no lender waits. The lock guards both and the permits.
     *
     * Fairness: a holder that finds no free permit waits. A released permit goes to the waiting holder with the
     * fewest permits. Among several, it goes to the one with the fewest starts since all of them were present. Also
     * between two tasks, a slot releases its permit if a waiting holder has at least two permits fewer than its own,
     * or one fewer and fewer starts.
     *
     * So each of k waiting queues has its floor(total / k) permits after the time of one task: a queue with more
     * releases one at the end of each task. The rest goes round. Except for a lender, no permit is released in this
     * way while the queue has a received one that has not run a task. While permits change hands, the counts of the
     * other holders mean little. A queue that released a permit too early would wait for it until the next task ends.
     *
     * Liveness: a task that waits for another queue lends its permit, and reacquires one before it continues. Lenders
     * come first: they held a permit before, and occupy a slot. A thread that waits for a permit holds none, and a
     * thread that holds one ends its task or lends the permit. So nested queues of one name cannot deadlock.
     */

    private final ReentrantLock lock = new ReentrantLock();

    /** Holders that wait for a permit, the neediest first. Guarded by the lock. */
    private final TreeSet<Holder> waiting = new TreeSet<>(Comparator.<Holder>comparingInt(holder -> holder.held)
            .thenComparingLong(holder -> holder.starts)
            .thenComparingLong(Holder::id));

    /** Holders that hold or wait for a permit. Guarded by the lock. */
    private final Set<Holder> present = new LinkedHashSet<>();

    private final ArrayDeque<Lender> lenders = new ArrayDeque<>();

    private final int total;

    private int free;

    /** Whether a holder or a lender waits. Written under the lock. */
    private volatile boolean contended;

    SharedPermits(int total) {
        this.total = total;
        this.free = total;
    }

    /** Acquires a permit. Returns false if none is free; then, the holder gets one from a later {@link #release}. */
    boolean acquire(Holder holder) {
        lock.lock();
        try {
            if (acquireFree(holder)) {
                return true;
            }
            waiting.add(holder);
            contended = true;
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Releases a permit. Returns the holder that has it now, and whose queue must be woken; null if there is none. */
    @Nullable
    Holder release(Holder holder) {
        lock.lock();
        try {
            return passOn(holder);
        } finally {
            lock.unlock();
        }
    }

    /** Releases a permit in the same way, from a holder that cannot use it and stops waiting. */
    @Nullable
    Holder decline(Holder holder) {
        lock.lock();
        try {
            waiting.remove(holder);
            return passOn(holder);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Holder passOn(Holder holder) {
        update(holder, -1, 0);
        holder.unused = Math.min(holder.unused, holder.held);
        Holder next = null;
        Lender lender = lenders.poll();
        if (lender != null) {
            update(lender.holder, 1, 0);
            lender.hasPermit = true;
            LockSupport.unpark(lender.thread);
        } else {
            next = neediest();
            if (next == null) {
                free++;
            }
        }
        contended = !waiting.isEmpty() || !lenders.isEmpty();
        if (holder.held == 0 && !waiting.contains(holder)) {
            present.remove(holder);
        }
        return next;
    }

    /**
     * Gives a permit to the neediest waiting holder, which keeps waiting if its tasks need more. Returns null if no
     * holder needs one.
     */
    private @Nullable Holder neediest() {
        for (Holder next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
            if (next.needsPermit()) {
                next.held++;
                next.unused++;
                if (next.needsPermit()) {
                    waiting.add(next);
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
     * Acquires a permit for a task that continues, before any task that has not started. Waits through interrupts.
     * Returns false if there was no permit in time.
     */
    boolean reacquire(Holder holder, Timeout timeout) {
        Lender lender = new Lender(holder, Thread.currentThread());
        lock.lock();
        try {
            if (acquireFree(holder)) {
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

    /** Removes a lender from the waiting ones. Returns false if it has received a permit before. */
    private boolean leave(Lender lender) {
        lock.lock();
        try {
            boolean removed = lenders.remove(lender);
            contended = !waiting.isEmpty() || !lenders.isEmpty();
            return removed;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a permit of the holder must go to another one before the next task. */
    boolean owesPermit(Holder holder) {
        if (!contended) {
            return false;
        }
        lock.lock();
        try {
            if (!lenders.isEmpty()) {
                return true;
            }
            Holder neediest = waiting.isEmpty() || holder.unused > 0 ? null : waiting.first();
            return neediest != null
                    && (neediest.held < holder.held - 1
                            || (neediest.held == holder.held - 1 && neediest.starts < holder.starts));
        } finally {
            lock.unlock();
        }
    }

    /** Returns the limit for a task of the holder that needs one more permit; null if a permit is free. */
    QueueLimit.@Nullable Permits limit(Holder holder) {
        lock.lock();
        try {
            return free > 0 ? null : new QueueLimit.Permits(total, total - holder.held);
        } finally {
            lock.unlock();
        }
    }

    /** Counts a task that is about to start. */
    void recordStart(Holder holder) {
        lock.lock();
        try {
            update(holder, 0, 1);
            holder.unused = Math.max(0, holder.unused - 1);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a holder, with at least the lowest number of starts of the others. With fewer, it would take precedence
     * until it had caught up.
     */
    private void addNewcomer(Holder holder) {
        if (!present.contains(holder)) {
            long least = present.stream().mapToLong(other -> other.starts).min().orElse(0);
            holder.starts = Math.max(holder.starts, least);
            present.add(holder);
        }
    }

    private boolean acquireFree(Holder holder) {
        addNewcomer(holder);
        if (free == 0) {
            return false;
        }
        free--;
        update(holder, 1, 0);
        return true;
    }

    /** Changes the counts of a holder, by which the waiting ones are sorted. */
    private void update(Holder holder, int held, int served) {
        boolean removed = waiting.remove(holder);
        holder.held += held;
        holder.starts += served;
        if (removed) {
            waiting.add(holder);
        }
    }

    /** Thread that waits for a permit in place of the one that its task lent. */
    private static final class Lender {

        private final Holder holder;

        private final Thread thread;

        private volatile boolean hasPermit;

        Lender(Holder holder, Thread thread) {
            this.holder = holder;
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
         * Number of started tasks. A newcomer begins with the lowest number of the others. Guarded by the lock of the
         * shared permits.
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

        /** Returns the limit for a task that needs one more permit; null if a permit is free. */
        QueueLimit.@Nullable Permits limit() {
            return permits.limit(this);
        }

        void recordStart() {
            permits.recordStart(this);
        }
    }

    /**
     * Shared permits of a factory by name. An entry lives as long as a queue of its name, or a task that such a queue
     * abandoned.
     */
    static final class Registry {

        private final Map<String, Named> permitsByName = new HashMap<>();

        private final ReferenceQueue<SharedPermits> collected = new ReferenceQueue<>();

        synchronized SharedPermits of(String name, int total) {
            Named known = permitsByName.get(name);
            SharedPermits permits = known == null ? null : known.get();
            if (permits == null) {
                removeCollected();
                permits = new SharedPermits(total);
                permitsByName.put(name, new Named(name, permits, collected));
            }
            return permits;
        }

        /**
         * Removes up to two collected entries before the next one is added. If it removed all of them, the time to open
         * a queue would depend on their number.
         */
        private void removeCollected() {
            for (int i = 0; i < 2; i++) {
                Reference<? extends SharedPermits> reference = collected.poll();
                if (reference instanceof Named named) {
                    permitsByName.remove(named.name, named);
                }
            }
        }

        private static final class Named extends WeakReference<SharedPermits> {

            private final String name;

            Named(String name, SharedPermits permits, ReferenceQueue<SharedPermits> collected) {
                super(permits, collected);
                this.name = name;
            }
        }
    }
}
