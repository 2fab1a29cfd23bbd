package io.github.workerqueue.context;

import io.github.workerqueue.TaskInfo;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskScope;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Objects;

/**
 * Interceptor that carries the context of the producer to the task, to each of its retries, to its exception handler,
 * and to the dependents of its future. A child task has the context of its parent:
 *
 * <pre>{@code
 * QueueSettings settings = QueueSettings.defaults().withInterceptors(List.of(new ContextInterceptor()));
 * }</pre>
 *
 * <p>The context consists of the values with a {@link io.micrometer.context.ThreadLocalAccessor}. By default, these are
 * the accessors of the global {@link io.micrometer.context.ContextRegistry} at the time of the put. Micrometer
 * registers its observation there, and Spring Security its security context. An accessor for the MDC of SLF4J is added,
 * unless the registry has one.
 *
 * <p>A value that is not set on the thread of the producer is cleared for the task. Afterwards, the thread of the queue
 * has its former values again, even if the task changed them. Values are carried, not copied, except for the MDC.
 * Changes of a value by one task are therefore visible to others.
 *
 * @since 0.1
 */
public final class ContextInterceptor implements TaskInterceptor {

    private final ContextSnapshotFactory snapshots;

    /** Creates an interceptor that carries all values with an accessor in the global registry, and the MDC. */
    public ContextInterceptor() {
        this(ContextSnapshotFactory.builder()
                .contextRegistry(new TaskContextRegistry())
                .clearMissing(true)
                .build());
    }

    /**
     * Creates an interceptor that carries the values that a snapshot factory captures.
     *
     * @param snapshots the factory that captures the context on the thread of the producer
     */
    public ContextInterceptor(ContextSnapshotFactory snapshots) {
        this.snapshots = Objects.requireNonNull(snapshots, "snapshots must not be null");
    }

    @Override
    public TaskScope intercept(TaskInfo task) {
        return new CarriedContext(snapshots.captureAll());
    }
}
