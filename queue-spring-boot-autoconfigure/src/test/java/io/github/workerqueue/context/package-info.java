/** Tests of the context that tasks have. */
@NullMarked
package io.github.workerqueue.context;

import org.jspecify.annotations.NullMarked;
