package io.github.workerqueue.jfr;

import io.github.workerqueue.TaskInfo;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskScope;
import jdk.jfr.FlightRecorder;

/**
 * Commits an event {@value #EVENT} to Java Flight Recorder for each task that has ended, with its queue, its name, how long it
 * waited and ran, how often it ran, and how it ended.
 *
 * <p>The event is off by default. It is written for tasks that are put while a recording that enables it runs; all others are
 * left as they are, at the cost of a check. It begins at the first start of the task, ends with it, after its exception
 * handler, and belongs to the thread of the queue on which the task ended. A task that never started has an event without a
 * duration, on the thread that cancelled it. The recorder shows a platform thread by the name that it had when it first saw
 * it, which is that of the pool; the field {@code queue} says whose task it was. {@code wait} is the time from the call of put, the time for which that was held
 * back included, to the first start; {@code run} is the sum of the attempts, each from its start until it, or its stage, has
 * ended. The name of the task is asked for when it has ended, and only if the event is written.
 *
 * <p>It does not block. Without Spring it is given to {@link io.github.workerqueue.QueueSettings#withInterceptors}, best as
 * the last of several, so that what the others do is not timed.
 */
public final class JfrTasks implements TaskInterceptor {

    /** The name of the event: {@value}. */
    public static final String EVENT = "workerqueue.Task";

    /** Makes an interceptor, for any number of queues. */
    public JfrTasks() {}

    @Override
    public boolean isActive() {
        // the first comes first, as loading the class of an event loads the recorder's metadata, which takes 0.3 s
        return FlightRecorder.isInitialized() && TaskEvent.isWanted();
    }

    @Override
    public TaskScope intercept(TaskInfo task) {
        return new RecordedTask(task);
    }
}
