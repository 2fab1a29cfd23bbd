/** Application events of worker queues, and the watchdog that detects stalled queues, for Spring. */
@NullMarked
package io.github.workerqueue.event;

import org.jspecify.annotations.NullMarked;
