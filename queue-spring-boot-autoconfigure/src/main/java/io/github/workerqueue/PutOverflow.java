package io.github.workerqueue;

import org.jspecify.annotations.Nullable;

/**
 * Child tasks beyond the capacity, in submission order. While any wait here, a flag of the ring blocks other producers,
 * so that the children receive the next tickets as the ring empties.
 */
final class PutOverflow {

    /*
     * A task may put in the last frames of its stack. At a StackOverflowError, each step here is therefore complete
     * or has not begun. A monitor, unlike a lock of the JDK, is released without a call. The list changes by plain
     * stores only, directly after the flag was set or the ring has accepted the first child. The flag alone may
     * remain set without a child. A thread that waits for a free cell or for the queue clears it with repair().
     *
     * The synchronized methods do not block, so no virtual thread pins its carrier for long.
     */

    private final Ring ring;

    /** Oldest child. Guarded by this. */
    private @Nullable Child first;

    /** Newest child, valid if there is an oldest. Guarded by this. */
    private @Nullable Child last;

    /** Number of children. Written under the monitor. */
    private volatile int size;

    PutOverflow(Ring ring) {
        this.ring = ring;
    }

    int size() {
        return size;
    }

    /** Puts a task, beyond the capacity if the ring is full. Returns false if the ring rejects it. */
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

    /** Moves children into the ring while it has free cells. Call this method after freeing a cell. */
    boolean refill() {
        return size > 0 && repair();
    }

    /** Moves children into the ring while it has free cells, and clears a flag that a failed put has left set. */
    synchronized boolean repair() {
        return (first != null || ring.hasAny(Ring.OVERFLOWING)) && moveToRing();
    }

    /** Closes the ring if no child waits and the number of issued tickets has not changed. */
    synchronized boolean closeIfTail(long issued) {
        return first == null && ring.setIfTail(issued, Ring.CLOSED);
    }

    /** Closes the ring, even if tasks wait. */
    synchronized void closeNow() {
        ring.set(Ring.CLOSED);
    }

    /** Returns the number of accepted tasks: the issued tickets and the children here. */
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

    /** Node of the list: a child task and its successor. */
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
