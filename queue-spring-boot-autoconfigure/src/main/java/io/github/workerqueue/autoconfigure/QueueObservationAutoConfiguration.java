package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.metrics.QueueMetrics;
import io.github.workerqueue.observation.DefaultQueueTaskObservationConvention;
import io.github.workerqueue.observation.ObservationInterceptor;
import io.github.workerqueue.observation.QueueTaskObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/**
 * {@link AutoConfiguration Auto-configuration} for the observations of tasks.
 *
 * @since 0.1
 */
@AutoConfiguration(
        before = QueueAutoConfiguration.class,
        after = QueueMetricsAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(name = "io.micrometer.observation.ObservationRegistry")
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "queue.enabled", matchIfMissing = true)
public final class QueueObservationAutoConfiguration {

    QueueObservationAutoConfiguration() {}

    /** Returns the interceptor; null for a registry that observes nothing, so that tasks have no overhead. */
    @Bean
    @Order(0)
    @ConditionalOnMissingBean
    @Nullable
    ObservationInterceptor queueObservation(ObservationRegistry registry, ListableBeanFactory beans) {
        if (registry == ObservationRegistry.NOOP) {
            return null;
        }
        QueueMetrics meters = only(beans, QueueMetrics.class);
        DefaultQueueTaskObservationConvention defaultConvention = meters == null
                ? new DefaultQueueTaskObservationConvention()
                : new DefaultQueueTaskObservationConvention(meters::seriesOf);
        return new ObservationInterceptor(
                registry, only(beans, QueueTaskObservationConvention.class), defaultConvention);
    }

    private static <B> @Nullable B only(ListableBeanFactory beans, Class<B> type) {
        return OnlyBean.of(beans, type)
                .warnIfUnused("Mark one as @Primary for the observation of tasks.")
                .bean();
    }
}
