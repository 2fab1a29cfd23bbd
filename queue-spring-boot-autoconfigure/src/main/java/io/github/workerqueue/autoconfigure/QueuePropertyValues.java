package io.github.workerqueue.autoconfigure;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Values that an environment binds to the properties of queues, as text. As in the binder, names are relaxed, and a
 * list in one source replaces the whole list of a weaker source.
 *
 * @param values the values by their names
 */
record QueuePropertyValues(Map<ConfigurationPropertyName, @Nullable String> values) {

    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("queue");

    /** First elements of the keys of this library. Other keys below the prefix belong to the application. */
    private static final Set<String> KEYS = Arrays.stream(BeanUtils.getPropertyDescriptors(QueueProperties.class))
            .map(property -> property.getName().toLowerCase(Locale.ROOT))
            .filter(key -> !key.equals("enabled"))
            .collect(Collectors.toUnmodifiableSet());

    static QueuePropertyValues of(Environment environment) {
        Map<ConfigurationPropertyName, @Nullable String> values = new LinkedHashMap<>();
        Set<ConfigurationPropertyName> stronger = new HashSet<>();
        for (ConfigurationPropertySource source : sources(environment)) {
            if (source instanceof IterableConfigurationPropertySource names) {
                List<ConfigurationPropertyName> own = names.stream()
                        .filter(QueuePropertyValues::isKnown)
                        .filter(name -> !stronger.contains(setting(name)))
                        .toList();
                own.forEach(name -> values.put(name, value(source, name, environment)));
                own.forEach(name -> stronger.add(setting(name)));
            }
        }
        return new QueuePropertyValues(values);
    }

    /** Returns the sources of the environment, not those attached to it. A child context may inherit the latter. */
    private static Iterable<ConfigurationPropertySource> sources(Environment environment) {
        return ConfigurationPropertySources.from(((ConfigurableEnvironment) environment).getPropertySources());
    }

    /** Returns the keys of the values that only one side has, or that differ. */
    List<String> differences(QueuePropertyValues other) {
        return Stream.concat(values.keySet().stream(), other.values.keySet().stream())
                .distinct()
                .filter(name -> !Objects.equals(values.get(name), other.values.get(name)))
                .map(ConfigurationPropertyName::toString)
                .toList();
    }

    private static boolean isKnown(ConfigurationPropertyName name) {
        return PREFIX.isAncestorOf(name) && KEYS.contains(name.getElement(1, Form.UNIFORM));
    }

    /** Returns the name of the list for an element of a list, else the name itself. */
    private static ConfigurationPropertyName setting(ConfigurationPropertyName name) {
        int first = name.getElement(1, Form.UNIFORM).equals("instances") ? 3 : 2;
        for (int i = first; i < name.getNumberOfElements(); i++) {
            if (name.isNumericIndex(i)) {
                return name.chop(i);
            }
        }
        return name;
    }

    private static @Nullable String value(
            ConfigurationPropertySource source, ConfigurationPropertyName name, Environment environment) {
        ConfigurationProperty property = source.getConfigurationProperty(name);
        return property == null ? null : environment.resolvePlaceholders(String.valueOf(property.getValue()));
    }
}
