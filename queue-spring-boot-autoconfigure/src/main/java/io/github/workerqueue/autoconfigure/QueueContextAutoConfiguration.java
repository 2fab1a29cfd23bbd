package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.context.ContextInterceptor;
import io.micrometer.context.ContextSnapshotFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * {@link AutoConfiguration Auto-configuration} for the propagation of context to tasks.
 *
 * @since 0.1
 */
@AutoConfiguration(before = QueueAutoConfiguration.class)
@ConditionalOnClass(name = "io.micrometer.context.ContextSnapshotFactory")
@ConditionalOnBooleanProperty(name = "queue.enabled", matchIfMissing = true)
public final class QueueContextAutoConfiguration {

    QueueContextAutoConfiguration() {}

    @Bean
    QueueContextPropagation queueContext(ListableBeanFactory beans) {
        ContextSnapshotFactory only = OnlyBean.of(beans, ContextSnapshotFactory.class)
                .warnIfUnused("Mark one as @Primary for queue.propagate-context.")
                .bean();
        return new QueueContextPropagation(only == null ? new ContextInterceptor() : new ContextInterceptor(only));
    }
}
