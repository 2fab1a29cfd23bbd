package io.github.workerqueue.docs;

import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.docs.Page.Block;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * Starts an application with each document of the YAML and properties blocks of a page. Keys must be known to the
 * configuration metadata of the classpath. A handler bean that a block refers to exists.
 */
class ConfigurationBlocks implements DocumentationCheck {

    private static final Map<String, PropertySourceLoader> LOADERS =
            Map.of("yaml", new YamlPropertySourceLoader(), "properties", new PropertiesPropertySourceLoader());

    private static final Pattern INSTANCE = Pattern.compile("queue\\.instances\\.(\\[[^]]+]|[^.\\[]+)\\.?");

    private final List<KnownProperty> known = KnownProperty.ofClasspath();

    @Override
    public List<String> problems(Page page) {
        List<String> problems = new ArrayList<>();
        for (Block block : page.blocks()) {
            PropertySourceLoader loader = LOADERS.get(block.kind());
            if (loader != null && block.runs()) {
                try {
                    ByteArrayResource resource =
                            new ByteArrayResource(block.code().getBytes(StandardCharsets.UTF_8));
                    for (PropertySource<?> document : loader.load("block", resource)) {
                        check(block, (EnumerablePropertySource<?>) document, problems);
                    }
                } catch (Exception ex) { // for example a ParserException
                    problems.add(block.problem(String.valueOf(ex.getMessage())));
                }
            }
        }
        return problems;
    }

    private void check(Block block, EnumerablePropertySource<?> properties, List<String> problems) {
        for (String key : properties.getPropertyNames()) {
            if (!isKnown(key)) {
                problems.add(block.problem("unknown or deprecated key " + key));
            }
        }
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(autoConfigurations()))
                .withBean(SimpleMeterRegistry.class)
                .withPropertyValues("management.endpoints.web.exposure.include=*")
                .withInitializer(context -> {
                    context.getEnvironment().setConversionService(new ApplicationConversionService());
                    context.getEnvironment().getPropertySources().addFirst(properties);
                });
        for (String key : properties.getPropertyNames()) {
            if (key.endsWith("exception-handler")) {
                String name = String.valueOf(properties.getProperty(key));
                runner = runner.withBean(name, QueueExceptionHandler.class, () -> failure -> {});
            }
        }
        runner.run(context -> {
            Throwable failure = context.getStartupFailure();
            if (failure != null) {
                problems.add(block.problem("application does not start: "
                        + NestedExceptionUtils.getMostSpecificCause(failure).getMessage()));
            } else {
                names(properties)
                        .forEach(name ->
                                context.getBean(QueueFactory.class).open(name).close());
            }
        });
    }

    private boolean isKnown(String key) {
        String common = INSTANCE.matcher(key).replaceFirst("queue.");
        return known.stream().anyMatch(property -> property.matches(common));
    }

    /** Returns true if the text is a known key, or the beginning of one. */
    boolean isKnownOrGroup(String text) {
        String group = INSTANCE.matcher(text + ".").replaceFirst("queue.");
        return isKnown(text)
                || known.stream()
                        .anyMatch(property -> property.name().toString().startsWith(group));
    }

    private static Class<?>[] autoConfigurations() {
        return ImportCandidates.load(AutoConfiguration.class, null).getCandidates().stream()
                .filter(name -> name.startsWith("io.github.workerqueue."))
                .map(ConfigurationBlocks::load)
                .toArray(Class<?>[]::new);
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static Stream<String> names(EnumerablePropertySource<?> properties) {
        return Stream.of(properties.getPropertyNames())
                .map(INSTANCE::matcher)
                .filter(Matcher::lookingAt)
                .map(matcher -> matcher.group(1).replaceAll("[\\[\\]]", ""))
                .distinct();
    }

    /**
     * A property of the configuration metadata that is not deprecated.
     *
     * @param name the name
     * @param hasKeys true if the property is a map or a list, so keys can follow its name
     */
    private record KnownProperty(ConfigurationPropertyName name, boolean hasKeys) {

        boolean matches(String key) {
            ConfigurationPropertyName candidate = ConfigurationPropertyName.adapt(key, '.');
            return name.equals(candidate) || (hasKeys && name.isAncestorOf(candidate));
        }

        static List<KnownProperty> ofClasspath() {
            return ConfigurationMetadata.properties().stream()
                    .filter(property -> !property.containsKey("deprecation"))
                    .map(KnownProperty::of)
                    .toList();
        }

        private static KnownProperty of(Map<String, Object> property) {
            String type = String.valueOf(property.get("type"));
            return new KnownProperty(
                    ConfigurationPropertyName.adapt(String.valueOf(property.get("name")), '.'),
                    type.startsWith("java.util.") || type.endsWith("[]"));
        }
    }
}
