package io.github.workerqueue;

import java.util.Objects;

/**
 * A task that was accepted, and that a close with a time limit, or one that was interrupted, did not wait for.
 *
 * @param queue the name of the queue
 * @param index the task's place in put order, from 0 after each join
 * @param task the task's name: the one given in {@link TaskOptions}, else the {@code toString()} of its item, else of
 *     the task itself; {@code task 17} by its index for a lambda; at most 200 characters
 * @param started true if it was running and was interrupted, or its stage cancelled, or it waited to run again after a failure;
 *     false if it never started
 */
public record AbandonedTask(String queue, long index, String task, boolean started) {

    /**
     * Creates the report; nothing of it is null.
     *
     * @param queue the name of the queue
     * @param index the task's place in put order
     * @param task the task's name
     * @param started whether it had started
     */
    public AbandonedTask {
        Objects.requireNonNull(queue, "queue must not be null");
        Objects.requireNonNull(task, "task must not be null");
    }
}
