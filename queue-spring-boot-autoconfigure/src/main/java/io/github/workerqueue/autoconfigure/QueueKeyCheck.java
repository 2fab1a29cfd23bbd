package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.autoconfigure.QueueInstanceProperties.Rate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.Ordered;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/**
 * Check of the keys below {@code queue} before any bean is created. Unknown keys, and durations without a unit, would
 * otherwise change limits without a message. The known keys are those of {@link QueueProperties}, so keys that other
 * classes read must be there as well.
 */
class QueueKeyCheck implements BeanDefinitionRegistryPostProcessor, Ordered {

    private static final Logger logger = LoggerFactory.getLogger(QueueKeyCheck.class);

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("queue");

    private static final ConfigurationPropertyName INSTANCES = ROOT.append("instances");

    /** Key with a name under {@code queue.instances}, as spelled in its source, without brackets. */
    private static final Pattern NAME = Pattern.compile("(?i)queue\\.instances\\.([^.\\[]+)(\\..*)?");

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]+");

    private static final Pattern ZERO = Pattern.compile("[+-]?0+");

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+");

    private static final int MAX_LOGGED_KEYS = 20;

    private final Environment environment;

    QueueKeyCheck(Environment environment) {
        this.environment = environment;
    }

    /** Returns an order before the registration of the beans for the names under {@code queue.instances}. */
    @Override
    public int getOrder() {
        return 0;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        QueueKeys keys = new QueueKeys();
        binder().bind(ROOT, Bindable.of(QueueProperties.class), keys);
        Collection<ConfigurationProperty> checked = checked();
        requirePlainNames();
        requireNamesOfInstances(checked);
        requireDistinctBeanNames(keys);
        requireKeysOfGroups(keys);
        requireKnown(keys, checked, parent(registry));
        requireUnits(keys);
    }

    /** Returns a binder with its own conversion service. The shared one would retain the classes of this library. */
    private Binder binder() {
        return new Binder(
                ConfigurationPropertySources.get(environment),
                new PropertySourcesPlaceholdersResolver(environment),
                new ApplicationConversionService());
    }

    /** Returns the environment of the check in a parent context; null if there is no such check. */
    private static @Nullable Environment parent(BeanDefinitionRegistry registry) {
        BeanFactory parent = ((HierarchicalBeanFactory) registry).getParentBeanFactory();
        QueueKeyCheck check = parent == null
                ? null
                : parent.getBeanProvider(QueueKeyCheck.class).getIfAvailable();
        return check == null ? null : check.environment;
    }

    /** Returns all sources except the system environment and the system properties. */
    private Stream<ConfigurationPropertySource> checkedSources() {
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .filter(new UnboundElementsSourceFilter()::apply);
    }

    /** Returns the properties below {@code queue} whose keys are checked, each from its strongest source. */
    private Collection<ConfigurationProperty> checked() {
        Map<ConfigurationPropertyName, ConfigurationProperty> properties = new LinkedHashMap<>();
        checkedSources().forEach(source -> {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream().filter(ROOT::isAncestorOf).forEach(name -> {
                    ConfigurationProperty property = source.getConfigurationProperty(name);
                    if (property != null) {
                        properties.putIfAbsent(name, property);
                    }
                });
            }
        });
        return properties.values();
    }

    /**
     * Checks the names without brackets. Spring drops all characters but letters, digits, dashes and underscores from
     * them, and ignores the case, the dashes and the underscores.
     */
    private void requirePlainNames() {
        Map<String, String> names = new LinkedHashMap<>();
        checkedSources().forEach(source -> {
            if (source.getUnderlyingSource() instanceof EnumerablePropertySource<?> keys) {
                for (String key : keys.getPropertyNames()) {
                    Matcher matcher = NAME.matcher(key);
                    if (matcher.matches()) {
                        requirePlainName(matcher.group(1), key, keys.getName(), names);
                    }
                }
            }
        });
    }

    private static void requirePlainName(String name, String key, String source, Map<String, String> names) {
        if (!PLAIN_NAME.matcher(name).matches()) {
            throw new QueueConfigurationException(
                    ("The name of a queue without brackets must have only letters, digits, dashes and underscores, "
                                    + "but was '%s' in the key '%s' (%s).")
                            .formatted(name, key, source),
                    "Write queue.instances[%1$s], or \"[%1$s]\" in YAML.".formatted(name));
        }
        String other = names.putIfAbsent(Spelling.letters(name), name);
        if (other != null && !other.equals(name)) {
            logger.warn(
                    "The names '{}' and '{}' under 'queue.instances' are the same name for Spring, "
                            + "so each has the settings of both; rename one of them",
                    other,
                    name);
        }
    }

    private static void requireNamesOfInstances(Collection<ConfigurationProperty> properties) {
        for (ConfigurationProperty property : properties) {
            ConfigurationPropertyName name = property.getName();
            if (INSTANCES.isAncestorOf(name)
                    && name.isNumericIndex(2)
                    && name.getElement(2, Form.ORIGINAL).equals("0")) {
                throw new QueueConfigurationException(
                        "The keys below 'queue.instances' must be names of queues, but are those of a list: "
                                + shown(property) + ".",
                        "Write each name as a key, for example 'riot:' instead of '- name: riot'. "
                                + "A queue named 0 needs quotes: \"0\".");
            }
        }
    }

    private static void requireDistinctBeanNames(QueueKeys keys) {
        Map<String, ConfigurationPropertyName> instances = new LinkedHashMap<>();
        keys.below(INSTANCES).forEach(key -> instances.put(key.getLastElement(Form.ORIGINAL), key));
        instances.forEach((name, key) -> {
            ConfigurationPropertyName other = instances.get(name + ".executor");
            if (other != null) {
                throw new QueueConfigurationException(
                        "The keys '%s' and '%s' need the same bean name, 'queue.instances.%s.executor'."
                                .formatted(key, other, name),
                        "Rename one of the two queues: the executor of the first and the second queue itself "
                                + "have this name.");
            }
        });
    }

    private static void requireKeysOfGroups(QueueKeys keys) {
        for (ConfigurationProperty property : keys.valuesOfGroups()) {
            Class<?> type = keys.typeOf(property.getName());
            String rule = type == Rate.class || Collection.class.isAssignableFrom(type)
                    ? "Must be limits such as 20/1s, 100/2m, or a list of elements with permits and per."
                    : type == Map.class
                            ? "Must have the names of queues as keys below it."
                            : "Must have other keys below it: " + String.join(", ", keys.namesBelow(property.getName()))
                                    + ".";
            throw new InvalidConfigurationPropertyValueException(spelled(property), property.getValue(), rule);
        }
    }

    /**
     * Rejects unknown keys, but only logs those that may be foreign, unless the check of a parent context has logged
     * them.
     */
    private static void requireKnown(
            QueueKeys keys, Collection<ConfigurationProperty> properties, @Nullable Environment parent) {
        List<String> wrong = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (ConfigurationProperty property : properties) {
            if (!keys.isKnown(property.getName())) {
                UnknownKey unknown = new UnknownKey(property, keys);
                if (!unknown.mayBeForeign()) {
                    wrong.add(unknown.toString());
                } else if (parent == null || !parent.containsProperty(spelled(property))) {
                    foreign.add(shown(property));
                }
            }
        }
        if (!wrong.isEmpty()) {
            throw new QueueConfigurationException(
                    wrong.stream()
                            .map(line -> "    - " + line)
                            .collect(Collectors.joining(
                                    "%n".formatted(),
                                    "Unknown keys below 'queue' would have no effect:%n%n".formatted(),
                                    "%n".formatted())),
                    "Correct or remove these keys.");
        }
        if (!foreign.isEmpty()) {
            logger.warn(
                    "Keys directly below 'queue' that are unknown have no effect on worker queues: {}",
                    foreign.stream().limit(MAX_LOGGED_KEYS).collect(Collectors.joining(", "))
                            + (foreign.size() > MAX_LOGGED_KEYS
                                    ? " and " + (foreign.size() - MAX_LOGGED_KEYS) + " more"
                                    : ""));
        }
    }

    private void requireUnits(QueueKeys keys) {
        for (ConfigurationProperty property : keys.durations()) {
            String value = environment
                    .resolvePlaceholders(property.getValue().toString())
                    .strip();
            if (NUMBER.matcher(value).matches() && !ZERO.matcher(value).matches()) {
                throw new InvalidConfigurationPropertyValueException(
                        spelled(property),
                        property.getValue(),
                        "Must have a unit: " + value + "s or " + value + "ms, for example.");
            }
        }
    }

    private static String shown(ConfigurationProperty property) {
        return "'" + spelled(property) + "' (" + property.getOrigin() + ")";
    }

    /** Returns the key as spelled in its source, since Spring Boot finds the origin only by this spelling. */
    private static String spelled(ConfigurationProperty property) {
        if (property.getOrigin() instanceof PropertySourceOrigin origin) {
            Object value = origin.getPropertySource().getProperty(origin.getPropertyName());
            if (property.getValue().equals(value)) { // not in JSON, where the origin is the whole text
                return origin.getPropertyName();
            }
        }
        return property.getName().toString();
    }

    /**
     * Key without a property.
     *
     * @param property the key and its value
     * @param keys the known keys
     */
    private record UnknownKey(ConfigurationProperty property, QueueKeys keys) {

        private ConfigurationPropertyName name() {
            return property.getName();
        }

        private ConfigurationPropertyName group() {
            return keys.groupOf(name());
        }

        /** Returns the first element that is unknown. */
        private String word() {
            return name().getElement(group().getNumberOfElements(), Form.ORIGINAL);
        }

        /** Whether the key is directly below {@code queue}, and resembles no known key. */
        boolean mayBeForeign() {
            boolean isGroup = name().getNumberOfElements() > 2;
            return group().equals(ROOT)
                    && keys.below(ROOT).stream()
                            .noneMatch(known -> Spelling.distance(word(), known.getLastElement(Form.ORIGINAL))
                                    <= maxDistance(known, isGroup));
        }

        /**
         * Returns the maximum distance of a misspelling. A value such as {@code queue.stal} may be meant for a group,
         * but a group such as {@code queue.worker.url} is not meant for a value.
         */
        private int maxDistance(ConfigurationPropertyName known, boolean isGroup) {
            return keys.canBe(known, isGroup) ? Spelling.MAX_MISSPELT_LETTERS : isGroup ? -1 : 1;
        }

        @Override
        public String toString() {
            return shown(property) + ": " + suggestion();
        }

        private String suggestion() {
            int numberOfElements = name().getNumberOfElements();
            for (int i = 4; i < numberOfElements && INSTANCES.isParentOf(group()); i++) {
                ConfigurationPropertyName rest = name().subName(i);
                if (keys.isKnown(group().append(rest.chop(1)))) {
                    String dotted = IntStream.range(2, i)
                            .mapToObj(element -> name().getElement(element, Form.ORIGINAL))
                            .collect(Collectors.joining("."));
                    return "a name with a dot needs brackets, as in 'queue.instances[%s].%s', or \"[%s]\" in YAML"
                            .formatted(dotted, rest, dotted);
                }
            }
            return Spelling.closest(word(), keys.namesBelow(group()))
                    .map(closest -> "the closest known key is '" + group().append(closest) + "'")
                    .orElseGet(() -> "the known key '" + group() + "' has no keys below it"
                            + (keys.canBe(group(), true)
                                    ? ", since it is empty in another source; remove it there"
                                    : ""));
        }
    }
}
