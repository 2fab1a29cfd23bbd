package io.github.workerqueue.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener.Outcome;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.TaskInfo;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.TaskScope;
import io.github.workerqueue.WorkerQueue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests for the observation of tasks. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ObservationInterceptorTests {

    private static final String TASK = "queue.task";

    private final TestObservationRegistry registry = TestObservationRegistry.create();

    private final Trail trail = new Trail();

    /** Current observation of the worker thread after each task and handler. */
    private final List<String> left = new CopyOnWriteArrayList<>();

    static Stream<UnaryOperator<QueueSettings>> threads() {
        UnaryOperator<QueueSettings> platform = settings -> settings.withVirtualThreads(false);
        UnaryOperator<QueueSettings> virtual = settings -> settings.withVirtualThreads(true);
        return Runtime.version().feature() >= 21 ? Stream.of(platform, virtual) : Stream.of(platform);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void observationOfTaskIsChildOfObservationOfProducer(UnaryOperator<QueueSettings> threads) throws Exception {
        Observation parent = Observation.start("parent", registry);
        try (WorkerQueue<String> queue = open(threads)) {
            parent.scopedChecked(() -> {
                queue.put(this::current);
                queue.execute(() -> {});
                queue.putAll(List.of(1), item -> current());
                assertThat(queue.submit(this::current).get()).isEqualTo(TASK);
                assertThat(queue.asExecutorService().submit(this::current).get())
                        .isEqualTo(TASK);
                queue.putAsync(() -> CompletableFuture.completedFuture(current()));
            });
            assertThat(queue.join()).containsExactly(TASK, TASK, TASK);
        }
        parent.stop();
        assertThat(registry)
                .hasNumberOfObservationsWithNameEqualTo(TASK, 6)
                .forAllObservationsWithNameEqualTo(
                        TASK,
                        task -> task.hasParentObservationEqualTo(parent)
                                .doesNotHaveError()
                                .hasContextualNameEqualTo("task riot")
                                .hasOnlyKeys("queue.name", "outcome", "exception", "task.attempts")
                                .hasLowCardinalityKeyValue("queue.name", "riot")
                                .hasLowCardinalityKeyValue("outcome", "success")
                                .hasLowCardinalityKeyValue("exception", "none")
                                .hasHighCardinalityKeyValue("task.attempts", "1"));
        assertThat(left).containsOnly("none");
    }

    @ParameterizedTest
    @MethodSource("threads")
    void observationHasNoParentWhenProducerIsNotObserved(UnaryOperator<QueueSettings> threads) throws Exception {
        try (WorkerQueue<String> queue = open(threads)) {
            queue.put(this::current);
            queue.join();
        }
        assertThat(registry).hasSingleObservationThat().hasNameEqualTo(TASK).doesNotHaveParentObservation();
    }

    @ParameterizedTest
    @MethodSource("threads")
    void observationOfChildTaskIsChildOfObservationOfParentTask(UnaryOperator<QueueSettings> threads) throws Exception {
        List<Observation> parents = new CopyOnWriteArrayList<>();
        try (WorkerQueue<String> queue = open(threads)) {
            queue.put(() -> {
                parents.add(Objects.requireNonNull(registry.getCurrentObservation()));
                queue.put(this::current, TaskOptions.named("child"));
                return current();
            });
            assertThat(queue.join()).containsExactly(TASK, TASK);
        }
        assertThat(registry)
                .hasAnObservation(task -> task.hasHighCardinalityKeyValue("task.name", "child")
                        .hasParentObservationEqualTo(parents.get(0)));
    }

    @ParameterizedTest
    @MethodSource("threads")
    void observationStartsAndStopsWithTask(UnaryOperator<QueueSettings> threads) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        try (WorkerQueue<String> queue = open(threads)) {
            queue.execute(() -> {
                started.countDown();
                release.await();
            });
            started.await();
            queue.put(this::current);
            assertThat(registry).hasNumberOfObservationsWithNameEqualTo(TASK, 1);
            release.countDown();
            queue.join();
        }
        assertThat(registry).hasNumberOfObservationsWithNameEqualTo(TASK, 2);
        assertThat(trail.heard)
                .containsExactly(
                        "start",
                        "scope opened",
                        "scope closed",
                        "stop",
                        "start",
                        "scope opened",
                        "scope closed",
                        "stop");
    }

    @ParameterizedTest
    @MethodSource("threads")
    void observationHasFailureAsErrorAndScopeEnclosesHandler(UnaryOperator<QueueSettings> threads) throws Exception {
        IOException failure = new IOException("failed");
        try (WorkerQueue<String> queue = open(
                threads.apply(QueueSettings.defaults()).withExceptionHandler(heard -> trail.heard.add(current())))) {
            queue.put(() -> {
                throw failure;
            });
            queue.join();
        }
        assertThat(registry)
                .hasSingleObservationThat()
                .hasError(failure)
                .hasLowCardinalityKeyValue("outcome", "failure")
                .hasLowCardinalityKeyValue("exception", "IOException");
        assertThat(trail.heard)
                .containsExactly(
                        "start", "scope opened", "scope closed", "scope opened", TASK, "scope closed", "error", "stop");
        assertThat(left).containsExactly("none", "none");
    }

    @ParameterizedTest
    @MethodSource("threads")
    void retriesAreEventsOfOneObservation(UnaryOperator<QueueSettings> threads) throws Exception {
        int[] attempts = {0};
        try (WorkerQueue<String> queue =
                open(threads.apply(QueueSettings.defaults()).withRetryPolicy((failure, attempt) -> Duration.ZERO))) {
            queue.put(() -> {
                if (++attempts[0] < 3) {
                    throw new IOException("not yet");
                }
                return current();
            });
            assertThat(queue.join()).containsExactly(TASK);
        }
        assertThat(registry)
                .hasSingleObservationThat()
                .doesNotHaveError()
                .hasLowCardinalityKeyValue("outcome", "success")
                .hasLowCardinalityKeyValue("exception", "none")
                .hasHighCardinalityKeyValue("task.attempts", "3");
        assertThat(trail.heard)
                .containsExactly(
                        "start",
                        "scope opened",
                        "scope closed",
                        "retry",
                        "scope opened",
                        "scope closed",
                        "retry",
                        "scope opened",
                        "scope closed",
                        "stop");
    }

    @ParameterizedTest
    @MethodSource("threads")
    void observationStopsWhenStageCompletes(UnaryOperator<QueueSettings> threads) throws Exception {
        CompletableFuture<String> stage = new CompletableFuture<>();
        CountDownLatch ended = new CountDownLatch(1);
        try (WorkerQueue<String> queue =
                open(threads.apply(QueueSettings.defaults()), task -> new RecordingScope(ended::countDown))) {
            queue.putAsync(() -> {
                trail.heard.add("stage starts");
                return stage;
            });
            ended.await();
            assertThat(trail.heard).containsExactly("start", "scope opened", "stage starts", "scope closed");
            trail.heard.clear();
            IOException failure = new IOException("late");
            stage.completeExceptionally(failure);
            queue.join();
            assertThat(trail.heard).containsExactly("scope opened", "scope closed", "error", "stop");
            assertThat(registry)
                    .hasAnObservation(task -> task.hasError(failure).hasLowCardinalityKeyValue("outcome", "failure"));
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void observationStopsAsCancelledWhenRunningTaskIsCancelled(UnaryOperator<QueueSettings> threads) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        try (WorkerQueue<String> queue = open(threads)) {
            queue.execute(() -> {
                started.countDown();
                new CountDownLatch(1).await();
            });
            queue.execute(() -> trail.heard.add("never"));
            Future<String> alone = queue.submit(() -> "never");
            started.await();
            alone.cancel(true);
            queue.cancel();
            queue.join();
        }
        assertThat(registry)
                .hasSingleObservationThat()
                .doesNotHaveError()
                .hasLowCardinalityKeyValue("outcome", "cancelled")
                .hasLowCardinalityKeyValue("exception", "none");
        assertThat(trail.heard).containsExactly("start", "scope opened", "scope closed", "stop");
    }

    @ParameterizedTest
    @MethodSource("threads")
    void observationStopsAsCancelledWhenTaskIsCancelledDuringRetryDelay(UnaryOperator<QueueSettings> threads)
            throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        try (WorkerQueue<String> queue =
                open(threads.apply(QueueSettings.defaults()).withRetryPolicy((failure, attempt) -> {
                    failed.countDown();
                    return Duration.ofHours(1);
                }))) {
            queue.execute(() -> {
                throw new IOException("failed");
            });
            failed.await();
            queue.cancel();
            queue.join();
        }
        assertThat(registry)
                .hasSingleObservationThat()
                .doesNotHaveError()
                .hasLowCardinalityKeyValue("outcome", "cancelled");
    }

    @Test
    void taskIsNotObservedWhenOuterInterceptorFails() throws Exception {
        ObservationRegistry lenient = ObservationRegistry.create();
        lenient.observationConfig().observationHandler(trail);
        TaskInterceptor failing = task -> new TaskScope() {
            @Override
            public <R extends @Nullable Object> R call(Callable<R> attempt) throws Exception {
                throw new IOException("of another interceptor");
            }
        };
        QueueSettings settings = QueueSettings.defaults()
                .withRetryPolicy((failure, attempts) -> attempts < 2 ? Duration.ZERO : null)
                .withExceptionHandler(failure -> trail.heard.add("handled"))
                .withInterceptors(List.of(failing, new ObservationInterceptor(lenient)));
        try (WorkerQueue<String> queue = QueueFactory.create(settings).open()) {
            queue.put(() -> "never");
            queue.join();
        }
        assertThat(trail.heard).containsExactly("handled");
    }

    @Test
    void observationHasNameOfTaskOnlyWhenItWasGiven() throws Exception {
        try (WorkerQueue<String> queue = open(UnaryOperator.identity())) {
            queue.put(() -> "a", TaskOptions.named("match 17"));
            queue.putAll(List.of("an item"), item -> "b");
            queue.join();
        }
        assertThat(registry)
                .hasAnObservation(task -> task.hasHighCardinalityKeyValue("task.name", "match 17"))
                .hasAnObservation(task -> task.doesNotHaveHighCardinalityKeyValueWithKey("task.name"));
    }

    @Test
    void conventionOfApplicationNamesObservation() throws Exception {
        QueueTaskObservationConvention convention = new OwnConvention();
        ObservationInterceptor interceptor =
                new ObservationInterceptor(registry, convention, new DefaultQueueTaskObservationConvention());
        run(interceptor);
        assertThat(registry)
                .hasSingleObservationThat()
                .hasNameEqualTo("my.task")
                .hasOnlyKeys("of")
                .hasLowCardinalityKeyValue("of", "default SUCCESS");
    }

    @Test
    void conventionOfRegistryNamesObservation() throws Exception {
        registry.observationConfig().observationConvention(new OwnGlobalConvention());
        run(new ObservationInterceptor(registry));
        assertThat(registry).hasSingleObservationThat().hasNameEqualTo("my.task");
    }

    @Test
    void defaultConventionMapsQueueNames() throws Exception {
        run(new ObservationInterceptor(registry, null, new DefaultQueueTaskObservationConvention(name -> "other")));
        assertThat(registry)
                .hasSingleObservationThat()
                .hasLowCardinalityKeyValue("queue.name", "other")
                .hasContextualNameEqualTo("task other");
    }

    @Test
    void taskIsNotWrappedWhenPredicateOfRegistryRejectsIt() {
        registry.observationConfig().observationPredicate((name, context) -> !name.equals(TASK));
        assertThat(new ObservationInterceptor(registry).intercept(new AnyTask()))
                .isNull();
    }

    @Test
    void taskIsNotWrappedWhenRegistryHasNoHandler() {
        ObservationRegistry bare = ObservationRegistry.create();
        ObservationInterceptor interceptor = new ObservationInterceptor(bare);
        assertThat(interceptor.intercept(new AnyTask())).isNull();
        bare.observationConfig().observationHandler(trail);
        assertThat(interceptor.intercept(new AnyTask())).isNotNull();
        assertThat(new ObservationInterceptor(ObservationRegistry.NOOP).intercept(new AnyTask()))
                .isNull();
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void outcomeHasKeyValue(Outcome outcome) {
        QueueTaskObservationContext context = new QueueTaskObservationContext(new AnyTask());
        DefaultQueueTaskObservationConvention convention = new DefaultQueueTaskObservationConvention();
        assertThat(outcomeOf(convention, context)).isEqualTo("unknown");
        context.setOutcome(outcome);
        assertThat(outcomeOf(convention, context)).isEqualToIgnoringCase(outcome.name());
    }

    @Test
    void exceptionKeyValueIsFullNameWhenSimpleNameIsEmpty() {
        Exception anonymous = new Exception() {
            private static final long serialVersionUID = 1L;
        };
        QueueTaskObservationContext context = new QueueTaskObservationContext(new AnyTask());
        context.setError(anonymous);
        assertThat(new DefaultQueueTaskObservationConvention()
                        .getLowCardinalityKeyValues(context).stream().map(keyValue -> keyValue.getValue()))
                .contains(anonymous.getClass().getName());
    }

    private static String outcomeOf(
            DefaultQueueTaskObservationConvention convention, QueueTaskObservationContext context) {
        return convention.getLowCardinalityKeyValues(context).stream()
                .filter(keyValue -> keyValue.getKey().equals("outcome"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static void run(ObservationInterceptor interceptor) throws Exception {
        QueueSettings settings = QueueSettings.defaults().withInterceptors(List.of(interceptor));
        try (WorkerQueue<String> queue = QueueFactory.create(settings).open()) {
            queue.put(() -> "done");
            queue.join();
        }
    }

    private WorkerQueue<String> open(UnaryOperator<QueueSettings> threads) {
        return open(threads.apply(QueueSettings.defaults()));
    }

    private WorkerQueue<String> open(QueueSettings settings) {
        return open(settings, task -> new RecordingScope(() -> {}));
    }

    private WorkerQueue<String> open(QueueSettings settings, TaskInterceptor around) {
        registry.observationConfig().observationHandler(trail);
        return QueueFactory.create(
                        settings.withWorkers(1).withInterceptors(List.of(around, new ObservationInterceptor(registry))))
                .open("riot");
    }

    private String current() {
        Observation current = registry.getCurrentObservation();
        return current == null
                ? "none"
                : String.valueOf(current.getContextView().getName());
    }

    /** Observation handler that records its notifications in order. */
    private static final class Trail implements ObservationHandler<QueueTaskObservationContext> {

        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof QueueTaskObservationContext;
        }

        @Override
        public void onStart(QueueTaskObservationContext context) {
            heard.add("start");
        }

        @Override
        public void onScopeOpened(QueueTaskObservationContext context) {
            heard.add("scope opened");
        }

        @Override
        public void onScopeClosed(QueueTaskObservationContext context) {
            heard.add("scope closed");
        }

        @Override
        public void onEvent(Observation.Event event, QueueTaskObservationContext context) {
            heard.add(event.getName());
        }

        @Override
        public void onError(QueueTaskObservationContext context) {
            heard.add("error");
        }

        @Override
        public void onStop(QueueTaskObservationContext context) {
            heard.add("stop");
        }
    }

    /** Scope around that of the observation, which records the current observation afterwards. */
    private final class RecordingScope implements TaskScope {

        private final Runnable ran;

        RecordingScope(Runnable ran) {
            this.ran = ran;
        }

        @Override
        public <R extends @Nullable Object> R call(Callable<R> task) throws Exception {
            try {
                return task.call();
            } finally {
                left.add(current());
                ran.run();
            }
        }

        @Override
        public void handle(Runnable handler) {
            handler.run();
            left.add(current());
        }
    }

    private static class OwnConvention implements QueueTaskObservationConvention {

        @Override
        public String getName() {
            return "my.task";
        }

        @Override
        public KeyValues getLowCardinalityKeyValues(QueueTaskObservationContext context) {
            return KeyValues.of("of", context.getTask().queue() + " " + context.getOutcome());
        }
    }

    private static final class OwnGlobalConvention extends OwnConvention
            implements GlobalObservationConvention<QueueTaskObservationContext> {}

    private record AnyTask() implements TaskInfo {

        @Override
        public String queue() {
            return "riot";
        }

        @Override
        public String name() {
            return "any";
        }

        @Override
        public boolean isNamed() {
            return false;
        }
    }
}
