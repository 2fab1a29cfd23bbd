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

/**
 * Tests that the ring and the overflow together form one FIFO queue, in which producers outside have no room while
 * overflow waits. While a child task moves from the overflow to the ring, or is just being put, the operations retry,
 * as in the engine.
 */
@Param(name = "task", gen = IntGen.class, conf = "1:9")
public class PutOverflowModelTests {

    /**
     * Capacity of the ring. With a larger one, an offer from outside may be rejected because of a child task that the
     * ring had no room for, although the slots have emptied the ring meanwhile.
     */
    static final int CAPACITY = 1;

    private final Ring ring = new Ring(CAPACITY, true);

    private final PutOverflow overflow = new PutOverflow(ring);

    @Test
    void modelChecking() {
        new ModelCheckingOptions()
                .iterations(50)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsBefore(2)
                .actorsPerThread(3)
                .sequentialSpecification(Specification.class)
                .check(PutOverflowModelTests.class);
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
                .check(PutOverflowModelTests.class);
    }

    @Operation
    public boolean putChild(@Param(name = "task") int task) {
        return overflow.put(task, task);
    }

    @Operation
    public boolean offer(@Param(name = "task") int task) {
        while (!ring.offer(task, task, Ring.OUTSIDER, Ring.ANY_EPOCH)) {
            if (ring.hasAny(Ring.CLOSED) || ring.isFull() || overflow.size() > 0) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    @Operation
    public @Nullable Integer take() {
        for (; ; ) {
            long ticket = ring.claimBelow(Long.MAX_VALUE);
            if (ticket >= 0) {
                Integer task = (Integer) ring.task(ticket);
                boolean stamped = ring.putTime(ticket) == task;
                ring.release(ticket);
                overflow.refill();
                return stamped ? task : -1;
            }
            long end = ring.tailIfEmpty();
            if (end >= 0 && overflow.size() == 0 && ring.tail() == end) {
                return null;
            }
            Thread.onSpinWait();
        }
    }

    @Operation
    public long accepted() {
        return overflow.acceptedCount();
    }

    @Operation
    public long closeNow() {
        overflow.closeNow();
        return overflow.acceptedCount();
    }

    /** Sequential specification. */
    public static class Specification {

        private final Queue<Integer> waiting = new ArrayDeque<>();

        private long accepted;

        private boolean closed;

        public boolean putChild(int task) {
            if (closed) {
                return false;
            }
            accepted++;
            return waiting.add(task);
        }

        public boolean offer(int task) {
            return waiting.size() < CAPACITY && putChild(task);
        }

        public @Nullable Integer take() {
            return waiting.poll();
        }

        public long accepted() {
            return accepted;
        }

        public long closeNow() {
            closed = true;
            return accepted;
        }
    }
}
