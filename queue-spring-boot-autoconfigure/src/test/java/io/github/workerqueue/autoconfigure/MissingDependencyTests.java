package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;

/**
 * Tests for auto-configurations that are registered as classes while an optional dependency is missing. A filtered
 * class loader does not show the fault: the JVM omits an annotation whose value is a class that the loader of the
 * annotated class does not find. So the test loads the whole classpath once more, without the jar of the dependency.
 */
@Timeout(60)
class MissingDependencyTests {

    static List<Class<?>> autoConfigurations() {
        List<Class<?>> types = new ArrayList<>();
        for (String name : ImportCandidates.load(AutoConfiguration.class, null).getCandidates()) {
            if (name.startsWith("io.github.workerqueue.")) {
                types.add(ClassUtils.resolveClassName(name, null));
            }
        }
        return types;
    }

    /** Returns the classes in the conditions, each of which stands for one optional dependency. */
    static Stream<String> optionalClasses() {
        return autoConfigurations().stream()
                .flatMap(type -> MergedAnnotations.from(type).stream(ConditionalOnClass.class))
                .flatMap(condition -> Stream.concat(
                        Arrays.stream(condition.getStringArray("name")),
                        Arrays.stream(condition.getClassArray("value")).map(Class::getName)))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("optionalClasses")
    void autoConfigurationsStartWithoutOptionalDependency(String missing) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader contextClassLoader = thread.getContextClassLoader();
        try (URLClassLoader classes = new ClassPathWithout(missing)) {
            thread.setContextClassLoader(classes);
            Runnable start = (Runnable) classes.loadClass(Start.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(ClassUtils.isPresent(missing, classes)).isFalse();
            start.run();
        } finally {
            thread.setContextClassLoader(contextClassLoader);
        }
    }

    /** Starts a context of all auto-configurations, and runs a task. */
    public static final class Start implements Runnable {

        @Override
        public void run() {
            new ApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(autoConfigurations().toArray(Class<?>[]::new)))
                    .withPropertyValues("management.endpoints.web.exposure.include=queues", "queue.stall.after=1h")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        try (WorkerQueue<String> queue =
                                context.getBean(QueueFactory.class).open()) {
                            queue.put(() -> "done");
                            assertThat(queue.join()).containsExactly("done");
                        }
                    });
        }
    }

    /** The classpath of the tests without the jar of a class, or without its package if it belongs to the JDK. */
    private static final class ClassPathWithout extends URLClassLoader {

        private final String packagePrefix;

        ClassPathWithout(String missing) throws ClassNotFoundException {
            super(urls(location(missing)), ClassLoader.getPlatformClassLoader());
            packagePrefix = location(missing) == null ? ClassUtils.getPackageName(missing) + "." : "without.none";
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(packagePrefix)) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }

        private static @Nullable URL location(String name) throws ClassNotFoundException {
            CodeSource source = Class.forName(name).getProtectionDomain().getCodeSource();
            return source == null ? null : source.getLocation();
        }

        private static URL[] urls(@Nullable URL omitted) {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(ClassPathWithout::url)
                    .filter(url -> omitted == null || !url.toExternalForm().equals(omitted.toExternalForm()))
                    .toArray(URL[]::new);
        }

        private static URL url(String entry) {
            try {
                return Path.of(entry).toUri().toURL();
            } catch (MalformedURLException ex) {
                throw new IllegalArgumentException(entry, ex);
            }
        }
    }
}
