package io.github.workerqueue;

import java.util.function.ObjLongConsumer;

/** State shared by the queues of one factory. Queues of the same group may wait for each other. */
final class QueueGroup {

    final LogOnce logOnce = new LogOnce();

    /** Action that holds the queues of a name for a number of nanoseconds. */
    private final ObjLongConsumer<String> hold;

    private volatile boolean closing;

    QueueGroup(ObjLongConsumer<String> hold) {
        this.hold = hold;
    }

    /** Lets no task of a name start for a number of nanoseconds. A hold that ends later remains in force. */
    void hold(String name, long nanos) {
        hold.accept(name, nanos);
    }

    void beginClose() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }
}
