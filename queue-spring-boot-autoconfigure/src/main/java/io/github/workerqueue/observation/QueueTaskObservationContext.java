package io.github.workerqueue.observation;

import io.github.workerqueue.QueueListener.Outcome;
import io.github.workerqueue.TaskInfo;
import io.micrometer.observation.Observation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is known of a task while it is observed. What it failed with is {@link #getError()}. */
public final class QueueTaskObservationContext extends Observation.Context {

    private final TaskInfo task;

    private int attempts;

    private @Nullable Outcome outcome;

    /**
     * Makes the context of a task that has not run.
     *
     * @param task the task
     */
    public QueueTaskObservationContext(TaskInfo task) {
        this.task = Objects.requireNonNull(task, "task must not be null");
    }

    /**
     * The task: the name of its queue, and its own.
     *
     * @return what was known of it when it was put
     */
    public TaskInfo getTask() {
        return task;
    }

    /**
     * How many times it began to run.
     *
     * @return 1 or more once it has been started
     */
    public int getAttempts() {
        return attempts;
    }

    /**
     * Sets how many times it began to run.
     *
     * @param attempts the number
     */
    public void setAttempts(int attempts) {
        this.attempts = attempts;
    }

    /**
     * How it ended.
     *
     * @return the outcome; null until it has ended
     */
    public @Nullable Outcome getOutcome() {
        return outcome;
    }

    /**
     * Sets how it ended.
     *
     * @param outcome the outcome
     */
    public void setOutcome(Outcome outcome) {
        this.outcome = Objects.requireNonNull(outcome, "outcome must not be null");
    }
}
