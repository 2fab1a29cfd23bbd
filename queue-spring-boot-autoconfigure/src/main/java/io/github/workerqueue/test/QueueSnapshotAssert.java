package io.github.workerqueue.test;

import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.QueueSnapshot.State;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on the figures of a queue at one moment. Each returns itself, and throws an {@link AssertionError} that shows all
 * figures.
 *
 * @see QueueAssertions#assertThat(QueueSnapshot)
 */
public final class QueueSnapshotAssert extends AbstractAssert<QueueSnapshotAssert, QueueSnapshot> {

    QueueSnapshotAssert(QueueSnapshot figures) {
        super(figures, QueueSnapshotAssert.class);
    }

    /**
     * Verifies that the queue takes tasks and runs them.
     *
     * @return this
     */
    public QueueSnapshotAssert isOpen() {
        return hasState(State.OPEN);
    }

    /**
     * Verifies that the queue is paused.
     *
     * @return this
     */
    public QueueSnapshotAssert isPaused() {
        return hasState(State.PAUSED);
    }

    /**
     * Verifies that the queue is closed.
     *
     * @return this
     */
    public QueueSnapshotAssert isClosed() {
        return hasState(State.CLOSED);
    }

    /**
     * Verifies that nothing waits and nothing runs.
     *
     * @return this
     */
    public QueueSnapshotAssert isQuiet() {
        return hasDepth(0).hasActive(0);
    }

    /**
     * Verifies how many tasks wait.
     *
     * @param expected the number
     * @return this
     */
    public QueueSnapshotAssert hasDepth(int expected) {
        return has("waiting tasks", actual.depth(), expected);
    }

    /**
     * Verifies how many tasks run.
     *
     * @param expected the number
     * @return this
     */
    public QueueSnapshotAssert hasActive(int expected) {
        return has("running tasks", actual.active(), expected);
    }

    /**
     * Verifies how many results wait for the next join.
     *
     * @param expected the number
     * @return this
     */
    public QueueSnapshotAssert hasCollected(long expected) {
        return has("collected results", actual.collected(), expected);
    }

    /**
     * Verifies how many tasks were accepted since the queue was opened.
     *
     * @param expected the number
     * @return this
     */
    public QueueSnapshotAssert hasPut(long expected) {
        return has("accepted tasks", actual.put(), expected);
    }

    /**
     * Verifies how many tasks ran without an exception.
     *
     * @param expected the number
     * @return this
     */
    public QueueSnapshotAssert hasCompleted(long expected) {
        return has("completed tasks", actual.completed(), expected);
    }

    /**
     * Verifies how many tasks threw.
     *
     * @param expected the number
     * @return this
     */
    public QueueSnapshotAssert hasFailed(long expected) {
        return has("failed tasks", actual.failed(), expected);
    }

    /**
     * Verifies that no task threw.
     *
     * @return this
     */
    public QueueSnapshotAssert hasNoFailures() {
        return hasFailed(0);
    }

    /**
     * Verifies how many tasks were cancelled, before or while they ran.
     *
     * @param expected the number
     * @return this
     */
    public QueueSnapshotAssert hasCancelled(long expected) {
        return has("cancelled tasks", actual.cancelled(), expected);
    }

    /**
     * Verifies how many tasks were refused.
     *
     * @param expected the number
     * @return this
     */
    public QueueSnapshotAssert hasRejected(long expected) {
        return has("rejected tasks", actual.rejected(), expected);
    }

    /**
     * Verifies that every task that was accepted has completed, failed, been cancelled, or waits or runs. Exact while the
     * queue is quiet.
     *
     * @return this
     */
    public QueueSnapshotAssert hasNothingLost() {
        isNotNull();
        long ended = actual.completed() + actual.failed() + actual.cancelled();
        return has("waiting, running or finished tasks", ended + actual.depth() + actual.active(), actual.put());
    }

    private QueueSnapshotAssert hasState(State expected) {
        isNotNull();
        if (actual.state() != expected) {
            failWithMessage(
                    "Expected queue '%s' to be %s, but was %s: %s", actual.name(), expected, actual.state(), actual);
        }
        return this;
    }

    private QueueSnapshotAssert has(String what, long found, long expected) {
        isNotNull();
        if (found != expected) {
            throw failureWithActualExpected(
                    found,
                    expected,
                    "Expected %d %s in queue '%s', but found %d: %s",
                    expected,
                    what,
                    actual.name(),
                    found,
                    actual);
        }
        return this;
    }
}
