package io.github.workerqueue.event;

/**
 * A queue was closed, and nothing of it waits any more. Published on the thread that closes it, or on that of its last task;
 * a close waits for its listeners.
 *
 * @param queue the name of the queue
 * @param id the number of the queue, unique in the JVM
 */
public record QueueClosedEvent(String queue, long id) {}
