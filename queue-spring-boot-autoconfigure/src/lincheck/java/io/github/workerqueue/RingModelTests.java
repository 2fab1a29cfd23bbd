package io.github.workerqueue;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that the ring is a linearizable, bounded FIFO queue. */
@Param(name = "task", gen = IntGen.class, conf = "1:9")
@Param(name = "ticket", gen = IntGen.class, conf = "0:2")
public class RingModelTests {

    static final int CAPACITY = 2;

    private final Ring ring = new Ring(CAPACITY, false);

    @Test
    void modelChecking() {
        new ModelCheckingOptions()
                .iterations(50)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsBefore(2)
                .actorsPerThread(3)
                .sequentialSpecification(Specification.class)
                .check(RingModelTests.class);
    }

    @Test
    void stress() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsBefore(2)
                .actorsPerThread(4)
                .sequentialSpecification(Specification.class)
                .check(RingModelTests.class);
    }

    @Operation
    public boolean offer(@Param(name = "task") int task) {
        return ring.offer(task, 0, Ring.OUTSIDER, Ring.ANY_EPOCH);
    }

    @Operation
    public boolean offerOfAChild(@Param(name = "task") int task) {
        return ring.offerFirst(task, 0, Ring.OWN, Ring.ANY_EPOCH);
    }

    @Operation
    public @Nullable Integer take() {
        return takeBelow(Integer.MAX_VALUE);
    }

    @Operation
    public @Nullable Integer takeBelow(@Param(name = "ticket") int limit) {
        long ticket = ring.claimBelow(limit);
        if (ticket < 0) {
            return null;
        }
        Integer task = (Integer) ring.task(ticket);
        ring.release(ticket);
        return task;
    }

    @Operation
    public boolean isEmpty() {
        return ring.isEmpty();
    }

    @Operation
    public long emptyAt() {
        return ring.tailIfEmpty();
    }

    @Operation
    public boolean isWithinBound() {
        int depth = ring.depth();
        return depth >= 0 && depth <= CAPACITY;
    }

    @Operation
    public long issued() {
        return ring.tail();
    }

    /** Sequential specification. */
    public static class Specification {

        private final Queue<Integer> waiting = new ArrayDeque<>();

        private long issued;

        public boolean offer(int task) {
            return offerOfAChild(task);
        }

        public boolean offerOfAChild(int task) {
            if (waiting.size() == CAPACITY) {
                return false;
            }
            issued++;
            return waiting.add(task);
        }

        public @Nullable Integer take() {
            return waiting.poll();
        }

        public @Nullable Integer takeBelow(int limit) {
            return issued - waiting.size() < limit ? waiting.poll() : null;
        }

        public boolean isEmpty() {
            return waiting.isEmpty();
        }

        public long emptyAt() {
            return waiting.isEmpty() ? issued : -1;
        }

        public boolean isWithinBound() {
            return true;
        }

        public long issued() {
            return issued;
        }
    }
}
