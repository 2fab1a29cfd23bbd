package io.github.workerqueue;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests that the transitions of worker slots are linearizable. The state is a stack of idle slots, at most one
 * searching slot, and the number of running slots. Each thread holds at most one slot, and makes only transitions that
 * the protocol allows for it.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class WorkerSlotsModelTests {

    static final int WORKERS = 2;

    static final int THREADS = 3;

    private final WorkerSlots slots = ModelThreads.engine(ModelThreads.settings(WORKERS, 1)).slots;

    private final @Nullable WorkerSlot[] hands = new WorkerSlot[THREADS + 2];

    private final boolean[] runs = new boolean[THREADS + 2];

    @Test
    void modelChecking() {
        new ModelCheckingOptions()
                .iterations(50)
                .invocationsPerIteration(1_000)
                .threads(THREADS)
                .actorsBefore(2)
                .actorsPerThread(4)
                .sequentialSpecification(Specification.class)
                .check(WorkerSlotsModelTests.class);
    }

    @Test
    void stress() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(1_000)
                .threads(THREADS)
                .actorsBefore(2)
                .actorsPerThread(5)
                .sequentialSpecification(Specification.class)
                .check(WorkerSlotsModelTests.class);
    }

    /** Wakes a slot. Returns its number, or -1 if no slot was woken. */
    @Operation
    public int wake(@Param(name = "thread") int thread) {
        if (hands[thread] != null) {
            return -1;
        }
        WorkerSlot slot = slots.takeToSearch();
        hands[thread] = slot;
        return slot == null ? -1 : slot.number;
    }

    @Operation
    public void startRunning(@Param(name = "thread") int thread) {
        if (hands[thread] != null && !runs[thread]) {
            slots.startRunning();
            runs[thread] = true;
        }
    }

    @Operation
    public void stopSearching(@Param(name = "thread") int thread) {
        WorkerSlot slot = hands[thread];
        if (slot != null && !runs[thread]) {
            hands[thread] = null;
            slots.stopSearching(slot);
        }
    }

    /** Stops a running slot. Returns whether the slot must search. */
    @Operation
    public boolean stopRunning(@Param(name = "thread") int thread) {
        WorkerSlot slot = hands[thread];
        if (slot == null || !runs[thread]) {
            return false;
        }
        hands[thread] = null;
        runs[thread] = false;
        boolean search = slots.stopRunning(slot);
        if (search) {
            hands[thread] = slot;
        }
        return search;
    }

    @Operation(nonParallelGroup = "freezing")
    public boolean freeze() {
        boolean frozen = slots.freeze();
        if (frozen) {
            ModelThreads.require(slots.running() == 0, "a slot runs that is frozen");
            slots.thaw();
        }
        return frozen;
    }

    @Operation
    public int running() {
        return slots.running();
    }

    @Operation
    public boolean mayWake() {
        return slots.canWake(false);
    }

    @Validate
    public void slotsAreIdleWhenAllHaveStopped() {
        for (int thread = 0; thread < hands.length; thread++) {
            stopRunning(thread);
            stopSearching(thread);
        }
        ModelThreads.require(slots.running() == 0, "a slot runs that was stopped");
        boolean[] woken = new boolean[WORKERS];
        for (int i = 0; i < WORKERS; i++) {
            WorkerSlot slot = slots.takeToSearch();
            if (slot == null || woken[slot.number]) {
                throw new AssertionError("a slot is not idle, or is idle twice");
            }
            woken[slot.number] = true;
            slots.startRunning();
        }
        ModelThreads.require(slots.takeToSearch() == null, "there are more slots than there were");
    }

    /** Sequential specification. */
    public static class Specification {

        private final Deque<Integer> idle = new ArrayDeque<>();

        private final int[] hands = new int[THREADS + 2];

        private final boolean[] runs = new boolean[THREADS + 2];

        private int searching;

        private int running;

        public Specification() {
            for (int number = WORKERS; number > 0; number--) {
                idle.push(number);
            }
        }

        public int wake(int thread) {
            if (hands[thread] != 0 || !mayWake()) {
                return -1;
            }
            searching++;
            hands[thread] = idle.pop();
            return hands[thread] - 1;
        }

        public void startRunning(int thread) {
            if (hands[thread] != 0 && !runs[thread]) {
                searching--;
                running++;
                runs[thread] = true;
            }
        }

        public void stopSearching(int thread) {
            if (hands[thread] != 0 && !runs[thread]) {
                searching--;
                idle.push(hands[thread]);
                hands[thread] = 0;
            }
        }

        public boolean stopRunning(int thread) {
            if (!runs[thread]) {
                return false;
            }
            running--;
            runs[thread] = false;
            if (searching == 0) {
                searching++;
                return true;
            }
            idle.push(hands[thread]);
            hands[thread] = 0;
            return false;
        }

        public boolean freeze() {
            return running == 0;
        }

        public int running() {
            return running;
        }

        public boolean mayWake() {
            return searching == 0 && !idle.isEmpty();
        }
    }
}
