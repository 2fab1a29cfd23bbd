/** Tests for the observation of tasks. */
@NullMarked
package io.github.workerqueue.observation;

import org.jspecify.annotations.NullMarked;
