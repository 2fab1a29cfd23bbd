/** Tests of the worker queue: one class for each rule of its engine, and units. */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
