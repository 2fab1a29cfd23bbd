package io.github.workerqueue;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Listener notified about the queues of a factory and their tasks; the basis of meters and events. All methods have
 * defaults, which do nothing apart from {@link #hearsTasks()}. Methods will be added. This listener logs slow tasks:
 *
 * <pre>{@code
 * class SlowTaskListener implements QueueListener {
 *
 *     @Override
 *     public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
 *         if (ran > SECONDS.toNanos(10)) {
 *             logger.info("Queue '{}': task {} ran for {} s: {}", queue, index, NANOSECONDS.toSeconds(ran), outcome);
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>A method is called on the thread on which the event occurs; a close or a cancel calls it on a thread of the
 * library. Methods must return quickly and must not block. An exception of a method is logged and ignored. All times
 * are in nanoseconds.
 *
 * <p>A factory without a listener that {@linkplain #hearsTasks() is notified about tasks} measures no times. With such
 * a listener, each task costs about three readings of the clock. In a Spring Boot application, all beans of this type
 * are notified.
 *
 * @see QueueFactory.Builder#listener
 * @since 0.1
 */
public interface QueueListener {

    /**
     * Outcome of a task.
     *
     * @since 0.1
     */
    enum Outcome {
        /** Outcome of a task that returned, or of an asynchronous task with a completed stage. */
        SUCCESS,
        /** Outcome of a task that threw an exception, or of an asynchronous task with a failed stage. */
        FAILURE,
        /** Outcome of a task that was cancelled, before or while it ran. */
        CANCELLED
    }

    /**
     * Returns whether this listener should be notified about the start and end of tasks. Called once, when the factory
     * is built. If no listener of the factory returns {@code true}, the methods {@code started} and {@code finished}
     * are not called, and no times are measured: {@link #blocked} receives zero.
     *
     * @return true by default; false for a listener that is interested only in other events, such as opened and closed
     *     queues
     */
    default boolean hearsTasks() {
        return true;
    }

    /**
     * Called when a queue was opened.
     *
     * @param queue the name of the queue
     * @param id the ID of the queue, unique in the JVM
     * @param figures the supplier of snapshots of the queue, which also works after the queue was closed. A reference
     *     to it does not prevent the detection of a leaked queue
     */
    default void opened(String queue, long id, Supplier<QueueSnapshot> figures) {}

    /**
     * Called when an attempt of a task starts: the first one, and each retry.
     *
     * @param queue the name of the queue
     * @param index the index of the task in its round
     * @param waited the time from the put, or for a retry from the end of its delay, to the start
     */
    default void started(String queue, long index, long waited) {}

    /**
     * Called when an attempt of a task starts, with the queue and the worker. By default, this method calls
     * {@link #started(String, long, long)}.
     *
     * @param queue the name of the queue
     * @param id the ID of the queue, unique in the JVM
     * @param worker the number of the worker, from 1, as in the name of its thread
     * @param index the index of the task in its round
     * @param waited the time from the put, or for a retry from the end of its delay, to the start
     */
    default void started(String queue, long id, int worker, long index, long waited) {
        started(queue, index, waited);
    }

    /**
     * Called when a task has ended, after its exception handler, if that was called.
     *
     * @param queue the name of the queue
     * @param index the index of the task in its round
     * @param ran the time from the start of the last attempt to the end; 0 if the task was cancelled while it waited
     * @param outcome the outcome of the task
     * @param exception the exception of a failed task; {@code null} unless the task failed
     */
    default void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {}

    /**
     * Called when a task has ended, with the queue and the worker. The {@linkplain WorkerQueue#report() report} of the
     * queue still shows a failed task, with its name. By default, this method calls {@link #finished(String, long,
     * long, Outcome, Throwable)}.
     *
     * @param queue the name of the queue
     * @param id the ID of the queue, unique in the JVM
     * @param worker the number of the worker, from 1, as in the name of its thread; 0 if the task was cancelled before
     *     its first attempt, or while it waited for a retry
     * @param index the index of the task in its round
     * @param ran the time from the start of the last attempt to the end; 0 if the task was cancelled while it waited
     * @param outcome the outcome of the task
     * @param exception the exception of a failed task; {@code null} unless the task failed
     */
    default void finished(
            String queue, long id, int worker, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
        finished(queue, index, ran, outcome, exception);
    }

    /**
     * Called when an attempt of a task has failed and the task will be retried. The task has not ended, and starts
     * again later.
     *
     * @param queue the name of the queue
     * @param attempts the number of attempts so far, 1 or more
     * @param delay the delay before the task may start again
     * @param exception the exception that the task threw, or with which its stage completed
     */
    default void retried(String queue, int attempts, long delay, Throwable exception) {}

    /**
     * Called when an attempt of a task has failed and the task will be retried, with the queue and the worker. By
     * default, this method calls {@link #retried(String, int, long, Throwable)}.
     *
     * @param queue the name of the queue
     * @param id the ID of the queue, unique in the JVM
     * @param worker the number of the worker that ran the attempt, from 1, as in the name of its thread
     * @param index the index of the task in its round
     * @param attempts the number of attempts so far, 1 or more
     * @param delay the delay before the task may start again
     * @param exception the exception that the task threw, or with which its stage completed
     */
    default void retried(String queue, long id, int worker, long index, int attempts, long delay, Throwable exception) {
        retried(queue, attempts, delay, exception);
    }

    /**
     * Called when a close did not wait for a task, but cancelled it and passed it to the {@link AbandonedTaskHandler}.
     *
     * @param queue the name of the queue
     */
    default void abandoned(String queue) {}

    /**
     * Called when a producer that was blocked by a full queue continues, whether or not its task was accepted.
     *
     * @param queue the name of the queue
     * @param blocked the time for which the producer was blocked
     */
    default void blocked(String queue, long blocked) {}

    /**
     * Called when a task was rejected because the queue was full or closed, or its round had ended early.
     *
     * @param queue the name of the queue
     */
    default void rejected(String queue) {}

    /**
     * Called when a queue was closed. No task of the queue waits any longer.
     *
     * @param queue the name of the queue
     * @param id the ID of the queue, unique in the JVM
     */
    default void closed(String queue, long id) {}
}
