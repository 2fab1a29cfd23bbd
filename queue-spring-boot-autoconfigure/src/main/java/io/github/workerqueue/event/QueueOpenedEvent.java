package io.github.workerqueue.event;

/**
 * A queue was opened. Published on the thread that opens it.
 *
 * @param queue the name of the queue
 * @param id the number of the queue, unique in the JVM
 */
public record QueueOpenedEvent(String queue, long id) {}
