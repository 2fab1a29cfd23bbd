package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.event.QueueEvents;
import io.github.workerqueue.event.StallWatchdog;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * {@link AutoConfiguration Auto-configuration} for the application events of worker queues, and the watchdog that
 * detects stalled queues.
 *
 * @since 0.1
 */
@AutoConfiguration(before = QueueAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "queue.enabled", matchIfMissing = true)
@EnableConfigurationProperties(QueueProperties.class)
public final class QueueEventAutoConfiguration {

    private static final String AFTER = "queue.stall.after";

    QueueEventAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Conditional(OnOwnFactoryCondition.class)
    QueueEvents queueEvents(ConfigurableApplicationContext context) {
        return new QueueEvents(publisher(context));
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Conditional({OnStallAfterCondition.class, OnOwnFactoryCondition.class})
    StallWatchdog queueStallWatchdog(ConfigurableApplicationContext context, QueueProperties properties) {
        Duration after = properties.getStall().getAfter();
        if (after.isNegative()) {
            throw new InvalidConfigurationPropertyValueException(
                    AFTER, after, "Must be zero (no stall detection) or positive.");
        }
        return new StallWatchdog(new NearestFactories(context.getBeanFactory()), publisher(context), after);
    }

    /** Returns a publisher that drops the events of a closed context, since a queue may be closed after its context. */
    private static ApplicationEventPublisher publisher(ConfigurableApplicationContext context) {
        return event -> {
            if (context.isActive()) {
                context.publishEvent(event);
            }
        };
    }

    /** Condition that matches if stall detection is enabled. */
    static class OnStallAfterCondition extends SpringBootCondition {

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Duration after = Binder.get(context.getEnvironment())
                    .bind(AFTER, Duration.class)
                    .orElse(Duration.ZERO);
            return new ConditionOutcome(
                    !after.isZero(),
                    ConditionMessage.forCondition("Stall detection")
                            .because(AFTER + " is "
                                    + DurationFormatterUtils.print(after, DurationFormat.Style.COMPOSITE)));
        }
    }
}
