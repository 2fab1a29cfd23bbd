package io.github.workerqueue.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.TaskInterceptor;
import io.github.workerqueue.TaskScope;
import io.github.workerqueue.WorkerQueue;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;

/** Tests for context propagation: tasks have the context of their producer, and worker threads are cleared. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContextInterceptorTests {

    private static final String CUSTOM_KEY = "context-interceptor-tests";

    private static final Seen ADA = new Seen("ada", "ada", "ada", "ada");

    private static final Seen NOTHING = new Seen(null, null, null, null);

    private static final ThreadLocal<String> CUSTOM = new ThreadLocal<>();

    private final ObservationRegistry registry = ObservationRegistry.create();

    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    /** Context of the worker thread after each task and handler. */
    private final List<Seen> left = new CopyOnWriteArrayList<>();

    private final TaskInterceptor context = new ContextInterceptor();

    static Stream<UnaryOperator<QueueSettings>> threads() {
        UnaryOperator<QueueSettings> platform = settings -> settings.withVirtualThreads(false);
        UnaryOperator<QueueSettings> virtual = settings -> settings.withVirtualThreads(true);
        return Runtime.version().feature() >= 21 ? Stream.of(platform, virtual) : Stream.of(platform);
    }

    @BeforeEach
    void register() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public boolean supportsContext(Observation.Context any) {
                return true;
            }
        });
        ContextRegistry.getInstance().registerThreadLocalAccessor(CUSTOM_KEY, CUSTOM);
    }

    @AfterEach
    void unregister() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(CUSTOM_KEY);
        assertThat(Seen.now(registry)).isEqualTo(NOTHING);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void taskHasContextOfItsProducer(UnaryOperator<QueueSettings> threads) throws Exception {
        try (WorkerQueue<Seen> queue = open(threads)) {
            asAda(() -> {
                queue.put(this::look);
                queue.offer(this::look);
                queue.putAll(List.of(1), item -> look());
                queue.execute(this::look);
                assertThat(queue.submit(this::look).get()).isEqualTo(ADA);
                queue.asExecutorService().execute(this::look);
                assertThat(queue.asExecutorService().submit(this::look).get()).isEqualTo(ADA);
            });
            queue.join();
        }
        assertThat(seen).hasSize(7).containsOnly(ADA);
        assertThat(left).containsOnly(NOTHING);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void taskHasNoContextWhenProducerHasNone(UnaryOperator<QueueSettings> threads) throws Exception {
        try (WorkerQueue<Seen> queue = open(threads)) {
            asAda(() -> queue.put(this::look));
            queue.put(this::look);
            assertThat(queue.join()).containsExactly(ADA, NOTHING);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void childTaskHasContextOfItsParent(UnaryOperator<QueueSettings> threads) throws Exception {
        try (WorkerQueue<Seen> queue = open(threads)) {
            asAda(() -> queue.put(() -> {
                queue.put(this::look);
                return look();
            }));
            assertThat(queue.join()).containsExactly(ADA, ADA);
        }
        assertThat(left).hasSize(2).containsOnly(NOTHING);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void exceptionHandlerAndRetriesHaveContextOfPut(UnaryOperator<QueueSettings> threads) throws Exception {
        try (WorkerQueue<Seen> queue = open(threads.apply(QueueSettings.defaults())
                .withRetryPolicy((failure, attempts) -> attempts < 3 ? Duration.ZERO : null)
                .withExceptionHandler(failure -> look()))) {
            asAda(() -> queue.put(() -> {
                look();
                throw new IOException("failed");
            }));
            queue.join();
        }
        assertThat(seen).hasSize(4).containsOnly(ADA);
        assertThat(left).hasSize(4).containsOnly(NOTHING);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void asynchronousTaskAndItsExceptionHandlerHaveContextOfPut(UnaryOperator<QueueSettings> threads) throws Exception {
        CompletableFuture<Seen> stage = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        try (WorkerQueue<Seen> queue =
                open(threads.apply(QueueSettings.defaults()).withExceptionHandler(failure -> look()))) {
            asAda(() -> queue.putAsync(() -> {
                look();
                started.countDown();
                return stage;
            }));
            started.await();
            stage.completeExceptionally(new IOException("failed"));
            queue.join();
        }
        assertThat(seen).hasSize(2).containsOnly(ADA);
        assertThat(left).hasSize(2).containsOnly(NOTHING);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void dependentsOfSubmittedFutureHaveContextOfPut(UnaryOperator<QueueSettings> threads) throws Exception {
        CountDownLatch registered = new CountDownLatch(1);
        try (WorkerQueue<Seen> queue = open(threads)) {
            asAda(() -> {
                CompletableFuture<Seen> future = queue.submit(() -> {
                    registered.await();
                    return look();
                });
                CompletableFuture<Seen> unused =
                        future.thenApply(result -> look()).whenComplete((result, failure) -> look());
                CompletableFuture<Seen> failed = queue.submit(() -> {
                    throw new IOException("failed");
                });
                unused = failed.exceptionally(failure -> look());
            });
            registered.countDown();
            queue.join();
        }
        assertThat(seen).hasSize(4).containsOnly(ADA);
        assertThat(left).hasSize(4).containsOnly(NOTHING);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void dependentsHaveContextOfPutWhenQueueIsCancelled(UnaryOperator<QueueSettings> threads) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        try (WorkerQueue<Seen> queue = open(threads)) {
            queue.execute(() -> {
                started.countDown();
                new CountDownLatch(1).await();
            });
            started.await();
            asAda(() -> {
                CompletableFuture<Seen> unused = queue.submit(this::look).exceptionally(failure -> look());
            });
            queue.cancel();
            queue.join();
        }
        assertThat(seen).containsExactly(ADA);
        assertThat(left).containsOnly(NOTHING);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void workerThreadHasNoContextWhenTaskWasCancelled(UnaryOperator<QueueSettings> threads) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        try (WorkerQueue<Seen> queue = open(threads)) {
            asAda(() -> queue.put(() -> {
                started.countDown();
                new CountDownLatch(1).await();
                return look();
            }));
            started.await();
            queue.cancel();
            queue.put(this::look);
            assertThat(queue.join()).containsExactly(NOTHING);
        }
        assertThat(left).hasSize(2).containsOnly(NOTHING);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void workerThreadHasNoContextWhenTaskTimedOut(UnaryOperator<QueueSettings> threads) throws Exception {
        try (WorkerQueue<Seen> queue = open(threads.apply(QueueSettings.defaults())
                .withTaskTimeout(Duration.ofMillis(10))
                .withExceptionHandler(failure -> look()))) {
            asAda(() -> queue.put(() -> {
                new CountDownLatch(1).await();
                return look();
            }));
            queue.join();
        }
        assertThat(seen).containsExactly(ADA);
        assertThat(left).hasSize(2).containsOnly(NOTHING);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void contextSetByTaskIsClearedWhenTaskEnds(UnaryOperator<QueueSettings> threads) throws Exception {
        try (WorkerQueue<Seen> queue = open(threads)) {
            asAda(() -> queue.execute(ContextInterceptorTests::setContext));
            queue.execute(ContextInterceptorTests::setContext);
            queue.join();
        }
        assertThat(left).hasSize(2).containsOnly(NOTHING);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void accessorOfApplicationReplacesDefaultMdcAccessor(UnaryOperator<QueueSettings> threads) throws Exception {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor("carried"));
        try (WorkerQueue<String> queue = open(threads)) {
            MDC.put("carried", "yes");
            MDC.put("other", "no");
            queue.put(() -> MDC.get("carried") + " " + MDC.get("other"));
            assertThat(queue.join()).containsExactly("yes null");
        } finally {
            MDC.clear();
            ContextRegistry.getInstance().removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void snapshotFactoryOfApplicationSelectsPropagatedContext(UnaryOperator<QueueSettings> threads) throws Exception {
        ContextSnapshotFactory onlyCustom = ContextSnapshotFactory.builder()
                .captureKeyPredicate(CUSTOM_KEY::equals)
                .build();
        QueueSettings settings =
                threads.apply(QueueSettings.defaults()).withInterceptors(List.of(new ContextInterceptor(onlyCustom)));
        try (WorkerQueue<Seen> queue = QueueFactory.create(settings).open()) {
            asAda(() -> queue.put(this::look));
            assertThat(queue.join()).containsExactly(new Seen(null, null, null, "ada"));
        }
    }

    private static void setContext() {
        MDC.put("user", "left behind");
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("left behind", "secret"));
        CUSTOM.set("left behind");
    }

    private Seen look() {
        Seen now = Seen.now(registry);
        seen.add(now);
        return now;
    }

    /** Runs an action while all context of the thread has the value "ada". */
    private void asAda(Action action) throws Exception {
        MDC.put("user", "ada");
        SecurityContextHolder.setContext(new SecurityContextImpl(new TestingAuthenticationToken("ada", "secret")));
        CUSTOM.set("ada");
        Observation observation = Observation.start("ada", registry);
        try {
            observation.scopedChecked(action::run);
        } finally {
            observation.stop();
            CUSTOM.remove();
            SecurityContextHolder.clearContext();
            MDC.clear();
        }
    }

    private <T> WorkerQueue<T> open(UnaryOperator<QueueSettings> threads) {
        return open(threads.apply(QueueSettings.defaults()));
    }

    private <T> WorkerQueue<T> open(QueueSettings settings) {
        return QueueFactory.create(
                        settings.withWorkers(1).withInterceptors(List.of(task -> new RecordingScope(), context)))
                .open();
    }

    private interface Action {

        void run() throws Exception;
    }

    /** Scope around that of the context, which records the context of the worker thread afterwards. */
    private final class RecordingScope implements TaskScope {

        @Override
        public <R extends @Nullable Object> R call(Callable<R> task) throws Exception {
            try {
                return task.call();
            } finally {
                left.add(Seen.now(registry));
            }
        }

        @Override
        public void handle(Runnable handler) {
            handler.run();
            left.add(Seen.now(registry));
        }
    }

    /** The context of a thread. */
    private record Seen(
            @Nullable String mdc,
            @Nullable String user,
            @Nullable String observation,
            @Nullable String custom) {

        static Seen now(ObservationRegistry registry) {
            Authentication user = SecurityContextHolder.getContext().getAuthentication();
            Observation observation = registry.getCurrentObservation();
            return new Seen(
                    MDC.get("user"),
                    user == null ? null : user.getName(),
                    observation == null ? null : observation.getContextView().getName(),
                    CUSTOM.get());
        }
    }
}
