/** Reorderings. */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
