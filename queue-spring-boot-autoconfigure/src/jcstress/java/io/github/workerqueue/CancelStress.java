package io.github.workerqueue;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Races of interrupts and cancels with tasks. An interrupt reaches only its callable, and a cancel misses no task. */
public class CancelStress {

    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "The callable was not there, or had left.")
    @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "It was interrupted, and took the interrupt with it.")
    @Outcome(id = "., 1, .", expect = Expect.FORBIDDEN, desc = "An interrupt is left after the callable has left.")
    @Outcome(
            expect = Expect.FORBIDDEN,
            desc = "One of the two believes in an interrupt that the other does not know of.")
    @State
    public static class InterruptAndLeave {

        private static final long TICKET = 7;

        private static final int LOOKS = 50;

        private final InterruptWindow window = new InterruptWindow();

        @Actor
        public void run(III_Result r) {
            window.enter(TICKET, Thread.currentThread());
            r.r1 = window.leave(TICKET) ? 1 : 0;
            for (int i = 0; i < LOOKS; i++) {
                r.r2 |= Thread.interrupted() ? 1 : 0;
            }
        }

        @Actor
        public void interrupt(III_Result r) {
            r.r3 = window.interrupt(TICKET) ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The task was dropped before it started.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The task was interrupted.")
    @Outcome(
            id = "2",
            expect = Expect.FORBIDDEN,
            desc = "The task was missed: it started without seeing the limit, and cancel did not see that it runs.")
    @State
    public static class StartAndCancel {

        private final QueueEngine engine = new CountedStarts().engine();

        private final WorkerSlot searching = Objects.requireNonNull(engine.slots.takeToSearch());

        private volatile boolean cancelled;

        private int fate;

        public StartAndCancel() {
            engine.ring.offer((Callable<?>) this::task, 0, Ring.OUTSIDER, Ring.ANY_EPOCH);
        }

        private Object task() {
            boolean over = false;
            while (!Thread.currentThread().isInterrupted()) {
                if (over) {
                    fate = 2;
                    return fate;
                }
                over = cancelled;
            }
            fate = 1;
            return fate;
        }

        @Actor
        public void run() {
            searching.run();
        }

        @Actor
        public void cancel() {
            engine.cancellation.cancel();
            cancelled = true;
        }

        @Arbiter
        public void fate(I_Result r) {
            r.r1 = fate;
        }
    }
}
