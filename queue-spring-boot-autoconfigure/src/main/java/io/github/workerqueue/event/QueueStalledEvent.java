package io.github.workerqueue.event;

import io.github.workerqueue.QueueReport;

/**
 * A queue has stalled: all its workers have been busy with the same tasks for a long time, or a task has waited for long.
 * Published once per stall, on a thread of its own.
 *
 * @param queue the name of the queue
 * @param id the number of the queue, unique in the JVM
 * @param cause what is wrong, in words
 * @param report what the queue did when it was seen; it refers to tasks and threads, so don't keep it
 */
public record QueueStalledEvent(String queue, long id, String cause, QueueReport report) {}
