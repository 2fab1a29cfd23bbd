package io.github.workerqueue.test;

import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.QueueSnapshot.State;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on the counters of one queue. A failed assertion throws an {@link AssertionError} that shows all counters.
 *
 * @see QueueAssertions#assertThat(QueueSnapshot)
 * @since 0.1
 */
public final class QueueSnapshotAssert extends AbstractAssert<QueueSnapshotAssert, QueueSnapshot> {

    QueueSnapshotAssert(QueueSnapshot figures) {
        super(figures, QueueSnapshotAssert.class);
    }

    /**
     * Verifies that the queue accepts tasks and runs them.
     *
     * @return this assertion object
     */
    public QueueSnapshotAssert isOpen() {
        return hasState(State.OPEN);
    }

    /**
     * Verifies that the queue is paused.
     *
     * @return this assertion object
     */
    public QueueSnapshotAssert isPaused() {
        return hasState(State.PAUSED);
    }

    /**
     * Verifies that the queue is closed.
     *
     * @return this assertion object
     */
    public QueueSnapshotAssert isClosed() {
        return hasState(State.CLOSED);
    }

    /**
     * Verifies that no task waits and no task runs.
     *
     * @return this assertion object
     */
    public QueueSnapshotAssert isQuiet() {
        return hasDepth(0).hasActive(0);
    }

    /**
     * Verifies the number of waiting tasks.
     *
     * @param expected the expected number
     * @return this assertion object
     */
    public QueueSnapshotAssert hasDepth(int expected) {
        return has("waiting tasks", actual.depth(), expected);
    }

    /**
     * Verifies the number of running tasks.
     *
     * @param expected the expected number
     * @return this assertion object
     */
    public QueueSnapshotAssert hasActive(int expected) {
        return has("running tasks", actual.active(), expected);
    }

    /**
     * Verifies the number of results collected for the next join.
     *
     * @param expected the expected number
     * @return this assertion object
     */
    public QueueSnapshotAssert hasCollected(long expected) {
        return has("collected results", actual.collected(), expected);
    }

    /**
     * Verifies the number of tasks accepted since the queue was opened.
     *
     * @param expected the expected number
     * @return this assertion object
     */
    public QueueSnapshotAssert hasPut(long expected) {
        return has("accepted tasks", actual.put(), expected);
    }

    /**
     * Verifies the number of tasks that ended without an exception.
     *
     * @param expected the expected number
     * @return this assertion object
     */
    public QueueSnapshotAssert hasCompleted(long expected) {
        return has("completed tasks", actual.completed(), expected);
    }

    /**
     * Verifies the number of tasks that ended with an exception.
     *
     * @param expected the expected number
     * @return this assertion object
     */
    public QueueSnapshotAssert hasFailed(long expected) {
        return has("failed tasks", actual.failed(), expected);
    }

    /**
     * Verifies that no task ended with an exception.
     *
     * @return this assertion object
     */
    public QueueSnapshotAssert hasNoFailures() {
        return hasFailed(0);
    }

    /**
     * Verifies the number of tasks that were cancelled, before or while they ran.
     *
     * @param expected the expected number
     * @return this assertion object
     */
    public QueueSnapshotAssert hasCancelled(long expected) {
        return has("cancelled tasks", actual.cancelled(), expected);
    }

    /**
     * Verifies the number of rejected tasks.
     *
     * @param expected the expected number
     * @return this assertion object
     */
    public QueueSnapshotAssert hasRejected(long expected) {
        return has("rejected tasks", actual.rejected(), expected);
    }

    /**
     * Verifies that each accepted task has completed, failed or been cancelled, or waits or runs. This assertion is
     * exact while the queue is quiescent.
     *
     * @return this assertion object
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
