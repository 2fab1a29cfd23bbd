/**
 * Bounded worker queues: the public surface, and the engine as package-private classes beside it.
 *
 * <p>Start at {@link io.github.workerqueue.QueueFactory}, which opens a {@link io.github.workerqueue.WorkerQueue}.
 */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
