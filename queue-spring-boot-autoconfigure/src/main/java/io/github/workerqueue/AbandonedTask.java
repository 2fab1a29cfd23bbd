package io.github.workerqueue;

import java.util.Objects;

/**
 * Accepted task that a close cancelled because its time was up or its thread was interrupted.
 *
 * @param queue the name of the queue
 * @param index the index of the task in its round, from 0 after each join
 * @param task the name of the task: that of its {@link TaskOptions}, or else the {@code toString()} of its item, or
 *     else that of the task itself. A lambda is named {@code task 17} after its index. The name has at most 200
 *     characters
 * @param started true if the task had started: it was running and was interrupted, or its stage was cancelled, or it
 *     waited for a retry; false if it never started
 * @see AbandonedTaskHandler
 * @since 0.1
 */
public record AbandonedTask(String queue, long index, String task, boolean started) {

    /**
     * Creates an abandoned task. No argument can be {@code null}.
     *
     * @param queue the name of the queue
     * @param index the index of the task in its round
     * @param task the name of the task
     * @param started true if the task had started
     */
    public AbandonedTask {
        Objects.requireNonNull(queue, "queue must not be null");
        Objects.requireNonNull(task, "task must not be null");
    }
}
