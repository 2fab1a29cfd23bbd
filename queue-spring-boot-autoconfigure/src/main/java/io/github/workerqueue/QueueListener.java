package io.github.workerqueue;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears what the queues of a factory do: the tap that meters, events and tests hang on. Every method does nothing by
 * default.
 *
 * <p>The methods are called on the thread where the thing happens, so they must be quick and must not block. What they
 * throw is logged and harms nothing. All times are in nanoseconds. Methods will be added.
 *
 * <p>NOTE: a factory without a listener that {@linkplain #hearsTasks() hears tasks} measures no times; with one, each task
 * costs about three readings of the clock.
 */
public interface QueueListener {

    /** How a task ended. */
    enum Outcome {
        /** It returned, or its stage completed. */
        SUCCESS,
        /** It threw, or its stage completed with an exception. */
        FAILURE,
        /** It was cancelled, before or while it ran. */
        CANCELLED
    }

    /**
     * Whether this listener is to hear tasks start and end, and all times. Asked once, when its factory is built. Where no
     * listener of a factory hears tasks, nothing of each task is told or measured.
     *
     * @return true by default; false for a listener that only hears queues open and close, and tasks refused
     */
    default boolean hearsTasks() {
        return true;
    }

    /**
     * A queue was opened.
     *
     * @param queue the name of the queue
     * @param id the number of the queue, unique in the JVM
     * @param figures gives its figures, also after it was closed; it does not keep the queue's handle alive
     */
    default void opened(String queue, long id, Supplier<QueueSnapshot> figures) {}

    /**
     * A task starts to run; one that is tried again starts again.
     *
     * @param queue the name of the queue
     * @param index the task's place in put order
     * @param waited the time from put to start; where it is tried again, from the end of its delay
     */
    default void started(String queue, long index, long waited) {}

    /**
     * A task ended, after its exception handler where it had one to call.
     *
     * @param queue the name of the queue
     * @param index the task's place in put order
     * @param ran the time from start to end; 0 if it was cancelled before it started
     * @param outcome how it ended
     * @param exception what it threw, if it failed
     */
    default void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {}

    /**
     * A task failed and will run again; it has not ended, and starts once more later.
     *
     * @param queue the name of the queue
     * @param attempts how many times it ran, 1 or more
     * @param delay the time for which it waits before it may start
     * @param exception what it threw, or what its stage completed with
     */
    default void retried(String queue, int attempts, long delay, Throwable exception) {}

    /**
     * A task was cancelled by a close that did not wait for it, and handed to the {@link AbandonedTaskHandler}.
     *
     * @param queue the name of the queue
     */
    default void abandoned(String queue) {}

    /**
     * A producer was held back, as the queue was full, and goes on: admitted or not.
     *
     * @param queue the name of the queue
     * @param blocked how long it was held back
     */
    default void blocked(String queue, long blocked) {}

    /**
     * A task was refused, as the queue was full or closed.
     *
     * @param queue the name of the queue
     */
    default void rejected(String queue) {}

    /**
     * A queue was closed, and nothing of it waits any more.
     *
     * @param queue the name of the queue
     * @param id the number of the queue
     */
    default void closed(String queue, long id) {}
}
