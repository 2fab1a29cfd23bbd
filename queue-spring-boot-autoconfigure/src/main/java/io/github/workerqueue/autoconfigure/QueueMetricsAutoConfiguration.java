package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.autoconfigure.QueueEventAutoConfiguration.OnStallAfterCondition;
import io.github.workerqueue.metrics.QueueMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * {@link AutoConfiguration Auto-configuration} for the meters of worker queues.
 *
 * @since 0.1
 */
@AutoConfiguration(
        before = QueueAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple."
                    + "SimpleMetricsExportAutoConfiguration"
        })
@ConditionalOnClass(name = "io.micrometer.core.instrument.MeterRegistry")
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "queue.enabled", matchIfMissing = true)
@EnableConfigurationProperties(QueueProperties.class)
public final class QueueMetricsAutoConfiguration {

    QueueMetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    QueueMetrics queueMetrics(
            MeterRegistry registry, QueueProperties properties, ObjectProvider<StalledQueues> stalledQueues) {
        int maxNames = properties.getMetrics().getMaxNames();
        if (maxNames < 0) {
            throw new InvalidConfigurationPropertyValueException(
                    "queue.metrics.max-names", maxNames, "Must be zero or positive.");
        }
        return new QueueMetrics(registry, properties.getInstances().keySet(), maxNames, stalledQueues.getIfAvailable());
    }

    @Bean
    @ConditionalOnMissingBean
    @Conditional(OnStallAfterCondition.class)
    StalledQueues queueStalledQueues() {
        return new StalledQueues();
    }

    /**
     * Denies the meters that Micrometer creates from the observation {@code queue.task}, since {@code queue.tasks}
     * already counts the same tasks. A bean of the application with this name replaces the filter.
     */
    @Bean
    @ConditionalOnMissingBean(name = "queueTaskMeterFilter")
    static MeterFilter queueTaskMeterFilter() {
        return MeterFilter.deny(
                id -> id.getName().equals("queue.task") || id.getName().startsWith("queue.task."));
    }
}
