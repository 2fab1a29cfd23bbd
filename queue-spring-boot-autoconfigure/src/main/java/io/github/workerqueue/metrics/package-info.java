/** Meters of worker queues, for Micrometer. */
@NullMarked
package io.github.workerqueue.metrics;

import org.jspecify.annotations.NullMarked;
