package io.github.workerqueue;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * List of the slots that have run since the last join: the last one and the list of those before it. It also has the
 * number of tasks that ended on all other slots.
 */
final class UsedSlots {

    /*
     * Joins, cancels, snapshots and reports visit these slots only. Their cost follows the number of slots in use,
     * not the largest number that the queue ever had.
     *
     * State: a list, whose head WorkerSlots publishes by a CAS. A published node never changes.
     *
     *   unused -> used  WorkerSlots.markUsed(), by the slot itself: it runs, and has not claimed a task yet
     *   used -> unused  WorkerSlots.prepareReset(), by a join: frozen, with its results taken, it has no task
     *
     * Invariant: a slot that has a task or a result is in the list.
     *
     * Invariant: the sums of the head and the counters of the slots in its list add up to the numbers of tasks that
     * ended on any slot. A slot moves between list and sums while it counts nothing. So a head that was read before
     * such a move remains exact: it only lacks the slots that were used afterwards.
     *
     * A slot outside the list has a spare node, so no slot fails to run for lack of memory.
     *
     * Happens-before: a slot publishes its node and then reads the limit of Cancellation, while a cancel writes the
     * limit and then reads the head. One of the two sees the other.
     */

    /** Empty list, of a queue that has run nothing. */
    static final UsedSlots NONE = new UsedSlots(null);

    /** Null only in the last node. */
    private final @Nullable WorkerSlot slot;

    private @Nullable UsedSlots next;

    private long completed;

    private long failed;

    private long cancelled;

    UsedSlots(@Nullable WorkerSlot slot) {
        this.slot = slot;
    }

    /** Makes this node the head in place of one whose list lacks its slot. */
    void follow(UsedSlots head) {
        next = head;
        copySums(head);
        if (slot != null) {
            count(slot.outcomes, -1);
        }
    }

    /**
     * Returns the action that replaces this head by a list of the slots that have a task. Only this method allocates,
     * not the action.
     */
    Runnable prepareReset(Consumer<UsedSlots> publisher) {
        UsedSlots last = new UsedSlots(null);
        last.copySums(this);
        forEach(used -> last.count(used.outcomes, 1));
        UsedSlots head = last;
        UsedSlots spare = null;
        for (UsedSlots node = this; node != null && node.slot != null; node = node.next) {
            UsedSlots copy = new UsedSlots(node.slot);
            if (node.slot.isActive()) { // it is absent
                copy.follow(head);
                head = copy;
            } else {
                copy.next = spare;
                spare = copy;
            }
        }
        UsedSlots kept = head;
        UsedSlots spares = spare;
        return () -> {
            for (UsedSlots node = spares; node != null && node.slot != null; node = node.next) {
                node.slot.usedNode = node;
            }
            publisher.accept(kept);
        };
    }

    void forEach(Consumer<WorkerSlot> action) {
        for (UsedSlots node = this; node != null; node = node.next) {
            if (node.slot != null) {
                action.accept(node.slot);
            }
        }
    }

    /** Returns the number of completed tasks of the slots outside the list. */
    long completed() {
        return completed;
    }

    long failed() {
        return failed;
    }

    long cancelled() {
        return cancelled;
    }

    long total() {
        return completed + failed + cancelled;
    }

    private void copySums(UsedSlots other) {
        completed = other.completed;
        failed = other.failed;
        cancelled = other.cancelled;
    }

    private void count(TaskOutcomes outcomes, int sign) {
        completed += sign * outcomes.completed();
        failed += sign * outcomes.failed();
        cancelled += sign * outcomes.cancelled();
    }
}
