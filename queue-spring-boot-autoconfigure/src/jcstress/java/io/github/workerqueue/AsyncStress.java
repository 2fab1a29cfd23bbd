package io.github.workerqueue;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Races between the completion of a stage, its slot and a cancel. Exactly one of them settles the task. */
public class AsyncStress {

    /** Asynchronous task whose callable has just returned its stage. */
    private static final class Stage {

        private final CountedStarts starts = new CountedStarts();

        private final QueueEngine engine = starts.engine();

        private final WorkerSlot slot = Objects.requireNonNull(engine.slots.takeToSearch());

        private final CompletableFuture<String> stage = new CompletableFuture<>();

        private final AsyncTask task = new AsyncTask(() -> stage, null, null);

        Stage() {
            engine.ring.offer(task, 0, Ring.OUTSIDER, Ring.ANY_EPOCH);
            engine.ring.release(engine.ring.claim());
        }

        int settle() {
            return slot.suspend(task, stage) == TaskDisposition.SUSPENDED ? 0 : 1;
        }

        void cancel() {
            engine.cancellation.cancel();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The thread that started the stage concludes it.")
    @Outcome(
            id = "0, 1",
            expect = Expect.ACCEPTABLE,
            desc = "The stage held the slot, and gave it a thread to conclude it.")
    @Outcome(
            id = "0, 0",
            expect = Expect.FORBIDDEN,
            desc = "Nobody concludes: the slot is lost, and join waits for ever.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Two conclude: the task counts twice, and two threads run one slot.")
    @State
    public static class HoldAndComplete {

        private final Stage stage = new Stage();

        @Actor
        public void hold(II_Result r) {
            r.r1 = stage.settle();
        }

        @Actor
        public void complete() {
            stage.stage.complete("value");
        }

        @Arbiter
        public void resumed(II_Result r) {
            r.r2 = stage.starts.count();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The cancel met the stage, or the stage the cancel.")
    @Outcome(
            id = "1, 0",
            expect = Expect.ACCEPTABLE,
            desc = "The cancel came before the stage held the slot, and the thread that started it concludes it.")
    @Outcome(
            id = "0, 0",
            expect = Expect.FORBIDDEN,
            desc = "The stage was missed: it held the slot without seeing the limit, and cancel saw no stage.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Two conclude: the task counts twice, and two threads run one slot.")
    @State
    public static class HoldAndCancel {

        private final Stage stage = new Stage();

        @Actor
        public void hold(II_Result r) {
            r.r1 = stage.settle();
        }

        @Actor
        public void cancel() {
            stage.cancel();
        }

        @Arbiter
        public void resumed(II_Result r) {
            r.r2 = stage.starts.count();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "One of the two gave the slot a thread.")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "Neither gave the slot a thread: join waits for ever.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both gave the slot a thread: two threads run one slot.")
    @State
    public static class CompleteAndCancel {

        private final Stage stage = new Stage();

        private final int concluded = stage.settle();

        @Actor
        public void complete() {
            stage.stage.complete("value");
        }

        @Actor
        public void cancel() {
            stage.cancel();
        }

        @Arbiter
        public void resumed(II_Result r) {
            r.r1 = concluded;
            r.r2 = stage.starts.count();
        }
    }
}
