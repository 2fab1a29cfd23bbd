package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The tasks that wait: a bounded queue for many producers and many consumers, without locks. */
final class Ring {

    /*
     * Two indices that only grow. A put takes the producer's ticket, which is the task's place in put order for the life of
     * the queue, by a CAS and then fills the cell of that ticket; a worker claims the consumer's ticket by a CAS and then
     * empties the cell. The bound is exact: tickets handed out less tickets claimed. The array is larger where the bound is
     * no power of two.
     *
     * A cell holds the task itself and needs no sequence number. A ticket is handed out only after its cell was seen empty, and
     * claimed only after its cell was seen filled, which is looked at only below the producer's index. So a cell below the
     * producer's index and not below the consumer's is either empty, as its put is between the CAS and the store, or holds the
     * task of its ticket, and the claim that succeeds is that of the task. Were a ticket claimed before its task is there, the
     * others could run round the ring meanwhile, and a put a lap later would take the empty cell for its own.
     *
     * Both waits are as long as the few instructions between a CAS and a store on another thread; as that thread may be
     * preempted there, they yield.
     *
     * The producer's word carries the reasons to refuse a put as flags above the ticket, so that refusing and handing out a
     * ticket are one atomic step: once a flag is set, no put that does not know of it can succeed. A cancel works the same way:
     * it counts the epoch up, and then changes the word, which a put reads before it looks at the epoch. The consumer's word
     * carries a flag as well, which makes slots ask before they claim.
     *
     * A thread may run out of stack at any call, also between the CAS that takes a ticket and the store of its task. The handler
     * of that error stores the task by a plain store of an array element, which is no call and cannot fail.
     *
     * A put needs no fence of its own before it looks for a worker to wake: its CAS is one. A worker that goes idle publishes
     * that by a CAS and then reads the producer's index, not the cell, so either the put sees the idle worker, or the worker
     * sees the ticket.
     */

    /** The time of the round has not begun: whoever puts must begin it. */
    static final long ROUND_NOT_BEGUN = 1L << 58;

    /** The round was ended early: nobody may put until a join has told so. */
    static final long ROUND_ABORTED = 1L << 59;

    /** Tasks of the queue wait above the bound: outside producers have no room. */
    static final long OVERFLOWING = 1L << 60;

    /** The factory drains: only threads that run a task of it may put. */
    static final long DRAINING = 1L << 61;

    /** The queue closes: only its own tasks may put. */
    static final long CLOSING = 1L << 62;

    /** Nobody may put. */
    static final long CLOSED = 1L << 63;

    /** What refuses puts for good. */
    static final long ENDING = DRAINING | CLOSING | CLOSED;

    /** What refuses a thread that runs no task of the factory. */
    static final long OUTSIDER = ROUND_NOT_BEGUN | ROUND_ABORTED | OVERFLOWING | DRAINING | CLOSING | CLOSED;

    /** What refuses a thread that runs a task of another queue of the factory. */
    static final long SIBLING = ROUND_NOT_BEGUN | ROUND_ABORTED | OVERFLOWING | CLOSING | CLOSED;

    /** What refuses a thread that runs a task of this queue and keeps the bound. */
    static final long OWN_BOUNDED = ROUND_ABORTED | OVERFLOWING | CLOSED;

    /** What refuses a thread that runs a task of this queue. */
    static final long OWN = ROUND_ABORTED | CLOSED;

    /** Stands for whatever epoch it is. */
    static final long ANY_EPOCH = -1;

    /** Of the consumer's word: a slot must ask the {@link StartThrottle} before it claims. */
    private static final long GUARDED = 1L << 62;

    private static final long ONE_EPOCH = 1L << 51;

    /** The last seven bits of the number of cancels. */
    private static final long EPOCH = ROUND_NOT_BEGUN - ONE_EPOCH;

    private static final long TICKET = ONE_EPOCH - 1;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(Object[].class);

    private static final int SPINS_BEFORE_YIELD = 100;

    private final int capacity;

    private final @Nullable Object[] cells;

    private final long @Nullable [] putTimes;

    private final RingCursor tailCursor = new RingCursor();

    private final RingCursor headCursor = new RingCursor();

    /** The ticket from which on producers that were held back come first. Must be read after the producer's index. */
    private volatile long ceiling = Long.MAX_VALUE;

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
     * Adds a task, unless there is no room, one of the flags refuses it, producers that were held back come first, or the queue
     * was cancelled since the epoch.
     */
    boolean offer(Object task, long stamp, long refusedBy, long since) {
        return offer(task, stamp, refusedBy, since, false);
    }

    /** Adds the task of the producer that was held back longest, or that of a child: the ceiling does not concern it. */
    boolean offerFirst(Object task, long stamp, long refusedBy, long since) {
        return offer(task, stamp, refusedBy, since, true);
    }

    private boolean offer(Object task, long stamp, long refusedBy, long since, boolean first) {
        for (int spins = 0; ; spins++) {
            long word = tailCursor.word();
            if ((word & refusedBy) != 0 || (since != epoch.get() && since != ANY_EPOCH)) {
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
     * Claims the oldest ticket, once its task is there; the caller must then get its {@link #task} and {@link #release} its
     * cell. Returns -1 if there is none, or the ring is guarded.
     */
    long claim() {
        return claimBelow(Long.MAX_VALUE, GUARDED);
    }

    /** Claims the oldest ticket below the limit, guarded or not. */
    long claimBelow(long limit) {
        return claimBelow(limit, 0);
    }

    private long claimBelow(long limit, long refusedBy) {
        for (int spins = 0; ; ) {
            long word = headCursor.word();
            long ticket = word & TICKET;
            if (ticket >= limit || (word & refusedBy) != 0) {
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

    /** When the task of a ticket was put: as {@link #task} or {@link #peek}. */
    long putTime(long ticket) {
        return putTimes == null ? 0 : putTimes[cell(ticket)];
    }

    /** The task of a claimed ticket. */
    Object task(long ticket) {
        return Objects.requireNonNull(CELL.getAcquire(cells, cell(ticket)));
    }

    /** The task of a ticket that is not claimed, if it is there yet. Holds if the ticket is not claimed afterwards either. */
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
                TaskSample sample = TaskSample.of(index.applyAsLong(ticket), task, putTime(ticket), null);
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

    /** How many tickets were handed out. */
    long tail() {
        return tailCursor.word() & TICKET;
    }

    /** How many tickets were claimed. */
    long head() {
        return headCursor.word() & TICKET;
    }

    /** From now on, {@link #claim()} claims nothing. */
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

    /** The number of tickets handed out if the ring is empty, else -1. */
    long tailIfEmpty() {
        long claimed = head();
        return claimed == tail() ? claimed : -1;
    }

    /** How many tasks wait; read in an order in which the bound is never seen exceeded. */
    int depth() {
        long issued = tail();
        return (int) Math.max(0, issued - head());
    }

    boolean isFull() {
        return depth() >= capacity;
    }

    /** How many cancels there were. */
    long epoch() {
        return epoch.get();
    }

    /** Begins a new epoch: a put that began before and has no ticket yet will not get one. */
    void advanceEpoch() {
        epoch.incrementAndGet();
        long word;
        do {
            word = tailCursor.word();
        } while (!tailCursor.compareAndSet(word, (word & ~EPOCH) | ((word + ONE_EPOCH) & EPOCH)));
    }

    /** Lets nobody pass until the ceiling is set, so that the number of tickets read next is the one at which it holds. */
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

    /** Sets flags, if this many tickets were handed out and not one more. */
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

    /** Waits for the few instructions of another thread, which may be preempted there. */
    @SuppressWarnings("ThreadPriorityCheck") // yields to whoever is to make progress
    static void pause(int spins) {
        if (spins < SPINS_BEFORE_YIELD) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
