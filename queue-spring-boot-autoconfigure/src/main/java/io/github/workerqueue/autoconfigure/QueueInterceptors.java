package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.TaskInterceptor;
import java.util.List;

/**
 * What surrounds the tasks of all queues.
 *
 * @param interceptors the outermost first
 */
record QueueInterceptors(List<TaskInterceptor> interceptors) {}
