package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.board.BoardDescriptor;
import io.github.workerqueue.board.QueueBoard;
import io.github.workerqueue.board.QueueBoardEndpoint;
import io.github.workerqueue.event.StallWatchdog;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * {@link AutoConfiguration Auto-configuration} for the live board of worker queues, which exists only if its endpoint
 * {@code queueboard} is exposed on the web.
 *
 * @since 0.1
 */
@AutoConfiguration(before = QueueAutoConfiguration.class, after = QueueEventAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnBooleanProperty(name = "queue.enabled", matchIfMissing = true)
@ConditionalOnClass(
        name = {
            "org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint",
            "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint"
        })
@ConditionalOnResource(resources = "classpath:META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.iife.min.js")
@EnableConfigurationProperties(QueueEndpointProperties.class)
@ImportRuntimeHints(QueueBoardAutoConfiguration.BoardRuntimeHints.class)
public final class QueueBoardAutoConfiguration {

    QueueBoardAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @Conditional(OnOwnBoardCondition.class)
    @ConditionalOnAvailableEndpoint(endpoint = QueueBoardEndpoint.class)
    QueueBoard queueBoard(ListableBeanFactory beans, ObjectProvider<StallWatchdog> watchdog) {
        return new QueueBoard(new NearestFactories(beans), () -> {
            StallWatchdog present = watchdog.getIfUnique();
            return present == null ? Map.of() : present.stalled();
        });
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @ConditionalOnBean(value = QueueBoard.class, search = SearchStrategy.CURRENT)
    @ConditionalOnAvailableEndpoint
    QueueBoardEndpoint queueBoardEndpoint(
            QueueBoard board, QueueEndpointProperties properties, ObjectProvider<PathMappedEndpoints> endpoints) {
        return new QueueBoardEndpoint(board, endpoints::getObject, properties.getShowValues(), properties.getRoles());
    }

    @Bean
    @ConditionalOnBean(value = QueueBoardEndpoint.class, search = SearchStrategy.CURRENT)
    static QueueBoardAddress queueBoardAddress(ObjectProvider<PathMappedEndpoints> endpoints) {
        return new QueueBoardAddress(endpoints::getObject);
    }

    /** Hints for native images: the files of the page, and the JSON, which the signature of its operation hides. */
    static class BoardRuntimeHints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            hints.resources()
                    .registerPattern("io/github/workerqueue/board/*")
                    .registerPattern("META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.*");
            new BindingReflectionHintsRegistrar()
                    .registerReflectionHints(
                            hints.reflection(),
                            BoardDescriptor.class,
                            BoardDescriptor.SelectedDescriptor.class,
                            BoardDescriptor.HistoryDescriptor.class);
        }
    }

    /**
     * Condition that matches if no board exists, or only that of a parent context whose factory this context does not
     * use. Spring Boot ignores an endpoint of a parent under the same bean name, but rejects two endpoints with the
     * same ID.
     */
    static class OnOwnBoardCondition extends SpringBootCondition implements ConfigurationCondition {

        private final OnOwnFactoryCondition ownFactory = new OnOwnFactoryCondition();

        @Override
        public ConfigurationPhase getConfigurationPhase() {
            return ConfigurationPhase.REGISTER_BEAN;
        }

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            ConfigurableListableBeanFactory beans = Objects.requireNonNull(context.getBeanFactory());
            List<String> boards = List.of(
                    BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, QueueBoardEndpoint.class, true, false));
            boolean replaceable =
                    boards.equals(List.of("queueBoardEndpoint")) && !beans.containsBeanDefinition("queueBoardEndpoint");
            return new ConditionOutcome(
                    boards.isEmpty()
                            || (replaceable
                                    && ownFactory
                                            .getMatchOutcome(context, metadata)
                                            .isMatch()),
                    ConditionMessage.forCondition("Own queue board").because("the boards are " + boards));
        }
    }
}
