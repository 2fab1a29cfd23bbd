package io.github.workerqueue;

import java.util.Objects;

/**
 * What an exception handler is told of a task that failed.
 *
 * @param queue the name of the queue
 * @param index the task's place in put order, from 0 after each join
 * @param task the task's name: the one given in {@link TaskOptions}, else the {@code toString()} of its item, else of
 *     the task itself; {@code task 17} by its index for a lambda; at most 200 characters
 * @param exception what the task threw, or what its stage completed with; never a {@code CompletionException} around it
 * @param attempts how many times the task was run, 1 or more
 */
public record TaskFailure(String queue, long index, String task, Throwable exception, int attempts) {

    /**
     * Creates the failure; nothing of it is null.
     *
     * @param queue the name of the queue
     * @param index the task's place in put order
     * @param task the task's name
     * @param exception what the task threw
     * @param attempts how many times the task was run
     */
    public TaskFailure {
        Objects.requireNonNull(queue, "queue must not be null");
        Objects.requireNonNull(task, "task must not be null");
        Objects.requireNonNull(exception, "exception must not be null");
    }
}
