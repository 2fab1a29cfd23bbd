/** A bounded worker queue: tasks go in, a fixed number of workers run them, results come out in order. */
@NullMarked
package io.github.workerqueue;

import org.jspecify.annotations.NullMarked;
