package io.github.workerqueue;

/** Tests for concurrent calls of a queue with two workers. */
class QueueOfTwoWorkersModelTests extends QueueModel {

    QueueOfTwoWorkersModelTests() {
        super(2);
    }
}
