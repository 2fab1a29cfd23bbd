/** Context of worker queues, for Micrometer's context propagation. */
@NullMarked
package io.github.workerqueue.context;

import org.jspecify.annotations.NullMarked;
