package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Bounded FIFO queue of the waiting tasks without locks, for many producers and many consumers. */
final class Ring {

    /*
     * State: two cursors, whose tickets only grow, and an array of cells. The tail is the next ticket for a put, the
     * head the next ticket for a claim. A ticket is the position of a task in submission order over the life of the
     * queue.
     *
     *   free    -> taken     offer(), by a CAS of the tail
     *   taken   -> waiting   offer(), which stores the task in the cell of the ticket
     *   waiting -> claimed   claim(), by a CAS of the head
     *   claimed -> free      release(), which empties the cell
     *
     * Invariant: the tail is at most the capacity ahead of the head. The array may be larger, as its length is a
     * power of two.
     *
     * Invariant: a cell from the head up to the tail is empty, while its put is between the CAS and the store, or
     * holds the task of its ticket. So a successful claim gets the task of its ticket, and cells need no sequence
     * number. The reason is the order of the checks. A put takes a ticket only after it saw the cell empty. A claim
     * takes a ticket only after it saw the cell filled, and checks only cells below the tail. If a ticket could be
     * claimed before its task was stored, other threads could lap the ring meanwhile. A put one lap later could then
     * mistake the empty cell for its own.
     *
     * Waits: a put may wait for a release, and a claim for a store. Both take the few instructions between a CAS and
     * a store on another thread. That thread may be preempted there, so the waiting thread spins and then yields.
     *
     * Flags: the word of the tail has the reasons to reject a put above the ticket. So rejecting a put and handing
     * out a ticket are one atomic step: once a flag is set, no put with a stale read of the word succeeds. A cancel
     * works likewise. It increments the epoch and then changes the word, and a put reads the word before the epoch.
     * The word of the head also has a flag, with which slots ask StartThrottle before they claim.
     *
     * Stack overflow: a thread may run out of stack at any call, also between the CAS of a ticket and the store of
     * its task. The handler of that error stores the task by a plain store of an array element. This is not a call
     * and cannot fail.
     *
     * Liveness: a put needs no fence before it looks for a worker to wake, as its CAS is one. A worker that becomes
     * idle publishes that by a CAS and then reads the tail, not the cell. So the put sees the idle worker, or the
     * worker sees the ticket.
     */

    /** Flag: the deadline of the round is not running yet. A producer must begin the round before it puts. */
    static final long ROUND_NOT_BEGUN = 1L << 58;

    /** Flag: the round was aborted. Puts are rejected until a join has thrown the abort. */
    static final long ROUND_ABORTED = 1L << 59;

    /** Flag: child tasks wait beyond the capacity. There is no room for other puts. */
    static final long OVERFLOWING = 1L << 60;

    /** Flag: the factory drains. Only threads that run one of its tasks may put. */
    static final long DRAINING = 1L << 61;

    /** Flag: the queue closes. Only its own tasks may put. */
    static final long CLOSING = 1L << 62;

    /** Flag: the queue is closed. No thread may put. */
    static final long CLOSED = 1L << 63;

    /** Flags that reject puts for good. */
    static final long ENDING = DRAINING | CLOSING | CLOSED;

    /** Flags that reject a thread that runs no task of the factory. */
    static final long OUTSIDER = ROUND_NOT_BEGUN | ROUND_ABORTED | OVERFLOWING | DRAINING | CLOSING | CLOSED;

    /** Flags that reject a thread that runs a task of another queue of the factory. */
    static final long SIBLING = ROUND_NOT_BEGUN | ROUND_ABORTED | OVERFLOWING | CLOSING | CLOSED;

    /** Flags that reject a thread that runs a task of this queue and keeps to the capacity. */
    static final long OWN_BOUNDED = ROUND_ABORTED | OVERFLOWING | CLOSED;

    /** Flags that reject a thread that runs a task of this queue. */
    static final long OWN = ROUND_ABORTED | CLOSED;

    /** Wildcard for the epoch of a put that no cancel rejects. */
    static final long ANY_EPOCH = -1;

    /** Flag of the head: a slot must ask the {@link StartThrottle} before it claims. */
    private static final long GUARDED = 1L << 62;

    private static final long ONE_EPOCH = 1L << 51;

    /** Last seven bits of the epoch. */
    private static final long EPOCH = ROUND_NOT_BEGUN - ONE_EPOCH;

    private static final long TICKET = ONE_EPOCH - 1;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(Object[].class);

    private static final int SPINS_BEFORE_YIELD = 100;

    private final int capacity;

    private final @Nullable Object[] cells;

    private final long @Nullable [] putTimes;

    private final RingCursor tailCursor = new RingCursor();

    private final RingCursor headCursor = new RingCursor();

    /** First ticket reserved for blocked producers. Read after the tail. */
    private volatile long ceiling = Long.MAX_VALUE;

    /** Number of cancels. Incremented before the tail changes, and read after it. */
    private final AtomicLong epoch = new AtomicLong();

    Ring(int capacity, boolean stamped) {
        this.capacity = capacity;
        int length = Integer.highestOneBit(Math.max(capacity * 2 - 1, 2));
        this.cells = new Object[length];
        this.putTimes = stamped ? new long[length] : null;
    }

    int capacity() {
        return capacity;
    }

    /**
     * Adds a task. Returns false if there is no room, a flag rejects the put, blocked producers come first, or the
     * queue was cancelled since the epoch.
     */
    boolean offer(Object task, long stamp, long rejectedBy, long since) {
        return offer(task, stamp, rejectedBy, since, false);
    }

    /** Adds a task regardless of the ceiling: that of the first blocked producer, or a child task. */
    boolean offerFirst(Object task, long stamp, long rejectedBy, long since) {
        return offer(task, stamp, rejectedBy, since, true);
    }

    private boolean offer(Object task, long stamp, long rejectedBy, long since, boolean first) {
        for (int spins = 0; ; spins++) {
            long word = tailCursor.word();
            if ((word & rejectedBy) != 0 || (since != epoch.get() && since != ANY_EPOCH)) {
                return false;
            }
            long ticket = word & TICKET;
            if (!first && ticket >= ceiling) {
                return false;
            }
            if (ticket - tailCursor.lastSeen() >= capacity) {
                long claimed = head();
                tailCursor.setLastSeen(claimed);
                if (ticket - claimed >= capacity) {
                    return false;
                }
            }
            int cell = cell(ticket);
            if (CELL.getAcquire(cells, cell) != null) {
                pause(spins);
            } else if (tailCursor.tryIncrement(word)) {
                if (putTimes != null) {
                    putTimes[cell] = stamp;
                }
                try {
                    CELL.setRelease(cells, cell, task);
                } catch (StackOverflowError ex) {
                    cells[cell] = task;
                }
                return true;
            }
        }
    }

    /**
     * Claims the oldest ticket, once its task is stored. Returns -1 if there is none, or the ring is guarded. After a
     * claim, the caller must get the {@link #task} and then {@link #release} the cell.
     */
    long claim() {
        return claimBelow(Long.MAX_VALUE, GUARDED);
    }

    /** Claims the oldest ticket below the limit, even if the ring is guarded. */
    long claimBelow(long limit) {
        return claimBelow(limit, 0);
    }

    private long claimBelow(long limit, long rejectedBy) {
        for (int spins = 0; ; ) {
            long word = headCursor.word();
            long ticket = word & TICKET;
            if (ticket >= limit || (word & rejectedBy) != 0) {
                return -1;
            }
            if (ticket >= headCursor.lastSeen()) {
                long issued = tail();
                headCursor.setLastSeen(issued);
                if (ticket >= issued) {
                    return -1;
                }
            }
            if (CELL.getAcquire(cells, cell(ticket)) == null) {
                pause(spins++);
            } else if (headCursor.tryIncrement(word)) {
                return ticket;
            }
        }
    }

    /**
     * Returns the time of the put of a ticket; 0 if the queue measures no times. Valid as {@link #task} or
     * {@link #peek}.
     */
    long putTime(long ticket) {
        return putTimes == null ? 0 : putTimes[cell(ticket)];
    }

    /** Returns the task of a claimed ticket. */
    Object task(long ticket) {
        return Objects.requireNonNull(CELL.getAcquire(cells, cell(ticket)));
    }

    /**
     * Returns the task of an unclaimed ticket; null if it is not stored yet. The result is valid if the ticket is still
     * unclaimed after the call.
     */
    @Nullable
    Object peek(long ticket) {
        return CELL.getAcquire(cells, cell(ticket));
    }

    /** Returns a sample of the oldest task; null if there is none. */
    @Nullable
    TaskSample oldest(LongUnaryOperator index) {
        for (int attempts = 0; attempts < TaskSample.ATTEMPTS; attempts++) {
            long ticket = head();
            if (ticket >= tail()) {
                return null;
            }
            Object task = peek(ticket);
            if (task != null) {
                TaskSample sample = TaskSample.ofWaiting(index.applyAsLong(ticket), task, putTime(ticket));
                VarHandle.acquireFence();
                if (ticket == head()) {
                    return sample;
                }
            }
            pause(attempts);
        }
        return null;
    }

    /** Empties the cell of a claimed ticket. */
    void release(long ticket) {
        CELL.setRelease(cells, cell(ticket), null);
    }

    /** Returns the number of tickets handed out. */
    long tail() {
        return tailCursor.word() & TICKET;
    }

    /** Returns the number of tickets claimed. */
    long head() {
        return headCursor.word() & TICKET;
    }

    /** Keeps {@link #claim()} from claiming until {@link #unguard()}. */
    void guard() {
        headCursor.set(GUARDED);
    }

    void unguard() {
        headCursor.clear(GUARDED);
    }

    boolean isGuarded() {
        return (headCursor.word() & GUARDED) != 0;
    }

    boolean isEmpty() {
        long claimed = head();
        return claimed >= tail();
    }

    /** Returns the number of tickets handed out if the ring is empty, else -1. */
    long tailIfEmpty() {
        long claimed = head();
        return claimed == tail() ? claimed : -1;
    }

    /** Returns the number of waiting tasks. Reads the tail first, so the result never exceeds the capacity. */
    int depth() {
        long issued = tail();
        return (int) Math.max(0, issued - head());
    }

    boolean isFull() {
        return depth() >= capacity;
    }

    /** Returns the number of cancels. */
    long epoch() {
        return epoch.get();
    }

    /** Begins an epoch. A put that began before and has no ticket yet gets none. */
    void advanceEpoch() {
        epoch.incrementAndGet();
        long word;
        do {
            word = tailCursor.word();
        } while (!tailCursor.compareAndSet(word, (word & ~EPOCH) | ((word + ONE_EPOCH) & EPOCH)));
    }

    /**
     * Reserves all tickets until {@link #setCeiling}. Returns the number of tickets handed out, which puts with a stale
     * read of the ceiling exceed by at most one.
     */
    long lowerCeiling() {
        ceiling = 0;
        return tail();
    }

    void setCeiling(long ticket) {
        ceiling = ticket;
    }

    void set(long flags) {
        tailCursor.set(flags);
    }

    void clear(long flags) {
        tailCursor.clear(flags);
    }

    boolean hasAny(long flags) {
        return (tailCursor.word() & flags) != 0;
    }

    /** Sets flags if exactly this many tickets were handed out. */
    boolean setIfTail(long issued, long flags) {
        for (; ; ) {
            long word = tailCursor.word();
            if ((word & TICKET) != issued) {
                return false;
            }
            if (tailCursor.compareAndSet(word, word | flags)) {
                return true;
            }
        }
    }

    private int cell(long ticket) {
        return (int) ticket & (cells.length - 1);
    }

    /** Spins for the few instructions of another thread, and yields after a while, as that thread may be preempted. */
    @SuppressWarnings("ThreadPriorityCheck") // yields to the thread that must make progress
    static void pause(int spins) {
        if (spins < SPINS_BEFORE_YIELD) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
