package io.github.workerqueue.event;

/**
 * Event published when a queue was opened, on the thread that opened it.
 *
 * @param queue the name of the queue
 * @param id the ID of the queue, unique in the JVM
 * @since 0.1
 */
public record QueueOpenedEvent(String queue, long id) {}
