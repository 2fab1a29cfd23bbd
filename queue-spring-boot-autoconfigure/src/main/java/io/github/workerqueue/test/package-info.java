/** What users' tests need: queues whose tasks run in the calling thread, and assertions on the figures of queues. */
@NullMarked
package io.github.workerqueue.test;

import org.jspecify.annotations.NullMarked;
