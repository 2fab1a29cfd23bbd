package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.workerqueue.FrozenIterable;
import io.github.workerqueue.QueueClosedException;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.RateLimit;
import io.github.workerqueue.WorkerQueue;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Tests for the messages about mistakes in code and properties: each names the rule and the remedy. */
@Timeout(60)
class MistakeTests {

    @ParameterizedTest
    @MethodSource
    void exceptionNamesRuleAndRemedyWhenCallIsInvalid(
            Mistake mistake, Class<? extends Throwable> type, String message) {
        QueueSettings settings = QueueSettings.defaults().withWorkers(1).withExceptionHandler(failure -> {});
        try (QueueFactory factory = QueueFactory.create(settings)) {
            WorkerQueue<Object> queue = factory.open("riot");
            Throwable told = catchThrowable(() -> mistake.make(factory, queue));
            assertThat(told).isExactlyInstanceOf(type).hasMessage(message);
        }
    }

    static Stream<Arguments> exceptionNamesRuleAndRemedyWhenCallIsInvalid() {
        String waitsForItself = " was called from a task of queue 'riot' and would wait for that task forever; "
                + "call it outside the tasks of the queue, or open another queue in the task";
        String givenTask = "task must not be null; only its result may be null";
        String givenDuration = "duration must not be null; Duration.ZERO does not wait";
        List<Arguments> mistakes = new ArrayList<>();
        mistakes.add(mistake(
                "join in a task",
                (factory, queue) -> inTask(queue, () -> queue.join()),
                IllegalStateException.class,
                "join()" + waitsForItself));
        mistakes.add(mistake(
                "close in a task",
                (factory, queue) -> inTask(queue, () -> {
                    queue.close();
                    return List.of();
                }),
                IllegalStateException.class,
                "close()" + waitsForItself));
        mistakes.add(mistake(
                "close of the factory in a task",
                (factory, queue) -> inTask(queue, () -> {
                    factory.close();
                    return List.of();
                }),
                IllegalStateException.class,
                "close() was called from a task of one of the factory's queues and would wait for that task forever; "
                        + "close the factory outside its tasks"));
        mistakes.add(mistake(
                "waiting in a task for another of the same queue",
                (factory, queue) -> inTask(queue, () -> queue.submit(() -> 1).get()),
                IllegalStateException.class,
                "get() or join() on an unfinished future" + waitsForItself));
        mistakes.add(mistake(
                "put after close",
                (factory, queue) -> {
                    queue.close();
                    queue.put(() -> 1);
                },
                QueueClosedException.class,
                "Queue 'riot' is closed and does not accept tasks; open a new queue with QueueFactory.open"));
        mistakes.add(mistake(
                "open after the close of the factory",
                (factory, queue) -> {
                    factory.close();
                    factory.open("riot");
                },
                IllegalStateException.class,
                "The queue factory is closed and does not open queue 'riot'; "
                        + "open queues before the application stops"));
        mistakes.add(mistake(
                "a result of another type",
                (factory, queue) -> {
                    queue.put(() -> "text");
                    queue.join(Integer.class);
                },
                ClassCastException.class,
                "Queue 'riot': the result at index 0 must be a java.lang.Integer, but was a "
                        + "java.lang.String; no result was cleared, and join() returns results of all types"));
        mistakes.add(mistake(
                "a task that is null", (factory, queue) -> queue.put(none()), NullPointerException.class, givenTask));
        mistakes.add(mistake(
                "an asynchronous task that is null",
                (factory, queue) -> queue.putAsync(none()),
                NullPointerException.class,
                givenTask));
        mistakes.add(mistake(
                "a submitted task that is null",
                (factory, queue) -> queue.submit(none()).get(),
                NullPointerException.class,
                givenTask));
        mistakes.add(mistake(
                "an offered task that is null",
                (factory, queue) -> queue.offer(none()),
                NullPointerException.class,
                givenTask));
        mistakes.add(mistake(
                "an action that is null",
                (factory, queue) -> queue.execute(none()),
                NullPointerException.class,
                "task must not be null"));
        mistakes.add(mistake(
                "a command of the executor view that is null",
                (factory, queue) -> queue.asExecutorService().execute(none()),
                NullPointerException.class,
                "task must not be null"));
        mistakes.add(mistake(
                "a function that is null",
                (factory, queue) -> queue.putAll(List.of(1), none()),
                NullPointerException.class,
                "function must not be null"));
        mistakes.add(mistake(
                "a consumer that is null",
                (factory, queue) -> queue.executeAll(List.of(1), none()),
                NullPointerException.class,
                "consumer must not be null"));
        mistakes.add(mistake(
                "a negative delay",
                (factory, queue) -> queue.putDelayed(() -> 1, Duration.ofSeconds(-1)),
                IllegalArgumentException.class,
                "delay must be zero or positive, but was -1 s"));
        mistakes.add(mistake(
                "a delay that is null",
                (factory, queue) -> queue.putDelayed(() -> 1, none()),
                NullPointerException.class,
                givenDuration));
        mistakes.add(mistake(
                "a time limit that is null",
                (factory, queue) -> queue.join(MistakeTests.<Duration>none()),
                NullPointerException.class,
                givenDuration));
        mistakes.add(mistake(
                "a name that is null",
                (factory, queue) -> factory.open(MistakeTests.<String>none()),
                NullPointerException.class,
                "name must not be null; open() opens a queue named 'default'"));
        mistakes.add(mistake(
                "a change of settings that returns null",
                (factory, queue) -> factory.open("riot", settings -> none()),
                NullPointerException.class,
                "change must not return null; return the given settings or a changed copy"));
        mistakes.add(setting(settings -> settings.withWorkers(0), "workers must be between 1 and 100,000, but was 0"));
        mistakes.add(
                setting(settings -> settings.withMaxsize(0), "maxsize must be between 1 and 16,777,216, but was 0"));
        mistakes.add(setting(
                settings -> settings.withTaskTimeout(Duration.ofSeconds(-1)),
                "taskTimeout must be positive, or null for no limit, but was -1 s"));
        mistakes.add(setting(
                settings -> settings.withDeadline(Duration.ZERO),
                "deadline must be positive, or null for no limit, but was 0 ms"));
        mistakes.add(setting(
                settings -> settings.withTotalWorkers(0), "totalWorkers must be between 1 and 100,000, but was 0"));
        mistakes.add(setting(
                settings -> settings.withTotalWorkers(5),
                "totalWorkers of queue 'riot' must be null as in the settings of its name, but was 5; "
                        + "all queues of a name "
                        + "share it, so change it in those settings"));
        mistakes.add(setting(
                settings -> settings.withRateLimits(List.of(new RateLimit(1, Duration.ofSeconds(1)))),
                "rateLimits of queue 'riot' must be [] as in the settings of its name, but was "
                        + "[RateLimit[permits=1, per=1 s]]; all queues of a name share it, "
                        + "so change it in those settings"));
        mistakes.add(mistake(
                "a rate of none",
                (factory, queue) -> new RateLimit(0, Duration.ofSeconds(1)),
                IllegalArgumentException.class,
                "permits must be between 1 and 1,000,000, but was 0"));
        mistakes.add(mistake(
                "a rate without a period",
                (factory, queue) -> new RateLimit(1, Duration.ZERO),
                IllegalArgumentException.class,
                "per must be positive, but was 0 ms"));
        mistakes.add(mistake(
                "an item that cannot be serialized",
                (factory, queue) -> FrozenIterable.of(List.of(new Unserializable()))
                        .iterator()
                        .next(),
                IllegalArgumentException.class,
                "An item of class " + Unserializable.class.getName()
                        + " cannot be copied by serialization (java.io.NotSerializableException: java.lang.Object); "
                        + "pass a copier to FrozenIterable.of, or make every object that it holds Serializable"));
        return mistakes.stream();
    }

    @ParameterizedTest
    @DisabledForJreRange(min = JRE.JAVA_21)
    @CsvSource("true")
    void settingsRejectVirtualThreadsWhenJavaVersionHasNone(boolean virtual) {
        assertThat(catchThrowable(() -> QueueSettings.defaults().withVirtualThreads(virtual)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("virtualThreads must be false on Java ");
    }

    /** Only the exception handler receives this failure. */
    @ParameterizedTest
    @CsvSource("'The task given to putAsync returned null instead of a stage; for a null result, return "
            + "CompletableFuture.completedFuture(null)'")
    void exceptionHandlerReceivesRemedyWhenStageIsNull(String message) throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        QueueSettings settings =
                QueueSettings.defaults().withExceptionHandler(failure -> told.complete(failure.exception()));
        try (QueueFactory factory = QueueFactory.create(settings)) {
            WorkerQueue<Object> queue = factory.open();
            queue.putAsync(() -> none());
            assertThat(told.get(10, TimeUnit.SECONDS))
                    .isExactlyInstanceOf(NullPointerException.class)
                    .hasMessage(message);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "queue.workers, 0, 'Must be between 1 and 100,000.'",
        "queue.maxsize, 0, 'Must be between 1 and 16,777,216.'",
        "queue.task-timeout, -1s, Must be zero (no limit) or positive.",
        "queue.deadline, -1s, Must be zero (no limit) or positive.",
        "queue.total-workers, -1, 'Must be between 0 and 100,000.'",
        "queue.instances.riot.workers, -5, 'Must be between 1 and 100,000.'",
        "queue.instances.riot.task-timeout, -1s, Must be zero (no limit) or positive.",
        "queue.retry.max-retries, -1, Must be zero (no retries) or positive.",
        "queue.instances.riot.retry.delay, -1s, Must be zero or positive.",
        "queue.retry.multiplier, 0.5, Must be at least 1.",
        "queue.shutdown.await-termination-period, -1s, Must be zero or positive.",
        "queue.exception-handler, missing, 'Must be the name of a QueueExceptionHandler bean (there is none); "
                + "no bean has this name.'",
        "queue.exception-handler, text, 'Must be the name of a QueueExceptionHandler bean (there is none); "
                + "the bean of this name is a java.lang.String.'",
    })
    void startFailsWithKeyAndRemedyWhenPropertyIsInvalid(String key, String value, String whatToDo) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
                .withBean("text", String.class, () -> "no handler")
                .withPropertyValues(key + "=" + value)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, told -> {
                            assertThat(told.getName()).isEqualTo(key);
                            assertThat(told.getReason()).isEqualTo(whatToDo);
                        }));
    }

    private static void inTask(WorkerQueue<Object> queue, Callable<?> mistake) throws Exception {
        Throwable told = queue.submit(() -> catchThrowable(mistake::call)).get(10, TimeUnit.SECONDS);
        if (told instanceof Exception ex) {
            throw ex;
        }
    }

    private static Arguments mistake(String what, Mistake mistake, Class<? extends Throwable> type, String message) {
        return Arguments.of(Named.of(what, mistake), type, message);
    }

    private static Arguments setting(UnaryOperator<QueueSettings> change, String message) {
        return mistake(
                message, (factory, queue) -> factory.open("riot", change), IllegalArgumentException.class, message);
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // the mistake
    private static <T> T none() {
        @Nullable T none = null;
        return none;
    }

    @FunctionalInterface
    interface Mistake {

        void make(QueueFactory factory, WorkerQueue<Object> queue) throws Exception;
    }

    private static final class Unserializable implements Serializable {

        private static final long serialVersionUID = 1;

        @SuppressWarnings({"serial", "UnusedVariable"}) // the mistake
        private final Object held = new Object();
    }
}
