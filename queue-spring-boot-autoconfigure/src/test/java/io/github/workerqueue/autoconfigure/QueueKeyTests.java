package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.test.context.support.TestPropertySourceUtils;

/** Tests for unknown keys, durations without a unit and empty keys below {@code queue}. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class QueueKeyTests {

    private final ApplicationContextRunner contextRunner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "queue.instances.riot.task-timout, queue.instances.riot.task-timeout",
        "queue.instances.riot.taskTimout, queue.instances.riot.task-timeout",
        "queue.instances.riot.worker, queue.instances.riot.workers",
        "queue.log-levle, queue.log-level",
        "queue.instances.riot.retry.max-retires, queue.instances.riot.retry.max-retries",
        "queue.instances.riot.rate-limits[0].permit, queue.instances.riot.rate-limits[0].permits",
        "queue.instances[My queue.1].worker, queue.instances[My queue.1].workers",
        "queue.instances[404].worker, queue.instances[404].workers",
        "queue.retry.max-retires, queue.retry.max-retries",
        "queue.retry.retries, queue.retry.max-retries",
        "queue.rate-limits[0].pre, queue.rate-limits[0].per",
        "queue.shutdown.await-termination, queue.shutdown.await-termination-period",
        "queue.metrics.max-name, queue.metrics.max-names",
        "queue.stall.afer, queue.stall.after",
        "queue.test.sed, queue.test.seed",
        "queue.worker, queue.workers",
        "queue.wrokers, queue.workers",
        "queue.taskTimout, queue.task-timeout",
        "queue.instance.riot.workers, queue.instances",
        "queue.instance, queue.instances",
        "queue.stal, queue.stall",
        "queue.retry.max-retry, queue.retry.max-retries",
        "queue.rate-limit, queue.rate-limits",
        "queue.rate-limit[0].permits, queue.rate-limits",
    })
    void startFailsAndNamesClosestKeyWhenKeyIsUnknown(String key, String closest) {
        contextRunner
                .withPropertyValues(key + "=3")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(QueueConfigurationException.class)
                        .hasMessageContaining("'" + key + "' (")
                        .hasMessageContaining("the closest known key is '" + closest + "'"));
    }

    @Test
    void startFailsWhenKeyIsBelowValue() {
        contextRunner
                .withPropertyValues("queue.workers.max=3")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("'queue.workers.max'")
                        .hasMessageContaining("the known key 'queue.workers' has no keys below it"));
    }

    @Test
    void allUnknownKeysAreReportedTogether() {
        contextRunner
                .withPropertyValues("queue.worker=3", "queue.retry.foo=1", "queue.stall.bar=2")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContainingAll("'queue.worker'", "'queue.retry.foo'", "'queue.stall.bar'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue.host",
                "queue.port",
                "queue.url",
                "queue.state",
                "queue.mail.user-name",
                "queue.worker.url"
            })
    void keyOfApplicationDirectlyBelowQueueIsLoggedOnce(String key, CapturedOutput output) {
        contextRunner.withPropertyValues(key + "=3", "queue.retry.delay=1s").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output.getAll().lines().filter(line -> line.contains(key)))
                    .singleElement()
                    .asString()
                    .contains("WARN", "'" + key + "' (");
            assertThat(output).doesNotContain("queue.retry.delay");
        });
    }

    @Test
    void keyOfApplicationIsLoggedOnceWhenContextHasParent(CapturedOutput output) {
        contextRunner
                .withPropertyValues("queue.host=a")
                .run(parent -> contextRunner
                        .withParent(parent)
                        .withInitializer(context ->
                                TestPropertySourceUtils.addInlinedPropertiesToEnvironment(context, "queue.url=b"))
                        .run(child -> {
                            assertThat(child).hasNotFailed();
                            assertThat(output.getAll().lines().filter(line -> line.contains("'queue.host'")))
                                    .hasSize(1);
                            assertThat(output.getAll().lines().filter(line -> line.contains("'queue.url'")))
                                    .hasSize(1);
                        }));
    }

    @Test
    void atMostTwentyKeysOfApplicationAreLogged(CapturedOutput output) {
        contextRunner
                .withPropertyValues(IntStream.range(0, 25)
                        .mapToObj(i -> "queue.mail.recipient%02d=me".formatted(i))
                        .toArray(String[]::new))
                .run(context ->
                        assertThat(output).contains("recipient19", "5 more").doesNotContain("recipient20"));
    }

    @Test
    void knownKeysAreNotLogged(CapturedOutput output) {
        contextRunner
                .withPropertyValues(
                        "queue.enabled=true",
                        "queue.test.seed=42",
                        "queue.strict-names=true",
                        "queue.metrics.max-names=3",
                        "queue.exception-handler=",
                        "queue.task-timeout=",
                        "queue.retry.includes[0]=java.io.IOException",
                        "queue.retry.excludes=")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).doesNotContain("unknown");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue.instances.riot.taskTimeout",
                "queue.instances.riot.task_timeout",
                "queue.instances.riot.TASK-TIMEOUT",
                "queue.instances.riot.tasktimeout",
                "queue.instances[riot].task-timeout",
                "queue.INSTANCES.riot.task-timeout",
                "QUEUE.instances.riot.taskTimeout"
            })
    void relaxedFormOfKeyIsBound(String key) {
        contextRunner
                .withPropertyValues(key + "=7s")
                .run(context -> assertThat(context.getBean(QueueFactory.class)
                                .settings("riot")
                                .taskTimeout())
                        .isEqualTo(Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "My queue.1", "default", "my-queue", "my_queue", "MyQueue", "retry"})
    void nameOfInstanceMayHoldAnyCharacters(String name, CapturedOutput output) {
        contextRunner
                .withPropertyValues("queue.instances[" + name + "].workers=7")
                .run(context -> {
                    assertThat(context.getBean(QueueFactory.class)
                                    .settings(name)
                                    .workers())
                            .isEqualTo(7);
                    assertThat(output).doesNotContain("unknown");
                });
    }

    @Test
    void elementsOfListAreKnownWhenStrongerSourceReplacesThem(CapturedOutput output) {
        for (String stronger : new String[] {"20/s", "", "[0]=20/s", "[0].permits=20;[0].per=1s"}) {
            SpringApplicationBuilder application = application()
                    .properties(Map.of(
                            "queue.rate-limits[0].permits", "1",
                            "queue.rate-limits[0].per", "1s",
                            "queue.rate-limits[1].permits", "2",
                            "queue.rate-limits[1].per", "3s"));
            String[] args = stronger.startsWith("[")
                    ? stronger.replace("[", "--queue.rate-limits[").split(";")
                    : new String[] {"--queue.rate-limits=" + stronger};
            try (ConfigurableApplicationContext context = application.run(args)) {
                assertThat(context.getBean(QueueFactory.class).settings("any").rateLimits())
                        .hasSize(stronger.isEmpty() ? 0 : 1);
            }
        }
        assertThat(output).doesNotContain("unknown");
    }

    @Test
    void unknownKeyOfFileIsReportedWithItsLine(CapturedOutput output) throws IOException {
        write("application.yml", "queue:\n  instances:\n    riot:\n      task-timout: 10s\n");
        assertThatException().isThrownBy(this::startInFolder);
        assertThat(output)
                .contains("APPLICATION FAILED TO START", "'queue.instances.riot.task-timout'")
                .contains("application.yml] - 4:20", "'queue.instances.riot.task-timeout'")
                .contains("Correct or remove these keys.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application.properties", "application-test.properties", "tree/queue.retry.max-retires"})
    void unknownKeyIsFoundInFilesOfAllKinds(String file, CapturedOutput output) throws IOException {
        write(file, file.startsWith("tree") ? "3" : "queue.retry.max-retires=3");
        Files.createDirectories(folder.resolve("tree"));
        assertThatException()
                .isThrownBy(() -> startInFolder(
                        "--spring.profiles.active=test",
                        "--spring.config.import=configtree:" + folder.resolve("tree") + "/"));
        assertThat(output)
                .contains("'queue.retry.max-retires'", folder.getFileName().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--queue.retry.max-retires=3",
                "--spring.application.json={\"queue\": {\"retry\": {\"max-retires\": 3}}}"
            })
    void unknownKeyIsFoundInArguments(String argument, CapturedOutput output) {
        assertThatException().isThrownBy(() -> application().run(argument));
        assertThat(output).contains("APPLICATION FAILED TO START", "'queue.retry.max-retires'");
    }

    @Test
    void unknownKeyIsFoundInPropertiesOfTests() {
        contextRunner
                .withInitializer(context ->
                        TestPropertySourceUtils.addInlinedPropertiesToEnvironment(context, "queue.retry.max-retires=3"))
                .run(context -> assertThat(context).getFailure().hasMessageContaining("\"Inlined Test Properties\""));
    }

    @Test
    void environmentAndSystemPropertiesAreNotChecked(CapturedOutput output) {
        contextRunner
                .withSystemProperties("queue.port=1", "queue.workerz=1", "queue.retry.foo=1")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                "systemEnvironment",
                                new SystemEnvironmentPropertySource(
                                        "systemEnvironment",
                                        Map.of(
                                                "QUEUE_PORT", "tcp://10.0.0.1:80",
                                                "QUEUE_TEST", "true",
                                                "QUEUE_METRICS", "on",
                                                "QUEUE_SERVICE_HOST", "10.0.0.1",
                                                "QUEUE_INSTANCES_RIOT_WORKERZ", "3",
                                                "QUEUE_INSTANCES_RIOT_WORKERS", "4"))))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(QueueFactory.class)
                                    .settings("riot")
                                    .workers())
                            .isEqualTo(4);
                    assertThat(output).doesNotContain("unknown");
                });
    }

    @Test
    void unknownKeyStopsStartWhenInitializationIsLazy() {
        contextRunner
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withPropertyValues("queue.worker=3")
                .run(context -> assertThat(context).getFailure().hasMessageContaining("'queue.workers'"));
    }

    @Test
    void keysAreNotCheckedWhenQueuesAreDisabled(CapturedOutput output) {
        contextRunner
                .withPropertyValues("queue.enabled=false", "queue.worker=3", "queue.task-timeout=30", "queue.host=a")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).doesNotContain("unknown");
                });
    }

    @Test
    void listInPlaceOfInstancesStopsStart() {
        for (String key :
                new String[] {"queue.instances[0].name", "queue.instances[0].workers", "queue.instances[0]"}) {
            contextRunner
                    .withPropertyValues(key + "=1")
                    .run(context -> assertThat(context)
                            .getFailure()
                            .hasMessageContaining("must be names of queues")
                            .hasMessageContaining("'" + key + "' (")
                            .hasMessageContaining(
                                    "Write each name as a key, for example 'riot:' instead of '- name: riot'"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "queue.instances.riot.eu.workers, queue.instances[riot.eu].workers",
        "queue.instances.riot.eu.west.retry.max-retries, queue.instances[riot.eu.west].retry.max-retries",
        "queue.instances.riot.eu.taskTimeout, queue.instances[riot.eu].tasktimeout"
    })
    void nameWithDotIsReportedWithItsBrackets(String key, String withBrackets) {
        contextRunner
                .withPropertyValues(key + "=3")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("'" + key + "' (")
                        .hasMessageContaining("'" + withBrackets + "'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"match/history", "match history", "a:b", "c@d", "größe"})
    void nameThatSpringWouldShortenIsReportedWithItsBrackets(String name) throws IOException {
        write("application.yml", "queue:\n  instances:\n    \"" + name + "\":\n      workers: 3\n");
        assertThatThrownBy(() -> inFolder(context -> {}))
                .isInstanceOf(QueueConfigurationException.class)
                .hasMessageContaining("but was '" + name + "'")
                .hasMessageContaining("queue.instances[" + name + "]");
        write("application.yml", "queue:\n  instances:\n    \"[" + name + "]\":\n      workers: 3\n");
        inFolder(context -> assertThat(
                        context.getBean(QueueFactory.class).settings(name).workers())
                .isEqualTo(3));
    }

    @Test
    void namesThatAreEqualForSpringAreLogged(CapturedOutput output) {
        contextRunner
                .withPropertyValues(
                        "queue.instances.matchHistory.workers=3",
                        "queue.instances.match-history.workers=4",
                        "queue.instances.riot.workers=5")
                .run(context -> assertThat(
                                output.getAll().lines().filter(line -> line.contains("same name for Spring")))
                        .singleElement()
                        .asString()
                        .contains("WARN", "'matchHistory'", "'match-history'"));
    }

    @Test
    void nameStopsStartWhenItIsThatOfExecutorOfAnotherName() {
        contextRunner
                .withPropertyValues("queue.instances.riot.workers=3", "queue.instances[riot.executor].workers=1")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(QueueConfigurationException.class)
                        .hasMessageContaining("'queue.instances.riot' and 'queue.instances[riot.executor]'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue.task-timeout",
                "queue.deadline",
                "queue.rate-limits[0].per",
                "queue.retry.delay",
                "queue.retry.max-delay",
                "queue.retry.jitter",
                "queue.retry.max-hold",
                "queue.shutdown.await-termination-period",
                "queue.stall.after",
                "queue.instances.riot.task-timeout",
                "queue.instances.riot.taskTimeout",
                "queue.instances.riot.retry.delay"
            })
    void durationWithoutUnitStopsStart(String key) {
        contextRunner
                .withPropertyValues("queue.rate-limits[0].permits=20", key + "=30")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, failure -> {
                            assertThat(failure.getName()).isEqualTo(key);
                            assertThat(failure.getValue()).isEqualTo("30");
                            assertThat(failure.getReason()).contains("Must have a unit", "30s or 30ms");
                        }));
    }

    @Test
    void durationWithoutUnitIsReportedWithItsLine(CapturedOutput output) throws IOException {
        write("application.yml", "queue:\n  instances:\n    riot:\n      taskTimeout: 30\n");
        assertThatException().isThrownBy(this::startInFolder);
        assertThat(output)
                .contains("Invalid value '30' for configuration property 'queue.instances.riot.taskTimeout'")
                .contains("application.yml] - 4:20")
                .contains("Must have a unit: 30s or 30ms");
    }

    @Test
    void durationOfEnvironmentWithoutUnitStopsStart() {
        contextRunner
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "systemEnvironment", Map.of("QUEUE_TASKTIMEOUT", "30"))))
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                        .hasMessageContaining("30s or 30ms"));
    }

    @Test
    void durationOfPlaceholderWithoutUnitStopsStart() {
        contextRunner
                .withPropertyValues("queue.task-timeout=${limit}", "limit=30")
                .run(context -> assertThat(context).getFailure().hasMessageContaining("30s or 30ms"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "00, 0", "PT30S, 30000", "30s, 30000", "+30ms, 30", "1m, 60000", "${limit}s, 30000"})
    void durationWithUnitOrOfZeroIsAccepted(String value, long millis) {
        contextRunner
                .withPropertyValues("queue.shutdown.await-termination-period=" + value, "limit=30")
                .run(context -> assertThat(context.getBean(QueueProperties.class)
                                .getShutdown()
                                .getAwaitTerminationPeriod())
                        .hasMillis(millis));
    }

    @Test
    void durationObjectNeedsNoUnit() {
        contextRunner
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("map", Map.of("queue.task-timeout", Duration.ofSeconds(30)))))
                .run(context -> assertThat(context.getBean(QueueFactory.class)
                                .settings("any")
                                .taskTimeout())
                        .hasSeconds(30));
    }

    @Test
    void instanceWithoutValueHasDefaults() throws IOException {
        write(
                "application.yml",
                "queue:\n  workers: 9\n  strict-names: true\n  instances:\n    riot:\n    lol:\n      workers: 3\n");
        inFolder(context -> {
            assertThat(context.getBean(QueueFactory.class).settings("riot").workers())
                    .isEqualTo(9);
            assertThat(context.getBean("queue.instances.riot", WorkerQueue.class)
                            .name())
                    .isEqualTo("riot");
        });
    }

    @Test
    void instanceWithoutValueTakesKeysOfStrongerSource() throws IOException {
        write("application.yml", "queue:\n  instances:\n    riot:\n");
        String stronger = "--queue.instances.riot.workers=7";
        if (SpringBootVersion.getVersion().startsWith("4.0.")) {
            inFolder(
                    context -> assertThat(context.getBean(QueueFactory.class)
                                    .settings("riot")
                                    .workers())
                            .isEqualTo(7),
                    stronger);
        } else { // Spring Boot drops the stronger key
            assertThatThrownBy(() -> inFolder(context -> {}, stronger))
                    .hasMessageContaining(
                            "'queue.instances.riot' has no keys below it, since it is empty in another source");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"instances", "retry", "shutdown", "metrics", "stall", "test", "rate-limits"})
    void keyWithoutKeysBelowItIsAccepted(String key) throws IOException {
        write("application.yml", "queue:\n  workers: 3\n  " + key + ":\n");
        inFolder(context -> assertThat(
                        context.getBean(QueueFactory.class).settings("any").workers())
                .isEqualTo(3));
    }

    @ParameterizedTest
    @CsvSource({
        "queue.instances.riot, 5, 'Must have other keys below it: deadline, '",
        "queue.retry, 5, 'Must have other keys below it: delay, '",
        "queue.stall, 5s, 'Must have other keys below it: after, '",
        "queue.instances, riot, Must have the names of queues as keys below it.",
    })
    void valueOfKeyThatNeedsKeysBelowItIsReported(String key, String value, String reason) {
        contextRunner
                .withPropertyValues(key + "=" + value)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, failure -> {
                            assertThat(failure.getName()).isEqualTo(key);
                            assertThat(failure.getValue()).isEqualTo(value);
                            assertThat(failure.getReason()).contains(reason);
                        }));
    }

    @Test
    void openingOfUnconfiguredNameFailsWhenNamesAreStrict() {
        contextRunner
                .withPropertyValues("queue.strict-names=true", "queue.instances.riot.workers=3")
                .run(context -> {
                    QueueFactory factory = context.getBean(QueueFactory.class);
                    assertThat(factory.open("riot").workers()).isEqualTo(3);
                    assertThat(factory.open().name()).isEqualTo("default");
                    assertThatException()
                            .isThrownBy(() -> factory.open("roit"))
                            .isInstanceOf(IllegalArgumentException.class)
                            .withMessageContaining("'riot'");
                });
    }

    @Test
    void openingOfUnconfiguredNameIsAllowedByDefault() {
        contextRunner
                .withPropertyValues("queue.instances.riot.workers=3")
                .run(context -> assertThat(
                                context.getBean(QueueFactory.class).open("roit").workers())
                        .isEqualTo(25));
    }

    @Test
    void numberInPlaceOfRateLimitsIsReported(CapturedOutput output) throws IOException {
        write("application.yml", "queue:\n  rate-limits: 20\n");
        assertThatException().isThrownBy(this::startInFolder);
        assertThat(output).contains("'queue.rate-limits'", "Must be limits such as 20/1s, 100/2m");
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void startInFolder(String... args) {
        inFolder(context -> {}, args);
    }

    private void inFolder(Consumer<ConfigurableApplicationContext> assertions, String... args) {
        String[] all = Arrays.copyOf(args, args.length + 1);
        all[args.length] = "--spring.config.location=file:" + folder + "/";
        try (ConfigurableApplicationContext context = application().run(all)) {
            assertions.accept(context);
        }
    }

    private static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(QueueAutoConfiguration.class)
    static class Application {}
}
