package io.github.workerqueue.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.RateLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.util.ClassUtils;

/** Tests for the tables of properties, which {@code -Ddocs.update} generates from the configuration metadata. */
@Timeout(60)
class PropertyReferenceTests {

    private static final Path PAGE = Path.of("docs/reference/properties.md");

    private final Map<String, Property> properties = properties();

    private final Set<String> keysOfQueues = keysOfQueues();

    @Test
    void tablesAreThoseOfMetadata() throws IOException {
        String page = Files.readString(PAGE);
        String expected = withTable(page, "queues", keysOfQueues::contains);
        expected =
                withTable(expected, "application", name -> name.startsWith("queue.") && !keysOfQueues.contains(name));
        expected = withTable(expected, "endpoint", name -> name.startsWith("management."));
        if (System.getProperty("docs.update") != null) {
            Files.writeString(PAGE, expected);
        } else {
            assertThat(page).as("%s; update it with -Ddocs.update", PAGE).isEqualTo(expected);
        }
    }

    /** Verifies the keys of the map of instances, which the metadata does not list. */
    @Test
    void metadataHasEachKeyOfInstance() {
        assertThat(properties).containsKeys(keysOfQueues.toArray(String[]::new));
        assertThat(keysOfQueues).contains("queue.workers", "queue.retry.delay").doesNotContain("queue.enabled");
    }

    @Test
    void rangesAreThoseOfCode() throws IOException {
        assertThat(Files.readString(PAGE))
                .contains("| `workers` | 1 to %,d |".formatted(QueueSettings.MAX_WORKERS))
                .contains("| `maxsize` | 1 to %,d |".formatted(QueueSettings.MAX_MAXSIZE))
                .contains("| `total-workers` | 0 to %,d |".formatted(QueueSettings.MAX_WORKERS))
                .contains("| `permits` of a rate limit | 1 to %,d |".formatted(RateLimit.MAX_PERMITS));
    }

    private String withTable(String page, String name, Predicate<String> filter) {
        Pattern table = Pattern.compile("(?s)(<!-- generated: " + name + " -->\n).*?(<!-- end -->)");
        Matcher matcher = table.matcher(page);
        assertThat(matcher.find()).as("table %s", name).isTrue();
        String rows = properties.values().stream()
                .filter(property -> filter.test(property.name()))
                .map(Property::row)
                .collect(Collectors.joining("\n"));
        String head = "\n| Key | Type | Default | Description |\n| --- | --- | --- | --- |\n";
        return page.substring(0, matcher.end(1)) + head + rows + "\n\n" + page.substring(matcher.start(2));
    }

    private static Map<String, Property> properties() {
        return ConfigurationMetadata.properties().stream()
                .map(Property::new)
                .filter(property ->
                        property.name().startsWith("queue.") || property.name().startsWith("management.endpoint.queue"))
                .sorted(Comparator.comparing(Property::name))
                .collect(Collectors.toMap(
                        Property::name, property -> property, (one, other) -> one, LinkedHashMap::new));
    }

    private Set<String> keysOfQueues() {
        String type = Objects.requireNonNull(properties.get("queue.instances")).type();
        return keys("queue", resolve(type.substring(type.indexOf(',') + 1, type.length() - 1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> keys(String prefix, Class<?> type) {
        return Arrays.stream(BeanUtils.getPropertyDescriptors(type))
                .filter(property -> property.getWriteMethod() != null)
                .flatMap(property -> {
                    String key = prefix + "." + DataObjectPropertyName.toDashedForm(property.getName());
                    Class<?> value = property.getPropertyType();
                    return value.getNestHost() == type && !value.isEnum() ? keys(key, value) : Stream.of(key);
                });
    }

    private static Class<?> resolve(String type) {
        return ClassUtils.resolveClassName(type, null);
    }

    /**
     * A property of the metadata.
     *
     * @param json its JSON object
     */
    private record Property(Map<String, Object> json) {

        String name() {
            return text("name");
        }

        String type() {
            return text("type");
        }

        private String text(String field) {
            return Objects.requireNonNull(json.get(field), field).toString();
        }

        String row() {
            return "| `%s` | %s | %s | %s |".formatted(name(), shownType(), shownDefault(), text("description"));
        }

        private String shownType() {
            Class<?> raw = resolve(type().replaceFirst("<.*", ""));
            if (raw.isEnum()) {
                return Arrays.stream(raw.getEnumConstants())
                        .map(constant -> "`" + dashed(constant) + "`")
                        .collect(Collectors.joining(", "));
            }
            if (Collection.class.isAssignableFrom(raw)) {
                return "list";
            }
            return raw == Map.class
                    ? "map"
                    : raw == Duration.class ? "duration" : raw.getSimpleName().toLowerCase(Locale.ROOT);
        }

        private String shownDefault() {
            @Nullable Object value = json.get("defaultValue");
            if (value == null) {
                return "";
            }
            boolean isEnum = resolve(type().replaceFirst("<.*", "")).isEnum();
            return "`" + (isEnum ? dashed(value) : value) + "`";
        }

        private static String dashed(Object value) {
            return value.toString().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
