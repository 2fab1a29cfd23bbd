package io.github.workerqueue.observation;

import io.github.workerqueue.TaskInfo;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskScope;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Interceptor that creates one observation per task, as described in {@link QueueTaskObservationDocumentation}. The
 * scope of the observation is open while the task and its exception handler run:
 *
 * <pre>{@code
 * QueueSettings settings = QueueSettings.defaults()
 *         .withInterceptors(List.of(new ObservationInterceptor(registry)));
 * }</pre>
 *
 * <p>A task has no scope if the registry rejects its observation, or while the registry has no handler.
 *
 * @since 0.1
 */
public final class ObservationInterceptor implements TaskInterceptor {

    private final ObservationRegistry registry;

    private final @Nullable QueueTaskObservationConvention convention;

    private final DefaultQueueTaskObservationConvention defaultConvention;

    /**
     * Creates an interceptor with the default convention.
     *
     * @param registry the registry of the observations
     */
    public ObservationInterceptor(ObservationRegistry registry) {
        this(registry, null, new DefaultQueueTaskObservationConvention());
    }

    /**
     * Creates an interceptor with conventions.
     *
     * @param registry the registry of the observations
     * @param convention the convention of the observations; {@code null} for the convention of the registry, or else
     *     the default
     * @param defaultConvention the default convention
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
