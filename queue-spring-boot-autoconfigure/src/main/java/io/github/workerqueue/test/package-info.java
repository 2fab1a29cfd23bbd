/**
 * Test support for worker queues: queues whose tasks run in the calling thread, and assertions on the counters of
 * queues.
 */
@NullMarked
package io.github.workerqueue.test;

import org.jspecify.annotations.NullMarked;
