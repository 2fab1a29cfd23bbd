package io.github.workerqueue.observation;

import io.github.workerqueue.TaskInfo;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskScope;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Observes each task, as {@link QueueTaskObservationDocumentation} says: one observation a task, whose scope is open while it
 * runs and while its exception handler does.
 *
 * <p>A task that the registry does not want to be observed is left as it is; so is each while the registry has no handler.
 */
public final class ObservationInterceptor implements TaskInterceptor {

    private final ObservationRegistry registry;

    private final @Nullable QueueTaskObservationConvention convention;

    private final DefaultQueueTaskObservationConvention defaultConvention;

    /**
     * Makes an interceptor with the default convention.
     *
     * @param registry where tasks are observed
     */
    public ObservationInterceptor(ObservationRegistry registry) {
        this(registry, null, new DefaultQueueTaskObservationConvention());
    }

    /**
     * Makes an interceptor.
     *
     * @param registry where tasks are observed
     * @param convention how their observations are named; null for that of the registry, or else the default one
     * @param defaultConvention the default one
     */
    public ObservationInterceptor(
            ObservationRegistry registry,
            @Nullable QueueTaskObservationConvention convention,
            DefaultQueueTaskObservationConvention defaultConvention) {
        this.registry = Objects.requireNonNull(registry, "registry must not be null");
        this.convention = convention;
        this.defaultConvention = Objects.requireNonNull(defaultConvention, "defaultConvention must not be null");
    }

    @Override
    @Nullable
    public TaskScope intercept(TaskInfo task) {
        QueueTaskObservationContext context = new QueueTaskObservationContext(task);
        Observation observation = QueueTaskObservationDocumentation.QUEUE_TASK.observation(
                convention, defaultConvention, () -> context, registry);
        return observation.isNoop() ? null : new ObservedTask(observation, context);
    }
}
