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
 * The ring and the children above its bound are together one queue in order, in which outsiders have no room while children
 * wait. Where a child is between the two, or is just coming, the engine lets the others try again: so does this.
 */
@Param(name = "task", gen = IntGen.class, conf = "1:9")
public class PutOverflowModelTests {

    /** With a larger one, an outsider may be refused while a child that made the ring overflow was overtaken by all slots. */
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

    /** One step at a time. */
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
