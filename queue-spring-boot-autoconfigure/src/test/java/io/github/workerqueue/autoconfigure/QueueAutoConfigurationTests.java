package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workerqueue.AbandonedTaskHandler;
import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ByteArrayResource;

/** Tests for {@link QueueAutoConfiguration}: properties, instances and beans of the application. */
@Timeout(60)
class QueueAutoConfigurationTests {

    private static final String[] LIMITS = {
        "queue.task-timeout=5s",
        "queue.deadline=2m",
        "queue.fail-fast=true",
        "queue.total-workers=40",
        "queue.leak-trace=true"
    };

    private static final QueueSettings LIMITED = QueueSettings.defaults()
            .withTaskTimeout(Duration.ofSeconds(5))
            .withDeadline(Duration.ofMinutes(2))
            .withFailFast(true)
            .withTotalWorkers(40)
            .withLeakTrace(true);

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(QueueAutoConfiguration.class, QueueMetricsAutoConfiguration.class));

    @Test
    void factoryOpensQueuesThatRunTasks() {
        contextRunner.run(context -> {
            try (WorkerQueue<String> queue =
                    context.getBean("queueFactory", QueueFactory.class).open()) {
                queue.put(() -> "done");
                assertThat(queue.join()).containsExactly("done");
            }
        });
    }

    @Test
    void defaultsAreThoseOfQueueSettings() {
        contextRunner.run(with("any", settings -> assertThat(settings).isEqualTo(QueueSettings.defaults())));
    }

    @Test
    void workersAreSet() {
        contextRunner
                .withPropertyValues("queue.workers=7")
                .run(with("any", settings -> assertThat(settings.workers()).isEqualTo(7)));
    }

    @Test
    void maxsizeFollowsWorkers() {
        contextRunner
                .withPropertyValues("queue.workers=7")
                .run(with("any", settings -> assertThat(settings.maxsize()).isEqualTo(14)));
    }

    @Test
    void maxsizeIsSet() {
        contextRunner.withPropertyValues("queue.maxsize=3").run(with("any", settings -> {
            assertThat(settings.maxsize()).isEqualTo(3);
            assertThat(settings.workers()).isEqualTo(25);
        }));
    }

    @Test
    void logLevelIsSet() {
        contextRunner
                .withPropertyValues("queue.log-level=info")
                .run(with("any", settings -> assertThat(settings.logLevel()).isEqualTo(Level.INFO)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "Off", "false"})
    void logLevelIsNullWhenItIsOff(String off) {
        contextRunner
                .withPropertyValues("queue.log-level=info", "queue.instances.riot.log-level=" + off)
                .run(with("riot", settings -> assertThat(settings.logLevel()).isNull()));
    }

    @Test
    void logLevelIsNullWhenYamlHasBareOff() {
        contextRunner
                .withInitializer(context -> addYaml(context, """
                        queue:
                          log-level: info
                          instances:
                            riot:
                              log-level: off
                        """))
                .run(with("riot", settings -> assertThat(settings.logLevel()).isNull()));
    }

    @Test
    void yamlWithAllBasicPropertiesIsBound() {
        contextRunner
                .withUserConfiguration(TwoHandlers.class)
                .withInitializer(context -> addYaml(context, """
                        queue:
                          enabled: true
                          workers: 25
                          maxsize: 50
                          log-level: off
                          exception-handler: first
                          instances:
                            riot:
                              workers: 100
                        """))
                .run(with("riot", settings -> {
                    assertThat(settings.workers()).isEqualTo(100);
                    assertThat(settings.maxsize()).isEqualTo(50);
                }));
    }

    @Test
    void limitsAreSet() {
        contextRunner
                .withPropertyValues(LIMITS)
                .run(with("any", settings -> assertThat(settings).isEqualTo(LIMITED)));
    }

    @Test
    void instanceInheritsLimits() {
        contextRunner
                .withPropertyValues(LIMITS)
                .withPropertyValues("queue.instances.riot.workers=3")
                .run(with("riot", settings -> assertThat(settings).isEqualTo(LIMITED.withWorkers(3))));
    }

    @Test
    void instanceSetsLimitsOfItsOwn() {
        contextRunner
                .withPropertyValues(LIMITS)
                .withPropertyValues(
                        "queue.instances.riot.task-timeout=1m",
                        "queue.instances.riot.deadline=1h",
                        "queue.instances.riot.total-workers=5")
                .run(with(
                        "riot",
                        settings -> assertThat(settings)
                                .isEqualTo(LIMITED.withTaskTimeout(Duration.ofMinutes(1))
                                        .withDeadline(Duration.ofHours(1))
                                        .withTotalWorkers(5))));
    }

    @Test
    void instanceSwitchesLimitsOff() {
        contextRunner
                .withPropertyValues(LIMITS)
                .withPropertyValues(
                        "queue.instances.riot.task-timeout=0",
                        "queue.instances.riot.deadline=0s",
                        "queue.instances.riot.fail-fast=false",
                        "queue.instances.riot.total-workers=0",
                        "queue.instances.riot.leak-trace=false")
                .run(context -> {
                    QueueFactory factory = context.getBean(QueueFactory.class);
                    assertThat(factory.settings("riot")).isEqualTo(QueueSettings.defaults());
                    assertThat(factory.settings("other")).isEqualTo(LIMITED);
                });
    }

    @Test
    void taskFailsWhenItExceedsConfiguredTimeout() {
        contextRunner
                .withPropertyValues("queue.instances.riot.task-timeout=10ms")
                .run(context -> {
                    try (WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open("riot")) {
                        CompletableFuture<String> late = queue.submit(() -> {
                            new CountDownLatch(1).await();
                            return "late";
                        });
                        assertThatThrownBy(late::get).hasCauseInstanceOf(TimeoutException.class);
                    }
                });
    }

    @Test
    void instanceInheritsWorkers() {
        contextRunner
                .withPropertyValues("queue.workers=7", "queue.instances.riot.log-level=warn")
                .run(with("riot", settings -> {
                    assertThat(settings.workers()).isEqualTo(7);
                    assertThat(settings.maxsize()).isEqualTo(14);
                }));
    }

    @Test
    void instanceInheritsMaxsize() {
        contextRunner
                .withPropertyValues("queue.maxsize=50", "queue.instances.riot.workers=100")
                .run(with("riot", settings -> assertThat(settings.maxsize()).isEqualTo(50)));
    }

    @Test
    void instanceMaxsizeFollowsItsWorkersWhenMaxsizeIsNotSet() {
        contextRunner
                .withPropertyValues("queue.instances.riot.workers=100")
                .run(with("riot", settings -> assertThat(settings.maxsize()).isEqualTo(200)));
    }

    @Test
    void instanceInheritsLogLevel() {
        contextRunner
                .withPropertyValues("queue.log-level=debug", "queue.instances.riot.workers=100")
                .run(with("riot", settings -> assertThat(settings.logLevel()).isEqualTo(Level.DEBUG)));
    }

    @Test
    void instanceInheritsExceptionHandler() {
        contextRunner
                .withUserConfiguration(TwoHandlers.class)
                .withPropertyValues("queue.exception-handler=second", "queue.instances.riot.workers=100")
                .run(with(
                        "riot",
                        settings -> assertThat(settings.exceptionHandler()).isSameAs(TwoHandlers.SECOND)));
    }

    @Test
    void instanceSetsWorkersMaxsizeLogLevelAndHandlerOfItsOwn() {
        contextRunner
                .withUserConfiguration(TwoHandlers.class)
                .withPropertyValues(
                        "queue.workers=7",
                        "queue.maxsize=8",
                        "queue.log-level=info",
                        "queue.exception-handler=first",
                        "queue.instances.riot.workers=3",
                        "queue.instances.riot.maxsize=4",
                        "queue.instances.riot.log-level=error",
                        "queue.instances.riot.exception-handler=second")
                .run(with(
                        "riot",
                        settings -> assertThat(settings)
                                .isEqualTo(QueueSettings.defaults()
                                        .withWorkers(3)
                                        .withMaxsize(4)
                                        .withLogLevel(Level.ERROR)
                                        .withExceptionHandler(TwoHandlers.SECOND))));
    }

    @Test
    void instanceChangesNoOtherName() {
        contextRunner
                .withPropertyValues("queue.instances.riot.workers=100")
                .run(with("other", settings -> assertThat(settings.workers()).isEqualTo(25)));
    }

    @Test
    void instanceNamedDefaultConfiguresQueuesWithoutName() {
        contextRunner.withPropertyValues("queue.instances.default.workers=3").run(context -> {
            try (WorkerQueue<String> queue = context.getBean(QueueFactory.class).open()) {
                assertThat(queue.workers()).isEqualTo(3);
            }
        });
    }

    @Test
    void instanceNameMayHoldAnyCharacter() {
        contextRunner
                .withPropertyValues("queue.instances[My queue.1].workers=3")
                .run(with(
                        "My queue.1", settings -> assertThat(settings.workers()).isEqualTo(3)));
    }

    @Test
    void onlyExceptionHandlerBeanIsUsed() {
        contextRunner
                .withUserConfiguration(OneHandler.class)
                .run(with(
                        "any",
                        settings -> assertThat(settings.exceptionHandler()).isSameAs(OneHandler.ONLY)));
    }

    @Test
    void defaultExceptionHandlerIsUsedWhenSeveralBeansExist() {
        contextRunner
                .withUserConfiguration(TwoHandlers.class)
                .run(with(
                        "any",
                        settings -> assertThat(settings.exceptionHandler())
                                .isSameAs(QueueSettings.defaults().exceptionHandler())));
    }

    @Test
    void primaryExceptionHandlerBeanIsUsed() {
        contextRunner
                .withUserConfiguration(TwoHandlers.class, PrimaryHandler.class)
                .run(with(
                        "any",
                        settings -> assertThat(settings.exceptionHandler()).isSameAs(PrimaryHandler.PRIMARY)));
    }

    @Test
    void onlyAbandonedTaskHandlerBeanIsUsed() {
        contextRunner
                .withUserConfiguration(OneAbandonedTaskHandler.class)
                .withPropertyValues("queue.instances.riot.workers=3")
                .run(with(
                        "riot",
                        settings ->
                                assertThat(settings.abandonedTaskHandler()).isSameAs(OneAbandonedTaskHandler.ONLY)));
    }

    @Test
    void defaultAbandonedTaskHandlerIsUsedWhenSeveralBeansExist() {
        contextRunner
                .withUserConfiguration(OneAbandonedTaskHandler.class, OtherAbandonedTaskHandler.class)
                .run(with(
                        "any",
                        settings -> assertThat(settings.abandonedTaskHandler())
                                .isSameAs(QueueSettings.defaults().abandonedTaskHandler())));
    }

    @Test
    void namedExceptionHandlerBeanIsUsed() {
        contextRunner
                .withUserConfiguration(TwoHandlers.class, PrimaryHandler.class)
                .withPropertyValues("queue.exception-handler=second")
                .run(with(
                        "any",
                        settings -> assertThat(settings.exceptionHandler()).isSameAs(TwoHandlers.SECOND)));
    }

    @Test
    void emptyValuesLeaveDefaults() {
        contextRunner
                .withPropertyValues(
                        "queue.log-level=",
                        "queue.exception-handler=",
                        "queue.workers=",
                        "queue.maxsize=",
                        "queue.task-timeout=",
                        "queue.deadline=",
                        "queue.fail-fast=",
                        "queue.total-workers=",
                        "queue.leak-trace=",
                        "queue.propagate-context=")
                .run(with("any", settings -> assertThat(settings).isEqualTo(QueueSettings.defaults())));
    }

    @Test
    void listenerBeansAreNotifiedInTheirOrder() {
        contextRunner.withUserConfiguration(TwoListeners.class).run(context -> {
            context.getBean(QueueFactory.class).open("heard").close();
            assertThat(context.getBean(TwoListeners.class).heard).containsExactly("first heard", "second heard");
        });
    }

    @Test
    void tasksRunOnPlatformThreadsByDefault() {
        contextRunner.run(
                with("any", settings -> assertThat(settings.virtualThreads()).isFalse()));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void tasksRunOnVirtualThreadsWhenApplicationEnablesThem() {
        contextRunner
                .withPropertyValues("spring.threads.virtual.enabled=true", "queue.instances.riot.workers=3")
                .run(with(
                        "riot",
                        settings -> assertThat(settings.virtualThreads()).isTrue()));
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void virtualThreadsAreIgnoredWhenJavaHasNone() {
        contextRunner
                .withPropertyValues("spring.threads.virtual.enabled=true")
                .run(with(
                        "any", settings -> assertThat(settings.virtualThreads()).isFalse()));
    }

    @Test
    void factoryOfApplicationReplacesDefaultFactory() {
        contextRunner
                .withUserConfiguration(OwnFactory.class)
                .run(context ->
                        assertThat(context).hasSingleBean(QueueFactory.class).hasBean("ownFactory"));
    }

    @Test
    void factoryIsNotDeclaredWhenQueuesAreDisabled() {
        contextRunner
                .withPropertyValues("queue.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(QueueFactory.class)
                        .doesNotHaveBean(QueueShutdown.class)
                        .doesNotHaveBean(QueueProperties.class));
    }

    private static ContextConsumer<AssertableApplicationContext> with(String name, Consumer<QueueSettings> assertions) {
        return context -> assertions.accept(context.getBean(QueueFactory.class).settings(name));
    }

    private static void addYaml(ConfigurableApplicationContext context, String yaml) {
        try {
            new YamlPropertySourceLoader()
                    .load("test", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                    .forEach(context.getEnvironment().getPropertySources()::addFirst);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneHandler {

        static final QueueExceptionHandler ONLY = failure -> {};

        @Bean
        QueueExceptionHandler only() {
            return ONLY;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneAbandonedTaskHandler {

        static final AbandonedTaskHandler ONLY = task -> {};

        @Bean
        AbandonedTaskHandler only() {
            return ONLY;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherAbandonedTaskHandler {

        @Bean
        AbandonedTaskHandler other() {
            return task -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoHandlers {

        static final QueueExceptionHandler FIRST = failure -> {};

        static final QueueExceptionHandler SECOND = failure -> {};

        @Bean
        QueueExceptionHandler first() {
            return FIRST;
        }

        @Bean
        QueueExceptionHandler second() {
            return SECOND;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PrimaryHandler {

        static final QueueExceptionHandler PRIMARY = failure -> {};

        @Bean
        @Primary
        QueueExceptionHandler primary() {
            return PRIMARY;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoListeners {

        final List<String> heard = new CopyOnWriteArrayList<>();

        @Bean
        @Order(2)
        QueueListener second() {
            return recordingListener("second");
        }

        @Bean
        @Order(1)
        QueueListener first() {
            return recordingListener("first");
        }

        private QueueListener recordingListener(String who) {
            return new QueueListener() {
                @Override
                public void opened(String queue, long id, Supplier<QueueSnapshot> figures) {
                    heard.add(who + " " + queue);
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {

        @Bean
        QueueFactory ownFactory() {
            return QueueFactory.create(QueueSettings.defaults());
        }
    }
}
