/** Observations of tasks, for Micrometer. */
@NullMarked
package io.github.workerqueue.observation;

import org.jspecify.annotations.NullMarked;
