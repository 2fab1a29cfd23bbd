package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The worker slots of one queue, and the one word that says what they do. */
final class WorkerSlots {

    /*
     * A slot is idle, searching or running. The word holds the top of the stack of idle slots, the number of running ones,
     * whether one is searching, whether everything is frozen, and a tag that grows with every change, against ABA. Each
     * transition is one CAS:
     *
     *   idle -> searching      takeToSearch(), only if none is searching: so tiny tasks never wake more threads than they need
     *   searching -> running   startRunning(), before it claims a task, so that who sees no runner sees no claimed task;
     *                          not while frozen, nor beyond the limit
     *   searching -> idle      stopSearching()
     *   idle -> running        takeToRun(), for a slot that was given a permit by another queue of its name
     *   running -> searching   stopRunning(), if none is searching,
     *   running -> idle        stopRunning(), otherwise
     *   running -> left        leave(), while its task closes the application; back again by rejoin()
     *
     * Frozen, which needs that nothing runs, is the instant at which a round ends: results are taken from the slots while none
     * of them can start. Whoever froze thaws, once it has taken
     * the results.
     *
     * Slots are made when they first reach the top of the stack of idle ones; until then they stand there in the order of
     * their numbers. Those by which a queue grows later stand above the others, and the last of them, which links to these, is
     * made immediately. A queue that shrinks keeps its slots: only fewer of them may run.
     *
     * What one transition wrote is seen by the next, as all are a volatile CAS of the same word.
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

    /** That of the quota. */
    private final ReentrantLock creation;

    /** Written while making. */
    private volatile AtomicReferenceArray<@Nullable WorkerSlot> slots;

    /** Makes the slot of a number, whose {@link WorkerSlot#nextIdle} is the number after the next, or 0 for the last. */
    private final IntFunction<WorkerSlot> factory;

    /** Idle holds the number of the top slot plus one, 0 if there is none. */
    @SuppressWarnings("unused") // through a VarHandle
    private long word = 1;

    /** How many may run. Read after the word, which changes after this does, so that nobody acts on an old one. */
    private volatile int limit;

    /** Head of the list. Written by slots that run, and by the thread that froze all of them. */
    private volatile UsedSlots usedSlots = UsedSlots.NONE;

    private final AtomicInteger absent = new AtomicInteger();

    WorkerSlots(int count, IntFunction<WorkerSlot> maker, ReentrantLock making) {
        this.slots = new AtomicReferenceArray<>(count);
        this.limit = count;
        this.factory = maker;
        this.creation = making;
    }

    /** From now on no slot starts to run beside this many others. */
    void setLimit(int most) {
        limit = most;
        for (long word = word(); !compareAndSet(word, word); ) {
            word = word();
        }
    }

    boolean isOverLimit() {
        return running() > limit;
    }

    /** Lets the queue have this many slots, if it has fewer. */
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

    /** How many slots have a task: unlike those that run, none that came too late for one. */
    int active() {
        int[] active = {0};
        usedSlots.forEach(slot -> active[0] += slot.isActive() ? 1 : 0);
        return active[0];
    }

    /** Whether a slot is idle and may run, and none is searching; nor, if slots are to be spared, running. */
    boolean canWake(boolean sparing) {
        long word = word();
        return canWake(word) && !(sparing && (word & RUNNING) != 0);
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

    /** Takes an idle slot to run at once, beside any that searches. Returns null if there is none, or as many run as may. */
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

    /** Ends searching by running. Returns false if as many run as may. */
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

    /** Ends running. Returns whether the slot is to search; else it is idle now. */
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

    /** Lets a running slot count as stopped while its task closes the application; {@link #rejoin()} must follow. */
    void leave() {
        absent.incrementAndGet();
        long word;
        do {
            word = word();
        } while (!compareAndSet(word, word - ONE_RUNNING));
    }

    /** Lets a slot that has left count as running again. */
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

    /** Number of slots that have left: at least those that the word does not count as running. */
    int absent() {
        return absent.get();
    }

    /** Keeps slots from running, unless one is. Must be followed by {@link #thaw()}; only one thread may freeze at a time. */
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

    /** The slots that have run since the last join, among them all that have a task or a result. */
    UsedSlots usedSlots() {
        return usedSlots;
    }

    /** Must be called by a slot that runs, before it claims a task. */
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

    /** Returns the action that lets slots without a task count as unused once their results are taken. Only while frozen. */
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

    /** Makes the slots from this number to that of the last one the top of the stack. */
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
