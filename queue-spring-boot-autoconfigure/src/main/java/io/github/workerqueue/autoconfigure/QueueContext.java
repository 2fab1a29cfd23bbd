package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.TaskInterceptor;

/**
 * What carries the context to the tasks of those queues that are to have it; no interceptor of all queues, so no such bean.
 *
 * @param interceptor carries it
 */
record QueueContext(TaskInterceptor interceptor) {}
