package io.github.workerqueue;

/** Signals between the parts of a queue that do not use each other. Any thread may send them. */
interface QueueSignals {

    /** Wakes a worker if a task waits and no worker is searching. */
    void wakeWorker();

    /** Wakes a worker after a put, whose thread may be short of stack. */
    void wakeWorkerAfterPut();

    /** Completes a put that failed with StackOverflowError. Call this method before a thread parks. */
    void recover();

    /** Throws an exception if a blocked producer must no longer wait. */
    void check(Producer producer);

    /** Wakes the threads that wait for quiescence if it is reached. */
    void signalIfQuiescent();

    /** Closes a closing queue at an instant of quiescence. */
    void tryTerminate();

    /** Removes a closed queue from its factory. */
    void release();

    /** Keeps the last snapshot of a terminated queue, so that its users do not retain the queue. */
    void freezeSnapshot();
}
