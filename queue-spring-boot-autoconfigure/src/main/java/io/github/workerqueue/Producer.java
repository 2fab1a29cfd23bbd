package io.github.workerqueue;

import java.util.function.BooleanSupplier;

/**
 * Producer of one put.
 *
 * @param kind the kind of the producer
 * @param rejectedBy the flags of the {@link Ring} that reject the put
 * @param epoch the epoch in which the put began; {@link Ring#ANY_EPOCH} if a cancel does not concern it
 * @param obsolete whether the put is no longer needed, if it still waits for room
 */
record Producer(Kind kind, long rejectedBy, long epoch, BooleanSupplier obsolete) {

    /** Returns the producer for a put of the current thread. */
    static Producer of(QueueContext queue, long epoch) {
        Kind kind = Kind.of(queue);
        return new Producer(kind, kind.rejectedBy, epoch, Producer::never);
    }

    boolean isOwn() {
        return kind == Kind.OWN;
    }

    /** Returns the same producer without the privilege of tasks of the queue to exceed the capacity. */
    Producer withinCapacity() {
        return isOwn() ? new Producer(kind, Ring.OWN_BOUNDED, epoch, obsolete) : this;
    }

    /** Returns the same producer, which stops to wait for room when the put is no longer needed. */
    Producer until(BooleanSupplier done) {
        return new Producer(kind, rejectedBy, epoch, done);
    }

    private static boolean never() {
        return false;
    }

    /** Kind of a producer, by the task that its thread runs. It decides which flags of the {@link Ring} reject a put. */
    enum Kind {
        /** Runs no task of the factory. */
        OUTSIDER(Ring.OUTSIDER),
        /** Runs a task of another queue of the factory. */
        SIBLING(Ring.SIBLING),
        /** Runs a task of this queue, possibly in a task of another queue that it opened. */
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

        /** Whether the current thread runs a task of one of these queues. */
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
