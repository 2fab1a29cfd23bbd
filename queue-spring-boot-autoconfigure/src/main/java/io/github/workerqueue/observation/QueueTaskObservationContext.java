package io.github.workerqueue.observation;

import io.github.workerqueue.QueueListener.Outcome;
import io.github.workerqueue.TaskInfo;
import io.micrometer.observation.Observation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Context of the observation of one task. {@link #getError()} returns the failure of the task.
 *
 * @since 0.1
 */
public final class QueueTaskObservationContext extends Observation.Context {

    private final TaskInfo task;

    private int attempts;

    private @Nullable Outcome outcome;

    /**
     * Creates the context of a task that has not started.
     *
     * @param task the task
     */
    public QueueTaskObservationContext(TaskInfo task) {
        this.task = Objects.requireNonNull(task, "task must not be null");
    }

    /**
     * Returns the queue and the name of the task.
     *
     * @return the information about the task at the time of its put
     */
    public TaskInfo getTask() {
        return task;
    }

    /**
     * Returns the number of attempts that have started.
     *
     * @return the number; 0 before the first start
     */
    public int getAttempts() {
        return attempts;
    }

    /**
     * Sets the number of attempts that have started.
     *
     * @param attempts the number
     */
    public void setAttempts(int attempts) {
        this.attempts = attempts;
    }

    /**
     * Returns the outcome of the task.
     *
     * @return the outcome; {@code null} until the task has ended
     */
    public @Nullable Outcome getOutcome() {
        return outcome;
    }

    /**
     * Sets the outcome of the task.
     *
     * @param outcome the outcome
     */
    public void setOutcome(Outcome outcome) {
        this.outcome = Objects.requireNonNull(outcome, "outcome must not be null");
    }
}
