package io.github.workerqueue;

import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Races between the ticket of the ring and the word of the slots. Each thread writes one before it reads the other. */
public class WorkerSlotsStress {

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The put, or the slot that went idle, woke the slot.")
    @Outcome(
            id = "0",
            expect = Expect.FORBIDDEN,
            desc = "A task is left lying: the put saw a slot that searches, and the slot that went idle saw no ticket.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The only slot was woken twice.")
    @State
    public static class PutAndSlotThatGoesIdle {

        private final CountedStarts starts = new CountedStarts();

        private final QueueEngine engine = starts.engine();

        private final WorkerSlot searching = Objects.requireNonNull(engine.slots.takeToSearch());

        @Actor
        public void put() {
            engine.ring.offer("task", 0, Ring.OUTSIDER, Ring.ANY_EPOCH);
            engine.scheduler.wakeWorker();
        }

        @Actor
        public void goIdle() {
            engine.slots.stopSearching(searching);
            engine.scheduler.wakeWorker();
        }

        @Arbiter
        public void woken(I_Result r) {
            r.r1 = starts.count();
        }
    }

    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "The slot runs, so the round goes on.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The round ended after the task, and sees what it did.")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "The round ended and does not see what the task did before.")
    @State
    public static class FreezeAndSlotThatStops {

        private final WorkerSlots slots = new CountedStarts().engine().slots;

        private final WorkerSlot running = Objects.requireNonNull(slots.takeToSearch());

        private int did;

        public FreezeAndSlotThatStops() {
            slots.startRunning();
        }

        @Actor
        public void stop() {
            did = 1;
            slots.stopRunning(running);
        }

        @Actor
        public void freeze(I_Result r) {
            if (slots.freeze()) {
                r.r1 = did;
                slots.thaw();
            } else {
                r.r1 = -1;
            }
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0", "1"},
            expect = Expect.ACCEPTABLE,
            desc = "The round ended with the task, or without it.")
    @Outcome(
            id = "2",
            expect = Expect.FORBIDDEN,
            desc = "The round ended as empty while a slot had claimed a task: its result would be in no round.")
    @State
    public static class FreezeAndSlotThatStarts {

        private final QueueEngine engine = new CountedStarts().engine();

        private final WorkerSlot searching = Objects.requireNonNull(engine.slots.takeToSearch());

        private int did;

        public FreezeAndSlotThatStarts() {
            engine.ring.offer("task", 0, Ring.OUTSIDER, Ring.ANY_EPOCH);
        }

        @Actor
        public void run() {
            engine.slots.startRunning();
            engine.ring.release(engine.ring.claimBelow(Long.MAX_VALUE));
            did = 1;
            engine.slots.stopRunning(searching);
        }

        @Actor
        public void freeze(I_Result r) {
            r.r1 = 0;
            if (engine.slots.freeze()) {
                if (engine.round.tailIfQuiescent() >= 0) {
                    r.r1 = did == 1 ? 1 : 2;
                }
                engine.slots.thaw();
            }
        }
    }
}
