/** Context propagation from producers to tasks, for Micrometer's context propagation library. */
@NullMarked
package io.github.workerqueue.context;

import org.jspecify.annotations.NullMarked;
