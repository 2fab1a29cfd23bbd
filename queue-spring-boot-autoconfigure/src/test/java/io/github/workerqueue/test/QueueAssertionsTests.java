package io.github.workerqueue.test;

import static io.github.workerqueue.test.QueueAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.QueueSnapshot.State;
import io.github.workerqueue.WorkerQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tests for the AssertJ assertions for queues and snapshots. */
class QueueAssertionsTests {

    @Test
    void assertionsVerifyCountersOfQueue() throws InterruptedException {
        WorkerQueue<Integer> queue = TestQueues.inCallingThread()
                .open("riot", settings -> settings.withMaxsize(1).withExceptionHandler(failure -> {}));
        assertThat(queue).isOpen().isQuiet().hasPut(0).hasNothingLost();
        queue.put(() -> 1);
        queue.execute(() -> {
            throw new IllegalStateException("expected");
        });
        assertThat(queue)
                .isQuiet()
                .hasPut(2)
                .hasCompleted(1)
                .hasFailed(1)
                .hasCollected(1)
                .hasNothingLost();
        queue.pause();
        queue.put(() -> 2);
        queue.offer(() -> 3);
        assertThat(queue.snapshot())
                .isPaused()
                .hasDepth(1)
                .hasActive(0)
                .hasRejected(1)
                .hasNothingLost();
        queue.cancel();
        queue.close();
        assertThat(queue).isClosed().hasCancelled(1).hasNothingLost();
    }

    @Test
    void failedAssertionsShowWholeSnapshot() {
        QueueSnapshot figures =
                new QueueSnapshot("riot", 1, State.CLOSING, 2, 3, 4, 5, 6, 7, 8, 9, 100, 11, 12, 13, 14);
        assertFails(figures, QueueSnapshotAssert::isOpen, "Expected queue 'riot' to be OPEN, but was CLOSING");
        assertFails(figures, QueueSnapshotAssert::isPaused, "to be PAUSED, but was CLOSING");
        assertFails(figures, QueueSnapshotAssert::isClosed, "to be CLOSED, but was CLOSING");
        assertFails(figures, QueueSnapshotAssert::isQuiet, "Expected 0 waiting tasks in queue 'riot', but found 4");
        assertFails(figures, it -> it.hasActive(0), "Expected 0 running tasks in queue 'riot', but found 5");
        assertFails(figures, it -> it.hasCollected(0), "Expected 0 collected results in queue 'riot', but found 9");
        assertFails(figures, it -> it.hasPut(0), "Expected 0 accepted tasks in queue 'riot', but found 100");
        assertFails(figures, it -> it.hasCompleted(0), "0 completed tasks in queue 'riot', but found 11");
        assertFails(figures, QueueSnapshotAssert::hasNoFailures, "0 failed tasks in queue 'riot', but found 12");
        assertFails(figures, it -> it.hasCancelled(0), "0 cancelled tasks in queue 'riot', but found 13");
        assertFails(figures, it -> it.hasRejected(0), "0 rejected tasks in queue 'riot', but found 14");
        assertFails(
                figures,
                QueueSnapshotAssert::hasNothingLost,
                "Expected 100 waiting, running or finished tasks in queue 'riot', but found 45");
    }

    private static void assertFails(QueueSnapshot figures, Consumer<QueueSnapshotAssert> assertion, String message) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertion.accept(assertThat(figures)))
                .withMessageContainingAll(message, figures.toString());
    }
}
