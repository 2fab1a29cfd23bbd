package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The worker slots of one queue, and the one word that says what they do. */
final class Slots {

    /*
     * A slot is idle, searching or running. The word holds the top of the stack of idle slots, the number of running ones,
     * whether one is searching, whether everything is frozen, and a tag that grows with every change, against ABA. Each
     * transition is one CAS:
     *
     *   idle -> searching      wake(), only if none is searching: so tiny tasks never wake more threads than they need
     *   searching -> running   startRunning(), before it claims a task, so that who sees no runner sees no claimed task;
     *                          not while frozen
     *   searching -> idle      stopSearching()
     *   running -> searching   stopRunning(), if none is searching,
     *   running -> idle        stopRunning(), otherwise
     *
     * Frozen, which needs that nothing runs, is the instant at which a round ends: results are taken from the slots while none
     * of them can start. Whoever froze thaws, once it has taken
     * the results.
     *
     * Slots are made when they first reach the top of the stack of idle ones; until then they stand there in the order of
     * their numbers, below all that were made.
     *
     * What one transition wrote is seen by the next, as all are a volatile CAS of the same word.
     */

    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Slots.class, "word", long.class);
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

    private final AtomicReferenceArray<@Nullable Slot> slots;

    /** Makes the slot of a number, whose {@link Slot#nextIdle} is the number after the next, or 0 for the last. */
    private final IntFunction<Slot> maker;

    /** Idle holds the number of the top slot plus one, 0 if there is none. */
    @SuppressWarnings("unused") // through a VarHandle
    private long word = 1;

    Slots(int count, IntFunction<Slot> maker) {
        this.slots = new AtomicReferenceArray<>(count);
        this.maker = maker;
    }

    int running() {
        return running(word());
    }

    /** How many slots have a task: unlike those that run, none that came too late for one. */
    int active() {
        int active = 0;
        Slot slot;
        for (int i = 0; i < slots.length() && (slot = slots.get(i)) != null; i++) {
            active += slot.isActive() ? 1 : 0;
        }
        return active;
    }

    /** Whether a slot is idle and none is searching; nor, if slots are to be spared, running. */
    boolean mayWake(boolean sparing) {
        long word = word();
        return mayWake(word) && !(sparing && (word & RUNNING) != 0);
    }

    /** Takes an idle slot to search, if none is searching. Returns null if there is none to take. */
    @Nullable
    Slot wake() {
        for (; ; ) {
            long word = word();
            if (!mayWake(word)) {
                return null;
            }
            int number = (int) (word & IDLE) - 1;
            Slot slot = slot(number);
            if (change(word, (word & ~IDLE) | slot.nextIdle | SEARCHING)) {
                return slot;
            }
        }
    }

    void startRunning() {
        for (int spins = 0; ; spins++) {
            long word = word();
            if ((word & FROZEN) != 0) {
                Ring.pause(spins);
            } else if (change(word, (word & ~SEARCHING) + ONE_RUNNING)) {
                return;
            }
        }
    }

    void stopSearching(Slot slot) {
        for (; ; ) {
            long word = word();
            slot.nextIdle = word & IDLE;
            if (change(word, (word & ~SEARCHING & ~IDLE) | (slot.number + 1))) {
                return;
            }
        }
    }

    /** Ends running. Returns whether the slot is to search; else it is idle now. */
    boolean stopRunning(Slot slot) {
        for (; ; ) {
            long word = word();
            long stopped = word - ONE_RUNNING;
            boolean search = (word & SEARCHING) == 0;
            if (!search) {
                slot.nextIdle = word & IDLE;
                stopped = (stopped & ~IDLE) | (slot.number + 1);
            }
            if (change(word, search ? stopped | SEARCHING : stopped)) {
                return search;
            }
        }
    }

    /** Keeps slots from running, unless one is. Must be followed by {@link #thaw()}; only one thread may freeze at a time. */
    boolean freeze() {
        for (; ; ) {
            long word = word();
            if ((word & RUNNING) != 0) {
                return false;
            }
            if (change(word, word | FROZEN)) {
                return true;
            }
        }
    }

    void thaw() {
        for (; ; ) {
            long word = word();
            if (change(word, word & ~FROZEN)) {
                return;
            }
        }
    }

    void forEach(Consumer<Slot> action) {
        for (int i = 0; i < slots.length(); i++) {
            Slot slot = slots.get(i);
            if (slot == null) {
                return; // they are made in the order of their numbers
            }
            action.accept(slot);
        }
    }

    private Slot slot(int number) {
        Slot slot = slots.get(number);
        if (slot == null) {
            slots.compareAndSet(number, null, maker.apply(number));
            slot = Objects.requireNonNull(slots.get(number));
        }
        return slot;
    }

    private long word() {
        return (long) WORD.getVolatile(this);
    }

    private boolean change(long from, long to) {
        return WORD.compareAndSet(this, from, to + ONE_TAG);
    }

    private static int running(long word) {
        return (int) ((word & RUNNING) >>> BITS);
    }

    private static boolean mayWake(long word) {
        return (word & SEARCHING) == 0 && (word & IDLE) != 0;
    }
}
