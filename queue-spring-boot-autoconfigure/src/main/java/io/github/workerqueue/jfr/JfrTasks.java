package io.github.workerqueue.jfr;

import io.github.workerqueue.TaskInfo;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskScope;
import jdk.jfr.FlightRecorder;

/**
 * Interceptor that commits an event {@value #EVENT} to Java Flight Recorder for each task that has ended. The event has
 * the queue, the name, the waiting time, the running time, the number of attempts and the outcome of the task.
 *
 * <p>The event is off by default. It is written for tasks that are put while a recording with this event runs. All
 * other tasks cost no more than a check. The event begins at the first start of the task and ends with the task, after
 * its exception handler. It belongs to the thread of the queue on which the task ended. A task that never started has
 * an event without a duration, on the thread that cancelled it.
 *
 * <p>The recorder shows a platform thread under the name that it had when the recorder first saw it, which is its name
 * in the pool. The field {@code queue} has the queue of the task. The field {@code wait} is the time from the call of
 * the put, including the time for which it was blocked, to the first start. The field {@code run} is the sum over the
 * attempts, each from its start until the task or its stage has ended. The name of the task is determined when the task
 * has ended, and only if the event is written.
 *
 * <p>This interceptor does not block. Without Spring, pass it to
 * {@link io.github.workerqueue.QueueSettings#withInterceptors}, preferably as the last interceptor, so that the event
 * does not include the time of the others:
 *
 * <pre>{@code
 * QueueSettings settings = QueueSettings.defaults().withInterceptors(List.of(new JfrTasks()));
 * }</pre>
 *
 * @since 0.1
 */
public final class JfrTasks implements TaskInterceptor {

    /** Name of the event: {@value}. */
    public static final String EVENT = "workerqueue.Task";

    /** Creates an interceptor for any number of queues. */
    public JfrTasks() {}

    @Override
    public boolean isActive() {
        // in this order, since loading an event class also loads the metadata of the recorder, which takes 0.3 s
        return FlightRecorder.isInitialized() && TaskEvent.isWanted();
    }

    @Override
    public TaskScope intercept(TaskInfo task) {
        return new RecordedTask(task);
    }
}
