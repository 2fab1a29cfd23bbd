package io.github.workerqueue.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Convention for the names and key values of the observations of tasks. In a Spring Boot application, a single bean of
 * this type replaces the {@link DefaultQueueTaskObservationConvention}. This convention adds a key value:
 *
 * <pre>{@code
 * class RegionConvention extends DefaultQueueTaskObservationConvention {
 *
 *     @Override
 *     public KeyValues getLowCardinalityKeyValues(QueueTaskObservationContext context) {
 *         return super.getLowCardinalityKeyValues(context).and("region", "eu");
 *     }
 * }
 * }</pre>
 *
 * @since 0.1
 */
public interface QueueTaskObservationConvention extends ObservationConvention<QueueTaskObservationContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof QueueTaskObservationContext;
    }
}
