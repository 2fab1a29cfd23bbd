package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.actuate.QueueEndpoint;
import io.github.workerqueue.actuate.QueueEndpointWebExtension;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * {@link AutoConfiguration Auto-configuration} for the endpoint of worker queues.
 *
 * @since 0.1
 */
@AutoConfiguration(after = QueueAutoConfiguration.class)
@ConditionalOnClass(
        name = {
            "org.springframework.boot.actuate.endpoint.annotation.Endpoint",
            "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint"
        })
@ConditionalOnBean(QueueFactory.class)
@EnableConfigurationProperties(QueueEndpointProperties.class)
public final class QueueEndpointAutoConfiguration {

    QueueEndpointAutoConfiguration() {}

    @Bean
    @Conditional(OnOwnEndpointCondition.class)
    @ConditionalOnAvailableEndpoint
    QueueEndpoint queueEndpoint(
            ListableBeanFactory beans, QueueEndpointProperties properties, ObjectProvider<QueueProperties> queues) {
        Set<String> names = new HashSet<>(Set.of("default"));
        queues.ifAvailable(configured -> names.addAll(configured.getInstances().keySet()));
        return new QueueEndpoint(new NearestFactories(beans), properties.getShowValues(), names);
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @ConditionalOnBean(QueueEndpoint.class)
    @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
    QueueEndpointWebExtension queueEndpointWebExtension(QueueEndpoint endpoint, QueueEndpointProperties properties) {
        return new QueueEndpointWebExtension(endpoint, properties.getShowValues(), properties.getRoles());
    }

    /**
     * Condition that matches if no endpoint exists, or only that of a parent context whose factory this context does
     * not use. Spring Boot ignores an endpoint of a parent under the same bean name, but rejects two endpoints with the
     * same ID.
     */
    static class OnOwnEndpointCondition extends SpringBootCondition implements ConfigurationCondition {

        @Override
        public ConfigurationPhase getConfigurationPhase() {
            return ConfigurationPhase.REGISTER_BEAN;
        }

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            ConfigurableListableBeanFactory beans = Objects.requireNonNull(context.getBeanFactory());
            List<String> endpoints = List.of(
                    BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, QueueEndpoint.class, true, false));
            boolean ownFactory = beans.getBeanNamesForType(QueueFactory.class, true, false).length > 0;
            boolean replaceable =
                    endpoints.equals(List.of("queueEndpoint")) && !beans.containsBeanDefinition("queueEndpoint");
            return new ConditionOutcome(
                    endpoints.isEmpty() || (ownFactory && replaceable),
                    ConditionMessage.forCondition("Own queue endpoint").because("the endpoints are " + endpoints));
        }
    }
}
