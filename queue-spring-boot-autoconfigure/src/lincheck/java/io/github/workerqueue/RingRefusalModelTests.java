package io.github.workerqueue;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Tests that puts and the flags that reject puts are linearizable: no rejected put receives a ticket. */
@Param(name = "epoch", gen = IntGen.class, conf = "0:2")
@Param(name = "ticket", gen = IntGen.class, conf = "0:2")
public class RingRefusalModelTests {

    static final int CAPACITY = 3;

    private final Ring ring = new Ring(CAPACITY, false);

    @Test
    void modelChecking() {
        new ModelCheckingOptions()
                .iterations(100)
                .invocationsPerIteration(1_000)
                .threads(2)
                .actorsBefore(0)
                .actorsPerThread(2)
                .sequentialSpecification(Specification.class)
                .check(RingRefusalModelTests.class);
    }

    @Test
    void stress() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsBefore(1)
                .actorsPerThread(4)
                .sequentialSpecification(Specification.class)
                .check(RingRefusalModelTests.class);
    }

    @Operation
    public boolean offer() {
        return ring.offer("task", 0, Ring.OUTSIDER, Ring.ANY_EPOCH);
    }

    @Operation
    public boolean offerOfAChild() {
        return ring.offerFirst("task", 0, Ring.OWN, Ring.ANY_EPOCH);
    }

    @Operation
    public boolean offerSince(@Param(name = "epoch") int epoch) {
        return ring.offer("task", 0, Ring.OUTSIDER, epoch);
    }

    @Operation
    public long issued() {
        return ring.tail();
    }

    @Operation
    public void nextEpoch() {
        ring.advanceEpoch();
    }

    @Operation
    public void overflow() {
        ring.set(Ring.OVERFLOWING);
    }

    @Operation
    public void refill() {
        ring.clear(Ring.OVERFLOWING);
    }

    @Operation
    public boolean closeAt(@Param(name = "ticket") int issued) {
        return ring.setIfTail(issued, Ring.CLOSED);
    }

    /** Sequential specification. */
    public static class Specification {

        private long issued;

        private long epoch;

        private boolean overflown;

        private boolean closed;

        public boolean offer() {
            return !overflown && offerOfAChild();
        }

        public boolean offerOfAChild() {
            if (closed || issued == CAPACITY) {
                return false;
            }
            issued++;
            return true;
        }

        public boolean offerSince(int epoch) {
            return epoch == this.epoch && offer();
        }

        public long issued() {
            return issued;
        }

        public void nextEpoch() {
            epoch++;
        }

        public void overflow() {
            overflown = true;
        }

        public void refill() {
            overflown = false;
        }

        public boolean closeAt(int issued) {
            closed |= this.issued == issued;
            return this.issued == issued;
        }
    }
}
