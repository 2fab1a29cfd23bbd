package io.github.workerqueue;

/** Tests for concurrent calls of a queue with one worker. */
class QueueOfOneWorkerModelTests extends QueueModel {

    QueueOfOneWorkerModelTests() {
        super(1);
    }
}
