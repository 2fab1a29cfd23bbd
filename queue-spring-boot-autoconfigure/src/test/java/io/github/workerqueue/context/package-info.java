/** Tests for context propagation. */
@NullMarked
package io.github.workerqueue.context;

import org.jspecify.annotations.NullMarked;
