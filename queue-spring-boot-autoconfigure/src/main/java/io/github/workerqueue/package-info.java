/**
 * Bounded worker queues: a factory, its queues, their settings and the interfaces for extensions.
 *
 * <p>A {@link io.github.workerqueue.QueueFactory} opens a {@link io.github.workerqueue.WorkerQueue}, with
 * {@link io.github.workerqueue.QueueSettings}. The types of this package do not depend on Spring.
 */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
