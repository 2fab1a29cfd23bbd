package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.event.StallWatchdog;
import io.github.workerqueue.health.QueueHealthIndicator;
import java.util.Locale;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.util.StringUtils;

/**
 * {@link AutoConfiguration Auto-configuration} for the health of worker queues.
 *
 * @since 0.1
 */
@AutoConfiguration(after = QueueEventAutoConfiguration.class)
@ConditionalOnClass(
        name = {
            "org.springframework.boot.health.contributor.HealthIndicator",
            "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
        })
@ConditionalOnBean(value = StallWatchdog.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(QueueProperties.class)
public final class QueueHealthAutoConfiguration {

    QueueHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(
            name = {"queuesHealthIndicator", "queuesHealthContributor"},
            search = SearchStrategy.CURRENT)
    @ConditionalOnEnabledHealthIndicator("queues")
    QueueHealthIndicator queuesHealthIndicator(BeanFactory beans, QueueProperties properties) {
        String status = properties.getStall().getHealthStatus();
        if (!StringUtils.hasText(status)) {
            throw new InvalidConfigurationPropertyValueException(
                    "queue.stall.health-status",
                    status,
                    "Must be a health status: DOWN, OUT_OF_SERVICE, UNKNOWN, UP or a custom one.");
        }
        return new QueueHealthIndicator(
                beans.getBean(StallWatchdog.class),
                new Status(status.trim().toUpperCase(Locale.ROOT).replace('-', '_')));
    }
}
