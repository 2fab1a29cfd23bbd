package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.TaskInterceptor;

/**
 * Holder of the interceptor that carries the context to tasks. The interceptor itself is not a bean, since interceptor
 * beans apply to all queues.
 *
 * @param interceptor the interceptor, for the queues that propagate the context
 */
record QueueContextPropagation(TaskInterceptor interceptor) {}
