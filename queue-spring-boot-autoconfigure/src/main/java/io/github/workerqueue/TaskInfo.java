package io.github.workerqueue;

/**
 * Information about a task at the time of its put.
 *
 * @see TaskInterceptor
 * @since 0.1
 */
public interface TaskInfo {

    /**
     * Returns the name of the queue.
     *
     * @return the name of the queue
     */
    String queue();

    /**
     * Returns the name of the task, as in {@link TaskFailure#task()}. The call may invoke the {@code toString()} of the
     * object that the user put, so call this method only to show the name. The task has no index yet. A lambda, a
     * method reference and a {@code FutureTask} without a {@code toString()} of their own are therefore named after
     * their class.
     *
     * @return the name, at most 200 characters
     */
    String name();

    /**
     * Returns whether the {@link TaskOptions} give the name, so that it is intended to be shown.
     *
     * @return true if the name is from the options; false if it is the {@code toString()} of the item or of the task
     */
    boolean isNamed();
}
