package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.util.StringUtils;

/**
 * Tests for the garbage collection of ended applications. They follow each other in one JVM, each in a class loader of
 * its own, as with DevTools and in application servers.
 */
@Timeout(120)
class RestartTests {

    /** Thread that outlives the applications that it runs, as in a server. */
    private final ExecutorService caller = Executors.newSingleThreadExecutor();

    /** Starts an application first, since Boot keeps the class loader of the first one that binds properties. */
    @BeforeAll
    static void startAnotherFirst() throws Exception {
        new RestartedApplication().call();
    }

    @AfterEach
    void stop() {
        caller.shutdownNow();
    }

    @Test
    void classesOfApplicationAreCollected() throws Exception {
        assertCollected(name -> name.startsWith(RestartedApplication.class.getName()));
    }

    @Test
    void classesOfLibraryAreCollected() throws Exception {
        assertCollected(name -> name.startsWith("io.github.workerqueue."));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void classesOfApplicationAreCollectedWithVirtualThreads() throws Exception {
        assertCollected(
                name -> name.startsWith(RestartedApplication.class.getName()), "spring.threads.virtual.enabled=true");
    }

    private void assertCollected(Predicate<String> restarted, String... properties) throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            loaders.add(caller.submit(() -> run(restarted, properties)).get());
        }
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            System.gc();
            assertThat(loaders).allMatch(loader -> loader.refersTo(null));
        });
    }

    private static WeakReference<ClassLoader> run(Predicate<String> restarted, String... properties) throws Exception {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        try (RestartLoader loader = new RestartLoader(restarted)) {
            current.setContextClassLoader(loader);
            Class<?> type = Class.forName(RestartedApplication.class.getName(), true, loader);
            assertThat(type.getClassLoader()).isSameAs(loader);
            Callable<?> application =
                    (Callable<?>) type.getConstructor(String[].class).newInstance((Object) properties);
            assertThat(application.call()).isEqualTo("done");
            return new WeakReference<>(loader);
        } finally {
            current.setContextClassLoader(before);
        }
    }

    /** Class loader that loads some classes itself, even if its parent has loaded them. */
    private static final class RestartLoader extends URLClassLoader {

        private final Predicate<String> restarted;

        RestartLoader(Predicate<String> restarted) {
            super(classPath(), RestartTests.class.getClassLoader());
            this.restarted = restarted;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null && restarted.test(name)) {
                    try {
                        loaded = findClass(name);
                    } catch (ClassNotFoundException ex) {
                        loaded = null;
                    }
                }
                return loaded == null ? super.loadClass(name, resolve) : loaded;
            }
        }

        private static URL[] classPath() {
            List<URL> urls = new ArrayList<>();
            for (String element :
                    StringUtils.tokenizeToStringArray(System.getProperty("java.class.path"), File.pathSeparator)) {
                try {
                    urls.add(Path.of(element).toUri().toURL());
                } catch (MalformedURLException ex) {
                    throw new IllegalStateException(ex);
                }
            }
            return urls.toArray(URL[]::new);
        }
    }
}
