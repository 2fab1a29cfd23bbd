package io.github.workerqueue.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.convert.ConverterNotFoundException;

/**
 * Advisor that binds an empty value of a group as a group without keys. A group is a key below {@code queue} that has
 * other keys below it. For example, {@code riot:} in YAML is an instance with defaults.
 */
class EmptyGroupAdvisor implements ConfigurationPropertiesBindHandlerAdvisor {

    /*
     * A converter from an empty text would not suffice: a value takes precedence over the keys below it, even if those
     * are in a stronger source. The binder fails only if it has found no keys below the value.
     */

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("queue");

    @Override
    public BindHandler apply(BindHandler handler) {
        return new AbstractBindHandler(handler) {

            @Override
            public @Nullable Object onFailure(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
                    throws Exception {
                ConfigurationProperty value = valueOfGroup(name, target, context, error);
                if (value != null && isNoList(value, target)) {
                    return List.of();
                }
                if (value != null && isIgnored(value)) {
                    return typeOf(target) == QueueInstanceProperties.class ? new QueueInstanceProperties() : null;
                }
                return super.onFailure(name, target, context, error);
            }
        };
    }

    /** Returns the value of a key that must be a group; null if this is not the cause of the error. */
    static @Nullable ConfigurationProperty valueOfGroup(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
        if (!(error instanceof ConverterNotFoundException) || !ROOT.isAncestorOf(name) || !isGroup(target)) {
            return null;
        }
        for (ConfigurationPropertySource source : context.getSources()) {
            ConfigurationProperty value = source.getConfigurationProperty(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** Whether a value is the number 0 of YAML in place of a list, which switches inherited limits off. */
    static boolean isNoList(ConfigurationProperty value, Bindable<?> target) {
        return value.getValue().equals(0) && Collection.class.isAssignableFrom(typeOf(target));
    }

    /**
     * Whether the value of a group is ignored: it is empty, or from the system environment or the system properties,
     * where it may be meant for another program.
     */
    static boolean isIgnored(ConfigurationProperty value) {
        ConfigurationPropertySource source = value.getSource();
        return value.getValue().toString().isEmpty()
                || (source != null && !new UnboundElementsSourceFilter().apply(source));
    }

    /** Whether a key has other keys below it. */
    static boolean isGroup(Bindable<?> target) {
        Class<?> type = typeOf(target);
        Class<?> element = target.getType().getGeneric(0).resolve(Object.class);
        return type == Map.class || isOfQueues(type) || isOfQueues(element);
    }

    private static boolean isOfQueues(Class<?> type) {
        return !type.isEnum() && type.getPackage() == QueueProperties.class.getPackage();
    }

    static Class<?> typeOf(Bindable<?> target) {
        return target.getType().resolve(Object.class);
    }
}
