package io.github.workerqueue;

import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Races between waiting threads and their wake-up. No wake-up is lost: a waiting thread registers and then reads the
 * state, and the other thread writes the state and then reads the registered threads.
 */
public class WakeUpStress {

    private static final long MOST_NANOS = 2 * CountedStarts.LATE_NANOS;

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The producer was let in.")
    @Outcome(
            id = "0",
            expect = Expect.FORBIDDEN,
            desc = "The wake-up was lost: the producer saw a full ring, and who made room saw nobody to signal.")
    @State
    public static class ProducerAndRoom {

        /** Time for which a producer waits for half of the ring. Afterwards, it waits for the first free cell. */
        private static final long FIRST_WAIT_NANOS = CountedStarts.COST_NANOS / 2;

        private final QueueEngine engine = new CountedStarts().engine();

        public ProducerAndRoom() {
            engine.ring.offer("first", 0, Ring.OUTSIDER, Ring.ANY_EPOCH);
        }

        @Actor
        public void put(I_Result r) {
            Producer producer = Producer.of(engine.context, Ring.ANY_EPOCH);
            r.r1 = CountedStarts.inTime(() -> engine.producers.await("second", producer, MOST_NANOS));
        }

        @Actor
        public void makeRoom() {
            long start = System.nanoTime();
            long nanos = start % (2 * FIRST_WAIT_NANOS);
            while (System.nanoTime() - start < nanos) {
                Thread.onSpinWait();
            }
            engine.ring.release(engine.ring.claimBelow(Long.MAX_VALUE));
            engine.backlog.signalNotFull();
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The join ended.")
    @Outcome(
            id = "0",
            expect = Expect.FORBIDDEN,
            desc = "The wake-up was lost: the join saw a slot that runs, "
                    + "and the slot that stopped saw nobody who waits.")
    @State
    public static class JoinAndSlotThatStops {

        private final QueueEngine engine = new CountedStarts().engine();

        private final WorkerSlot running = Objects.requireNonNull(engine.slots.takeToSearch());

        public JoinAndSlotThatStops() {
            engine.slots.startRunning();
        }

        @Actor
        public void join(I_Result r) {
            r.r1 = CountedStarts.inTime(() -> engine.round.join(Object.class, MOST_NANOS));
        }

        @Actor
        public void stop() {
            engine.slots.stopRunning(running);
            engine.quiescence.signalIfReached();
        }
    }
}
