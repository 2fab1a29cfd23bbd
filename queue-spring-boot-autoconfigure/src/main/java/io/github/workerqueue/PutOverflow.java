package io.github.workerqueue;

import org.jspecify.annotations.Nullable;

/**
 * The child tasks that were put beyond the capacity. While any wait here, a flag of the ring blocks outside producers,
 * so that the children get the next tickets, in their order, as the ring empties.
 */
final class PutOverflow {

    /*
     * A task may put in the last frames of its stack, so each step here is complete or has not begun when a
     * StackOverflowError comes. Unlike a lock of the JDK, a monitor is released without a call. The list
     * changes by plain stores alone, right after the flag was set, or right after the ring took the first child. Only
     * the flag may stay set without a child. A thread that waits for room, or for the queue, clears it by repair().
     *
     * Nothing in the synchronized methods blocks, so no virtual thread pins its carrier for long.
     */

    private final Ring ring;

    /** The child that was put first. Guarded by this. */
    private @Nullable Child first;

    /** The child that was put last, if there is a first. Guarded by this. */
    private @Nullable Child last;

    /** Number of children. Written under the monitor. */
    private volatile int size;

    PutOverflow(Ring ring) {
        this.ring = ring;
    }

    int size() {
        return size;
    }

    /** Puts a task, beyond the capacity if there is no room. Returns false if the ring refuses it. */
    synchronized boolean put(Object task, long stamp) {
        if (first == null && ring.offerFirst(task, stamp, Ring.OWN, Ring.ANY_EPOCH)) {
            return true;
        }
        if (ring.hasAny(Ring.OWN)) {
            return false;
        }
        Child child = new Child(task, stamp);
        ring.set(Ring.OVERFLOWING);
        Child before = last;
        if (first == null || before == null) {
            first = child;
        } else {
            before.next = child;
        }
        last = child;
        size = size + 1;
        moveToRing();
        return true;
    }

    /** Moves children into the ring while there is room. Call this method after room was made. */
    boolean refill() {
        return size > 0 && repair();
    }

    /** Moves children into the ring while there is room, and clears a flag that an interrupted put left behind. */
    synchronized boolean repair() {
        return (first != null || ring.hasAny(Ring.OVERFLOWING)) && moveToRing();
    }

    /** Closes the ring, if this many tickets were handed out and no child waits. */
    synchronized boolean closeIfTail(long issued) {
        return first == null && ring.setIfTail(issued, Ring.CLOSED);
    }

    /** Closes the ring, whatever waits. */
    synchronized void closeNow() {
        ring.set(Ring.CLOSED);
    }

    /** Number of accepted tasks: the tickets handed out, and those that the children here will get. */
    synchronized long acceptedCount() {
        return ring.tail() + size;
    }

    private synchronized boolean moveToRing() {
        boolean moved = false;
        Child child = first;
        while (child != null && ring.offerFirst(child.task, child.stamp, 0, Ring.ANY_EPOCH)) {
            first = child.next;
            size = size - 1;
            moved = true;
            child = first;
        }
        if (child == null) {
            last = null;
            ring.clear(Ring.OVERFLOWING);
        }
        return moved;
    }

    /** A task beyond the capacity, and the one that was put after it. */
    private static final class Child {

        private final Object task;

        private final long stamp;

        private @Nullable Child next;

        Child(Object task, long stamp) {
            this.task = task;
            this.stamp = stamp;
        }
    }
}
