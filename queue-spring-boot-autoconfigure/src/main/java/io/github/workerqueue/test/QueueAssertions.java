package io.github.workerqueue.test;

import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.WorkerQueue;

/**
 * Entry point of the assertions on queues, for AssertJ:
 *
 * <pre>{@code
 * assertThat(queue).hasPut(3).hasNoFailures().hasNothingLost();
 * }</pre>
 *
 * @since 0.1
 */
public final class QueueAssertions {

    private QueueAssertions() {}

    /**
     * Returns assertions on a snapshot.
     *
     * @param figures the snapshot
     * @return the assertions
     */
    public static QueueSnapshotAssert assertThat(QueueSnapshot figures) {
        return new QueueSnapshotAssert(figures);
    }

    /**
     * Returns assertions on the current counters of a queue.
     *
     * @param queue the queue
     * @return the assertions
     */
    public static QueueSnapshotAssert assertThat(WorkerQueue<?> queue) {
        return new QueueSnapshotAssert(queue.snapshot());
    }
}
