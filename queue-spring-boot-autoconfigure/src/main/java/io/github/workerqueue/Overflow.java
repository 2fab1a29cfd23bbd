package io.github.workerqueue;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The children that tasks put above the bound. While any wait here, a flag of the ring keeps outside producers out, so that
 * the children get the next tickets, in their order, as the ring empties.
 */
final class Overflow {

    private final Ring ring;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final ArrayDeque<Child> children = new ArrayDeque<>(0);

    /** Written under the lock. */
    private volatile int size;

    Overflow(Ring ring) {
        this.ring = ring;
    }

    int size() {
        return size;
    }

    /** Puts a task, above the bound if there is no room. Returns false if the ring refuses it. */
    boolean put(Object task, long stamp) {
        lock.lock();
        try {
            if (children.isEmpty() && ring.offerFirst(task, stamp, Ring.OWN, Ring.ANY_EPOCH)) {
                return true;
            }
            if (ring.has(Ring.OWN)) {
                return false;
            }
            ring.set(Ring.OVERFLOWN);
            children.add(new Child(task, stamp));
            size = children.size();
            refill();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Moves children into the ring, as far as there is room. Must be called after room was made. */
    boolean released() {
        if (size == 0) {
            return false;
        }
        lock.lock();
        try {
            return refill();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the ring, if this many tickets were handed out and nothing waits above the bound. */
    boolean closeAt(long issued) {
        lock.lock();
        try {
            return children.isEmpty() && ring.setAt(issued, Ring.CLOSED);
        } finally {
            lock.unlock();
        }
    }

    /** Closes the ring, whatever waits. */
    void closeNow() {
        lock.lock();
        try {
            ring.set(Ring.CLOSED);
        } finally {
            lock.unlock();
        }
    }

    /** How many tasks were accepted: the tickets handed out, and those that the children here will get. */
    long accepted() {
        lock.lock();
        try {
            return ring.issued() + children.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean refill() {
        boolean moved = false;
        Child child = children.peek();
        while (child != null && ring.offerFirst(child.task, child.stamp, 0, Ring.ANY_EPOCH)) {
            children.remove();
            size = children.size();
            moved = true;
            child = children.peek();
        }
        if (children.isEmpty()) {
            ring.clear(Ring.OVERFLOWN);
        }
        return moved;
    }

    private record Child(Object task, long stamp) {}
}
