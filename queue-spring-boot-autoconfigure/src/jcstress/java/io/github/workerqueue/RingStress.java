package io.github.workerqueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Races between a put and a close, a ceiling or a claim. */
public class RingStress {

    private static boolean offer(Ring ring) {
        return ring.offer("task", 0, Ring.OUTSIDER, Ring.ANY_EPOCH);
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The put came first, and who closed sees its ticket.")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The flag came first and refused the put.")
    @Outcome(
            expect = Expect.FORBIDDEN,
            desc = "A put took a ticket that who closed does not see, or was refused with a ticket.")
    @State
    public static class PutAndClosed {

        private final Ring ring = new Ring(1, false);

        @Actor
        public void put(II_Result r) {
            r.r1 = offer(ring) ? 1 : 0;
        }

        @Actor
        public void close(II_Result r) {
            ring.set(Ring.CLOSED);
            r.r2 = (int) ring.tail();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The put came first, and the ring is not closed.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The ring was closed, and the put refused.")
    @Outcome(
            id = "1, 1",
            expect = Expect.FORBIDDEN,
            desc = "A task was put into a ring that was closed as empty: nobody runs it.")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "The put was refused although nobody closed the ring.")
    @State
    public static class PutAndCloseAt {

        private final Ring ring = new Ring(1, false);

        @Actor
        public void put(II_Result r) {
            r.r1 = offer(ring) ? 1 : 0;
        }

        @Actor
        public void close(II_Result r) {
            r.r2 = ring.setIfTail(0, Ring.CLOSED) ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0", "1"},
            expect = Expect.ACCEPTABLE,
            desc = "At most maxsize puts passed the one that waits.")
    @Outcome(
            expect = Expect.FORBIDDEN,
            desc = "A put that read its ticket and then the ceiling passed beyond the ceiling that was set before.")
    @State
    public static class PutAndCeiling {

        private static final int PUTS = 4;

        private final Ring ring = new Ring(1, false);

        private long since;

        @Actor
        public void enterLine() {
            since = ring.lowerCeiling();
            ring.setCeiling(since + ring.capacity());
            putAndRun();
        }

        @Actor
        public void putMany() {
            for (int i = 0; i < PUTS; i++) {
                putAndRun();
            }
        }

        private void putAndRun() {
            if (offer(ring)) {
                long ticket = ring.claimBelow(Long.MAX_VALUE);
                if (ticket >= 0) {
                    ring.release(ticket);
                }
            }
        }

        @Arbiter
        public void passed(I_Result r) {
            r.r1 = (int) (ring.tail() - since);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1", "-1, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "The task of the ticket, or none yet.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A ticket was claimed whose task is not there, or only half of it.")
    @State
    public static class PutAndClaim {

        private final Ring ring = new Ring(1, true);

        @Actor
        public void put() {
            int[] task = {1};
            ring.offer(task, 1, Ring.OUTSIDER, Ring.ANY_EPOCH);
        }

        @Actor
        public void claim(II_Result r) {
            long ticket = ring.claimBelow(Long.MAX_VALUE);
            r.r1 = ticket < 0 ? -1 : ((int[]) ring.task(ticket))[0];
            r.r2 = ticket < 0 ? 0 : (int) ring.putTime(ticket);
        }
    }
}
