/** Observations of the tasks of worker queues, for Micrometer. */
@NullMarked
package io.github.workerqueue.observation;

import org.jspecify.annotations.NullMarked;
