package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tests for the overflow of a queue and its order. */
class PutOverflowTests {

    private final Ring ring = new Ring(1, false);

    private final PutOverflow overflow = new PutOverflow(ring);

    private Object take() {
        long ticket = ring.claim();
        assertThat(ticket).isNotNegative();
        Object task = ring.task(ticket);
        ring.release(ticket);
        return task;
    }

    private boolean offerFromOutside() {
        return ring.offer("outside", 0, Ring.OUTSIDER, Ring.ANY_EPOCH);
    }

    @Test
    void overflowRefillsRingInOrderBeforeRingAcceptsOutsideTasks() {
        assertThat(overflow.put("a", 0)).isTrue();
        assertThat(overflow.size()).isZero();
        assertThat(overflow.refill()).isFalse();
        assertThat(overflow.put("b", 0)).isTrue();
        assertThat(overflow.put("c", 0)).isTrue();
        assertThat(overflow.size()).isEqualTo(2);
        assertThat(overflow.acceptedCount()).isEqualTo(3);
        assertThat(overflow.refill()).as("there is no room").isFalse();

        assertThat(take()).isEqualTo("a");
        assertThat(offerFromOutside()).isFalse();
        assertThat(overflow.refill()).isTrue();
        assertThat(take()).isEqualTo("b");
        assertThat(overflow.put("d", 0)).isTrue();
        assertThat(take()).isEqualTo("c");
        assertThat(overflow.refill()).isTrue();
        assertThat(overflow.size()).isZero();
        assertThat(take()).isEqualTo("d");
        assertThat(offerFromOutside()).isTrue();
        assertThat(overflow.acceptedCount()).isEqualTo(5);
    }

    @Test
    void overflowClosesRingOnlyWhenNoFurtherTaskWasAccepted() {
        assertThat(overflow.put("a", 0)).isTrue();
        assertThat(overflow.put("b", 0)).isTrue();
        assertThat(overflow.closeIfTail(1)).as("one waits above the bound").isFalse();
        take();
        overflow.refill();
        assertThat(overflow.closeIfTail(1)).as("another was handed out").isFalse();
        assertThat(ring.hasAny(Ring.CLOSED)).isFalse();

        assertThat(overflow.closeIfTail(2)).isTrue();
        assertThat(ring.hasAny(Ring.CLOSED)).isTrue();
        take();
        assertThat(overflow.put("late", 0)).isFalse();
    }

    @Test
    void overflowRejectsPutsWhenClosedWithWaitingTasks() {
        assertThat(overflow.put("a", 0)).isTrue();
        overflow.closeNow();

        assertThat(overflow.put("late", 0)).isFalse();
        take();
        assertThat(overflow.put("late", 0)).isFalse();
    }
}
