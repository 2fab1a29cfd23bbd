package io.github.workerqueue;

import java.util.function.BooleanSupplier;

/**
 * Producer of one put.
 *
 * @param kind the kind of the producer
 * @param rejectedBy the flags of the {@link Ring} that reject the put
 * @param epoch the epoch in which the put began; {@link Ring#ANY_EPOCH} if a cancel does not concern it
 * @param obsolete the condition under which the put is no longer needed, if it still waits for a free cell
 */
record Producer(Kind kind, long rejectedBy, long epoch, BooleanSupplier obsolete) {

    /** Returns the current thread as a producer. */
    static Producer of(QueueContext queue, long epoch) {
        Kind kind = Kind.of(queue);
        return new Producer(kind, kind.rejectedBy, epoch, Producer::never);
    }

    boolean isOwn() {
        return kind == Kind.OWN;
    }

    /** Returns the same producer, whose put must not exceed the capacity even from a task of the queue. */
    Producer withinCapacity() {
        return isOwn() ? new Producer(kind, Ring.OWN_BOUNDED, epoch, obsolete) : this;
    }

    /** Returns the same producer, which stops waiting for a free cell once the put is no longer needed. */
    Producer until(BooleanSupplier done) {
        return new Producer(kind, rejectedBy, epoch, done);
    }

    private static boolean never() {
        return false;
    }

    /** Kind of a producer, by the task that its thread runs. It selects the flags of the {@link Ring} that reject. */
    enum Kind {
        /** Thread without a task of the factory. */
        OUTSIDER(Ring.OUTSIDER),
        /** Thread that runs a task of another queue of the factory or of the same drain. */
        SIBLING(Ring.SIBLING),
        /** Thread that runs a task of this queue, or of a queue that such a task has opened. */
        OWN(Ring.OWN);

        /** Flags of the ring that reject a put of this kind. */
        final long rejectedBy;

        Kind(long rejectedBy) {
            this.rejectedBy = rejectedBy;
        }

        /** Returns the kind of the current thread for a queue. */
        static Kind of(QueueContext queue) {
            Kind kind = OUTSIDER;
            for (CurrentTask task = CurrentTask.ofThread(); task != null; task = task.below()) {
                for (QueueContext running = task.context; running != null; running = running.outer) {
                    if (running == queue) {
                        return OWN;
                    }
                    Object drain = running.drain;
                    if (running.group == queue.group || (drain != null && drain == queue.drain)) {
                        kind = SIBLING;
                    }
                }
            }
            return kind;
        }

        /** Whether the current thread runs a task of a group of queues. */
        static boolean isInside(QueueGroup group) {
            for (CurrentTask task = CurrentTask.ofThread(); task != null; task = task.below()) {
                for (QueueContext running = task.context; running != null; running = running.outer) {
                    if (running.group == group) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
