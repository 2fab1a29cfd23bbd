package io.github.workerqueue.event;

import io.github.workerqueue.QueueReport;

/**
 * Event published when a queue has stalled: all its workers have been busy with the same tasks for a long time, or a
 * task has waited for a long time. The event is published once per stall, on a thread of its own:
 *
 * <pre>{@code
 * @EventListener
 * void stalled(QueueStalledEvent event) {
 *     pager.alert("Queue '" + event.queue() + "' has stalled: " + event.cause());
 * }
 * }</pre>
 *
 * @param queue the name of the queue
 * @param id the ID of the queue, unique in the JVM
 * @param cause the description of the problem
 * @param report the report on the queue when the stall was detected; it refers to tasks and threads, so do not keep it
 * @see StallWatchdog
 * @since 0.1
 */
public record QueueStalledEvent(String queue, long id, String cause, QueueReport report) {}
