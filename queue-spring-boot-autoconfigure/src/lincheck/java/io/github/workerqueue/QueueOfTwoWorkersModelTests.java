package io.github.workerqueue;

class QueueOfTwoWorkersModelTests extends QueueModel {

    QueueOfTwoWorkersModelTests() {
        super(2);
    }
}
