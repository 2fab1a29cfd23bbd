package io.github.workerqueue.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Bind handler that records the keys that the binder looks up for the properties of queues, whether or not they are
 * set, and the values that it finds. Values that cannot be converted are left to the binding of the bean.
 */
class QueueKeys implements BindHandler {

    private final Map<ConfigurationPropertyName, Bindable<?>> known = new LinkedHashMap<>();

    private final List<ConfigurationProperty> durations = new ArrayList<>();

    private final List<ConfigurationProperty> valuesOfGroups = new ArrayList<>();

    @Override
    public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
        known.put(name, target);
        return target;
    }

    @Override
    public Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
        ConfigurationProperty property = context.getConfigurationProperty();
        if (result instanceof Duration && property != null) {
            durations.add(property);
        }
        return result;
    }

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
        ConfigurationProperty value = EmptyGroupAdvisor.valueOfGroup(name, target, context, error);
        if (value != null && !EmptyGroupAdvisor.isIgnored(value) && !EmptyGroupAdvisor.isNoList(value, target)) {
            valuesOfGroups.add(value);
        }
        return null;
    }

    /** Returns the values of durations, with the keys that set them. */
    List<ConfigurationProperty> durations() {
        return durations;
    }

    /** Returns the values of keys that must be groups: they must have other keys below them instead. */
    List<ConfigurationProperty> valuesOfGroups() {
        return valuesOfGroups;
    }

    /** Whether a property has this key, or the key belongs to a list that a stronger source has replaced. */
    boolean isKnown(ConfigurationPropertyName name) {
        if (known.containsKey(name)) {
            return true;
        }
        int index = listIndex(name);
        return index > 0
                && (known.containsKey(inFirstElement(name, index))
                        || below(name.chop(index).append("[0]")).isEmpty());
    }

    /** Returns the longest known key above an unknown one. */
    ConfigurationPropertyName groupOf(ConfigurationPropertyName name) {
        int index = listIndex(name);
        ConfigurationPropertyName group = (index > 0 ? inFirstElement(name, index) : name).getParent();
        while (!known.containsKey(group)) {
            group = group.getParent();
        }
        return group;
    }

    /** Returns the known keys directly below another one. */
    List<ConfigurationPropertyName> below(ConfigurationPropertyName group) {
        return known.keySet().stream().filter(group::isParentOf).toList();
    }

    /** Returns the last elements of the known keys directly below another one. */
    List<String> namesBelow(ConfigurationPropertyName group) {
        return below(group).stream()
                .map(key -> key.getLastElement(Form.ORIGINAL))
                .toList();
    }

    /** Whether a known key can have a value or, if {@code group}, other keys below it. Lists can have both. */
    boolean canBe(ConfigurationPropertyName name, boolean group) {
        return isList(name) || EmptyGroupAdvisor.isGroup(target(name)) == group;
    }

    Class<?> typeOf(ConfigurationPropertyName name) {
        return EmptyGroupAdvisor.typeOf(target(name));
    }

    private Bindable<?> target(ConfigurationPropertyName name) {
        return Objects.requireNonNull(known.get(name), () -> name + " must be a known key");
    }

    private boolean isList(ConfigurationPropertyName name) {
        Bindable<?> target = known.get(name);
        return target != null && Collection.class.isAssignableFrom(EmptyGroupAdvisor.typeOf(target));
    }

    /** Returns the position of the list index in a key; -1 if there is none. */
    private int listIndex(ConfigurationPropertyName name) {
        for (int i = 1; i < name.getNumberOfElements(); i++) {
            if (name.isNumericIndex(i) && isList(name.chop(i))) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Returns the same key in the first element of its list. All elements have the same keys, but the binder looks up
     * only the elements of the strongest source.
     */
    private static ConfigurationPropertyName inFirstElement(ConfigurationPropertyName name, int index) {
        return name.chop(index).append("[0]").append(name.subName(index + 1));
    }
}
