package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.jfr.JfrTasks;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link AutoConfiguration Auto-configuration} for the events of tasks in Java Flight Recorder.
 *
 * @since 0.1
 */
@AutoConfiguration(before = QueueAutoConfiguration.class)
@ConditionalOnClass(name = "jdk.jfr.Event")
@ConditionalOnBooleanProperty(name = "queue.enabled", matchIfMissing = true)
public final class QueueJfrAutoConfiguration {

    QueueJfrAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    @Order(Ordered.LOWEST_PRECEDENCE)
    JfrTasks jfrTasks() {
        return new JfrTasks();
    }
}
