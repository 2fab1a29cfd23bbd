package io.github.workerqueue;

import java.util.Objects;

/**
 * Failed task and its exception, as passed to the exception handler.
 *
 * @param queue the name of the queue
 * @param index the index of the task in its round, from 0 after each join
 * @param task the name of the task: that of its {@link TaskOptions}, or else the {@code toString()} of its item, or
 *     else that of the task itself. A lambda is named {@code task 17} after its index. The name has at most 200
 *     characters
 * @param exception the exception that the task threw, or with which its stage completed; never a
 *     {@code CompletionException} around it
 * @param attempts the number of attempts, 1 or more
 * @see QueueExceptionHandler
 * @since 0.1
 */
public record TaskFailure(String queue, long index, String task, Throwable exception, int attempts) {

    /**
     * Creates a failure. No argument can be {@code null}.
     *
     * @param queue the name of the queue
     * @param index the index of the task in its round
     * @param task the name of the task
     * @param exception the exception of the task
     * @param attempts the number of attempts
     */
    public TaskFailure {
        Objects.requireNonNull(queue, "queue must not be null");
        Objects.requireNonNull(task, "task must not be null");
        Objects.requireNonNull(exception, "exception must not be null");
    }
}
