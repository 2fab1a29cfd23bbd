package io.github.workerqueue;

/** State shared by the queues of one factory. Queues of the same group may wait for each other. */
final class QueueGroup {

    final LogOnce logOnce = new LogOnce();

    private volatile boolean closing;

    void beginClose() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }
}
