package io.github.workerqueue.event;

/**
 * Event published when a queue was closed. No task of the queue waits any longer. The event is published on a thread of
 * the library. A close waits for its listeners, a close with a timeout for less than one second.
 *
 * @param queue the name of the queue
 * @param id the ID of the queue, unique in the JVM
 * @since 0.1
 */
public record QueueClosedEvent(String queue, long id) {}
