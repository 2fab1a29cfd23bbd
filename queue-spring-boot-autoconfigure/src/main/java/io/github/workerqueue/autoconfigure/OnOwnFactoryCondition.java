package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.QueueFactory;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Condition that matches a context with a factory of its own. Either no ancestor has a factory, or the context declares
 * one, or the factory of the ancestor lacks settings or beans of the context.
 */
final class OnOwnFactoryCondition extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Own queue factory");
        ConfigurableListableBeanFactory beans = Objects.requireNonNull(context.getBeanFactory());
        ParentFactory parent = ParentFactory.of(beans);
        if (parent == null) {
            return ConditionOutcome.match(message.because("no parent context has a queue factory"));
        }
        if (has(beans, QueueFactory.class) || has(beans, QueueFactory.Builder.class)) {
            return ConditionOutcome.match(message.because("this context declares it"));
        }
        List<String> differences = parent.differences(beans, context.getEnvironment());
        return differences.isEmpty()
                ? ConditionOutcome.noMatch(message.because("the factory of the parent context has the same settings"))
                : ConditionOutcome.match(message.because("only this context has " + String.join(", ", differences)));
    }

    private static boolean has(ConfigurableListableBeanFactory beans, Class<?> type) {
        return beans.getBeanNamesForType(type, true, false).length > 0;
    }
}
