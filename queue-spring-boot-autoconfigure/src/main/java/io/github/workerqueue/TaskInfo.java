package io.github.workerqueue;

/** What is known of a task when it is put. */
public interface TaskInfo {

    /**
     * The name of the queue.
     *
     * @return the name
     */
    String queue();

    /**
     * The name of the task, as {@link TaskFailure#task()} gives it. It may call the {@code toString()} of what the user
     * put, so ask for it only where it is shown. The task has no index yet, so a lambda, a method reference and a
     * {@code FutureTask} without a {@code toString()} of their own are named after their class.
     *
     * @return at most 200 characters
     */
    String name();

    /**
     * Whether the name was given in {@link TaskOptions}, and so was meant to be shown.
     *
     * @return false where the name is the {@code toString()} of the item or of the task
     */
    boolean isNamed();
}
