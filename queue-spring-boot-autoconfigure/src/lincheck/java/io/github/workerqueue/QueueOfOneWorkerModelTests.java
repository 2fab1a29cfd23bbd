package io.github.workerqueue;

class QueueOfOneWorkerModelTests extends QueueModel {

    QueueOfOneWorkerModelTests() {
        super(1);
    }
}
