package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Worker slots of one queue, with their states in one word. */
final class WorkerSlots {

    /*
     * State: each slot is idle, searching, running or absent. The word holds the top of the stack of idle slots and
     * the number of running slots. One bit says that a slot is searching, another that all are frozen. A tag grows
     * with every change, against ABA. Each transition is one CAS:
     *
     *   idle      -> searching  takeToSearch(), if none is searching; so tiny tasks wake no more threads than needed
     *   searching -> running    startRunning(), before the slot claims a task; not while frozen, nor beyond the limit
     *   searching -> idle       stopSearching()
     *   idle      -> running    takeToRun(), for a slot with a permit from another queue; not while frozen, nor beyond
     *                           the limit
     *   running   -> searching  stopRunning(), if none is searching
     *   running   -> idle       stopRunning(), otherwise
     *   running   -> absent     leave(), while its task closes the application
     *   absent    -> running    rejoin(), not while frozen
     *
     * Invariant: a slot becomes running before it claims a task. A thread that observes no running slot therefore
     * observes no claimed task, except that of an absent slot.
     *
     * Freeze: it requires that no slot is running, and is the instant at which a round ends. The results are taken
     * from the slots while none of them can start to run. The thread that froze the slots thaws them once it has
     * taken the results.
     *
     * Creation: a slot is created when it first reaches the top of the stack of idle slots. Until then, slots stand
     * there in the order of their numbers. The slots that grow() adds stand above the others. The last of them links
     * to the others, so it is created immediately. A queue that shrinks keeps its slots, but fewer of them may run.
     *
     * Happens-before: each transition is a volatile CAS of the same word, so it sees all writes before the earlier
     * transitions.
     */

    private static final VarHandle WORD;

    private static final VarHandle USED_SLOTS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WORD = lookup.findVarHandle(WorkerSlots.class, "word", long.class);
            USED_SLOTS = lookup.findVarHandle(WorkerSlots.class, "usedSlots", UsedSlots.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private static final int BITS = 17;

    private static final long IDLE = (1L << BITS) - 1;

    private static final long ONE_RUNNING = 1L << BITS;

    private static final long RUNNING = IDLE << BITS;

    private static final long SEARCHING = 1L << (2 * BITS);

    private static final long FROZEN = SEARCHING << 1;

    private static final long ONE_TAG = FROZEN << 1;

    /** Lock that serializes slot creation, shared with {@link StartThrottle} to save memory in idle queues. */
    private final ReentrantLock creation;

    /** Slots by their numbers; null until they are created. Written under the creation lock. */
    private volatile AtomicReferenceArray<@Nullable WorkerSlot> slots;

    /**
     * Constructor of a slot, given its number. The {@link WorkerSlot#nextIdle} of the new slot refers to the next
     * number; 0 for the last one.
     */
    private final IntFunction<WorkerSlot> factory;

    /** State of all slots. The bits of IDLE hold the number of the top slot plus one; 0 if no slot is idle. */
    @SuppressWarnings("unused") // through a VarHandle
    private long word = 1;

    /**
     * Maximum number of running slots, published by the subsequent CAS of the word. Readers read the word first, so
     * their CAS fails if the limit that they saw was stale.
     */
    private volatile int limit;

    /** Head of the list of used slots. Written by running slots, and by the thread that froze all slots. */
    private volatile UsedSlots usedSlots = UsedSlots.NONE;

    /** Number of absent slots. Incremented before a slot leaves, and decremented after it has rejoined. */
    private final AtomicInteger absent = new AtomicInteger();

    WorkerSlots(int count, IntFunction<WorkerSlot> factory, ReentrantLock creation) {
        this.slots = new AtomicReferenceArray<>(count);
        this.limit = count;
        this.factory = factory;
        this.creation = creation;
    }

    /** Limits the number of running slots. After this call, no slot starts to run beyond the limit. */
    void setLimit(int most) {
        limit = most;
        for (long word = word(); !compareAndSet(word, word); ) {
            word = word();
        }
    }

    boolean isOverLimit() {
        return running() > limit;
    }

    /** Adds slots until the queue has this many. */
    void grow(int count) {
        creation.lock();
        try {
            AtomicReferenceArray<@Nullable WorkerSlot> before = slots;
            if (count <= before.length()) {
                return;
            }
            AtomicReferenceArray<@Nullable WorkerSlot> after = new AtomicReferenceArray<>(count);
            for (int i = 0; i < before.length(); i++) {
                after.set(i, before.get(i));
            }
            slots = after;
            push(before.length(), slot(count - 1));
        } finally {
            creation.unlock();
        }
    }

    int running() {
        return running(word());
    }

    /** Returns the number of searching slots, which is at most one. */
    int searching() {
        return (word() & SEARCHING) == 0 ? 0 : 1;
    }

    /**
     * Returns the number of slots that have a task. Unlike the running ones, they do not include slots that were too
     * late for a task.
     */
    int active() {
        int[] active = {0};
        usedSlots.forEach(slot -> active[0] += slot.isActive() ? 1 : 0);
        return active[0];
    }

    /** Whether a slot is idle and may run, and none is searching. While throttling, none must be running, either. */
    boolean canWake(boolean throttling) {
        long word = word();
        return canWake(word) && !(throttling && (word & RUNNING) != 0);
    }

    /** Takes an idle slot to search, if none is searching. Returns null if there is none to take. */
    @Nullable
    WorkerSlot takeToSearch() {
        for (; ; ) {
            long word = word();
            if (!canWake(word)) {
                return null;
            }
            int number = (int) (word & IDLE) - 1;
            WorkerSlot slot = slot(number);
            if (compareAndSet(word, (word & ~IDLE) | slot.nextIdle | SEARCHING)) {
                return slot;
            }
        }
    }

    /**
     * Takes an idle slot to run immediately, even if one is searching. Returns null if none is idle, or the limit is
     * reached.
     */
    @Nullable
    WorkerSlot takeToRun() {
        for (int spins = 0; ; spins++) {
            long word = word();
            if ((word & IDLE) == 0 || running(word) >= limit) {
                return null;
            }
            if ((word & FROZEN) != 0) {
                Ring.pause(spins);
                continue;
            }
            WorkerSlot slot = slot((int) (word & IDLE) - 1);
            if (compareAndSet(word, ((word & ~IDLE) | slot.nextIdle) + ONE_RUNNING)) {
                return slot;
            }
        }
    }

    /** Lets the searching slot run. Returns false if the limit is reached. */
    boolean startRunning() {
        for (int spins = 0; ; spins++) {
            long word = word();
            if (running(word) >= limit) {
                return false;
            }
            if ((word & FROZEN) != 0) {
                Ring.pause(spins);
            } else if (compareAndSet(word, (word & ~SEARCHING) + ONE_RUNNING)) {
                return true;
            }
        }
    }

    void stopSearching(WorkerSlot slot) {
        for (; ; ) {
            long word = word();
            slot.nextIdle = word & IDLE;
            if (compareAndSet(word, (word & ~SEARCHING & ~IDLE) | (slot.number + 1))) {
                return;
            }
        }
    }

    /** Stops a running slot. Returns true if it must search, false if it is idle now. */
    boolean stopRunning(WorkerSlot slot) {
        for (; ; ) {
            long word = word();
            long stopped = word - ONE_RUNNING;
            boolean search = (word & SEARCHING) == 0;
            if (!search) {
                slot.nextIdle = word & IDLE;
                stopped = (stopped & ~IDLE) | (slot.number + 1);
            }
            if (compareAndSet(word, search ? stopped | SEARCHING : stopped)) {
                return search;
            }
        }
    }

    /** Lets a running slot count as stopped while its task closes the application. {@link #rejoin()} must follow. */
    void leave() {
        absent.incrementAndGet();
        long word;
        do {
            word = word();
        } while (!compareAndSet(word, word - ONE_RUNNING));
    }

    /** Lets an absent slot count as running again. */
    void rejoin() {
        for (int spins = 0; ; spins++) {
            long word = word();
            if ((word & FROZEN) != 0) {
                Ring.pause(spins);
            } else if (compareAndSet(word, word + ONE_RUNNING)) {
                absent.decrementAndGet();
                return;
            }
        }
    }

    /** Returns the number of absent slots, which is never too low. */
    int absent() {
        return absent.get();
    }

    /**
     * Keeps slots from starting to run. Returns false if one is running. Otherwise, {@link #thaw()} must follow. Only
     * one thread may freeze at a time.
     */
    boolean freeze() {
        for (; ; ) {
            long word = word();
            if ((word & RUNNING) != 0) {
                return false;
            }
            if (compareAndSet(word, word | FROZEN)) {
                return true;
            }
        }
    }

    void thaw() {
        for (; ; ) {
            long word = word();
            if (compareAndSet(word, word & ~FROZEN)) {
                return;
            }
        }
    }

    /** Returns the slots that have run since the last join. They include all slots that have a task or a result. */
    UsedSlots usedSlots() {
        return usedSlots;
    }

    /** Marks a running slot as used. The slot must call this method before it claims a task. */
    void markUsed(WorkerSlot slot) {
        UsedSlots node = slot.usedNode;
        if (node == null) {
            return;
        }
        slot.usedNode = null;
        UsedSlots head;
        do {
            head = usedSlots;
            node.follow(head);
        } while (!USED_SLOTS.compareAndSet(this, head, node));
    }

    /**
     * Returns the action that makes slots without a task unused, once their results are taken. Call this method, and
     * run the action, only while the slots are frozen.
     */
    Runnable prepareReset() {
        return usedSlots.prepareReset(rest -> usedSlots = rest);
    }

    private WorkerSlot slot(int number) {
        WorkerSlot slot = slots.get(number);
        return slot != null ? slot : create(number);
    }

    private WorkerSlot create(int number) {
        creation.lock();
        try {
            WorkerSlot slot = slots.get(number);
            if (slot == null) {
                slot = factory.apply(number);
                slots.set(number, slot);
            }
            return slot;
        } finally {
            creation.unlock();
        }
    }

    /** Pushes the slots from this number to that of the last one onto the stack. */
    private void push(int first, WorkerSlot last) {
        long word;
        do {
            word = word();
            last.nextIdle = word & IDLE;
        } while (!compareAndSet(word, (word & ~IDLE) | (first + 1)));
    }

    private long word() {
        return (long) WORD.getVolatile(this);
    }

    private boolean compareAndSet(long from, long to) {
        return WORD.compareAndSet(this, from, to + ONE_TAG);
    }

    private static int running(long word) {
        return (int) ((word & RUNNING) >>> BITS);
    }

    private boolean canWake(long word) {
        return (word & SEARCHING) == 0 && (word & IDLE) != 0 && running(word) < limit;
    }
}
