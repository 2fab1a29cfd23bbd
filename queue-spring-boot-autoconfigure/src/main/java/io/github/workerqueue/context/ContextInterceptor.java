package io.github.workerqueue.context;

import io.github.workerqueue.TaskInfo;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskScope;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Objects;

/**
 * Carries the context of the thread that puts to the task, to each of its retries, to its exception handler, and to the
 * dependents of its future. A child of a task has the context of its parent.
 *
 * <p>The context is what has a {@link io.micrometer.context.ThreadLocalAccessor}. By default these are the accessors of the
 * global {@link io.micrometer.context.ContextRegistry} at the time of the put, among which Micrometer's observation and Spring
 * Security's security context put themselves, and one for the MDC of SLF4J, unless there is one. What is not set on the thread
 * that puts is cleared for the task. Afterwards the thread of the queue has what it had before, also where the task left
 * something behind.
 *
 * <p>NOTE: values are carried, not copied, except the MDC; what tasks change in them, others see.
 */
public final class ContextInterceptor implements TaskInterceptor {

    private final ContextSnapshotFactory snapshots;

    /** Makes an interceptor that carries what has an accessor, and the MDC. */
    public ContextInterceptor() {
        this(ContextSnapshotFactory.builder()
                .contextRegistry(new TaskContextRegistry())
                .clearMissing(true)
                .build());
    }

    /**
     * Makes an interceptor that carries what a factory captures.
     *
     * @param snapshots captures the context on the thread that puts
     */
    public ContextInterceptor(ContextSnapshotFactory snapshots) {
        this.snapshots = Objects.requireNonNull(snapshots, "snapshots must not be null");
    }

    @Override
    public TaskScope intercept(TaskInfo task) {
        return new CarriedContext(snapshots.captureAll());
    }
}
