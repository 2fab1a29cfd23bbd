/** What happens to worker queues as events of Spring's application context, and the watch for queues that have stalled. */
@NullMarked
package io.github.workerqueue.event;

import org.jspecify.annotations.NullMarked;
