/** Events of tasks, for Java Flight Recorder. */
@NullMarked
package io.github.workerqueue.jfr;

import org.jspecify.annotations.NullMarked;
