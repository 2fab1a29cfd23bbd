package io.github.workerqueue.test;

import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.WorkerQueue;

/** Assertions on queues, for AssertJ. */
public final class QueueAssertions {

    private QueueAssertions() {}

    /**
     * Begins assertions on figures.
     *
     * @param figures the figures
     * @return the assertions
     */
    public static QueueSnapshotAssert assertThat(QueueSnapshot figures) {
        return new QueueSnapshotAssert(figures);
    }

    /**
     * Begins assertions on the figures that a queue has now.
     *
     * @param queue the queue
     * @return the assertions
     */
    public static QueueSnapshotAssert assertThat(WorkerQueue<?> queue) {
        return new QueueSnapshotAssert(queue.snapshot());
    }
}
