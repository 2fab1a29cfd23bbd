package io.github.workerqueue.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Says how the observation of a task is named, and which key values it has. In a Spring Boot application, the only bean of this
 * type is used in place of the {@link DefaultQueueTaskObservationConvention}.
 */
public interface QueueTaskObservationConvention extends ObservationConvention<QueueTaskObservationContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof QueueTaskObservationContext;
    }
}
