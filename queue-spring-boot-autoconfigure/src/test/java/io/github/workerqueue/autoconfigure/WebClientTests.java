package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener;
import io.github.workerqueue.TaskFailure;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Tests for calls of a {@link WebClient} as asynchronous tasks. */
@Timeout(60)
class WebClientTests {

    private static final int WORKERS = 500;

    /** Provider with more connections than workers, so that it does not limit the calls. */
    private static final ConnectionProvider connections = ConnectionProvider.create("test", 2 * WORKERS);

    private static final WebClient client = WebClient.builder()
            .clientConnector(new ReactorClientHttpConnector(HttpClient.create(connections)))
            .build();

    private final List<TaskFailure> failures = Collections.synchronizedList(new ArrayList<>());

    private final Threads threads = new Threads();

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class))
            .withBean(QueueListener.class, () -> threads)
            .withBean(QueueExceptionHandler.class, () -> failures::add);

    /** Sends the first requests of the JVM, which load and compile the client for about a second. */
    @BeforeAll
    static void initializeClient() {
        try (SlowServer server = SlowServer.answeringAfter(Duration.ZERO)) {
            Flux.range(0, 2_000).flatMap(i -> get(server, "/first"), WORKERS).blockLast();
        }
    }

    @AfterAll
    static void closeConnections() {
        connections.dispose();
    }

    @Test
    void callsInFlightNeverExceedWorkersAndUseFewThreads() {
        try (SlowServer server = SlowServer.answeringAfter(Duration.ofMillis(50))) {
            contextRunner.withPropertyValues("queue.workers=" + WORKERS).run(context -> {
                WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
                for (int i = 0; i < 10_000; i++) {
                    String path = "/" + i;
                    queue.putAsync(() -> get(server, path).toFuture());
                }
                assertThat(queue.join())
                        .isEqualTo(IntStream.range(0, 10_000)
                                .mapToObj(i -> "/" + i)
                                .toList());
            });
            assertThat(server.mostInFlight()).isBetween(1, WORKERS);
            assertThat(threads.seen).hasSizeLessThan(WORKERS / 5);
        }
    }

    @Test
    void callsInFlightReachWorkersAndHoldNoThread() {
        try (SlowServer server = SlowServer.holding()) {
            contextRunner.withPropertyValues("queue.workers=" + WORKERS).run(context -> {
                WorkerQueue<String> queue = context.getBean(QueueFactory.class).open("held");
                for (int i = 0; i < 2 * WORKERS; i++) {
                    queue.putAsync(() -> get(server, "/").toFuture());
                }
                server.awaitReceived(WORKERS);
                assertThat(queue.active()).isEqualTo(WORKERS);
                assertThat(queue.depth()).isEqualTo(WORKERS);
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(liveThreads("queue-")).hasSizeLessThan(20));
                await().untilAsserted(
                                () -> assertThat(liveThreads("queue-held-")).isEmpty());
                server.release();
                assertThat(queue.join()).hasSize(2 * WORKERS);
            });
            assertThat(server.mostInFlight()).isEqualTo(WORKERS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestIsAbortedWhenQueueEndsItsTask(Ending ending) {
        ending.endsCallsOf(contextRunner, server -> get(server, "/").toFuture());
    }

    @Test
    void callFailsWhenItExceedsTaskTimeout() {
        try (SlowServer server = SlowServer.holding()) {
            contextRunner.withPropertyValues("queue.task-timeout=50ms").run(context -> {
                WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
                queue.putAsync(() -> get(server, "/").toFuture());
                assertThat(queue.join()).isEmpty();
            });
        }
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).isInstanceOf(TimeoutException.class));
    }

    @Test
    void taskFailsWhenResponseHasErrorStatus() {
        try (SlowServer server = SlowServer.holding()) {
            contextRunner.run(context -> {
                WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
                queue.putAsync(() -> get(server, SlowServer.MISSING).toFuture());
                assertThat(queue.join()).isEmpty();
            });
        }
        assertThat(failures)
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure.exception()).isInstanceOf(WebClientResponseException.NotFound.class));
    }

    @Test
    void emptyMonoIsNotCollected() {
        contextRunner.run(context -> {
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
            queue.putAsync(() -> Mono.<String>empty().toFuture());
            assertThat(queue.join()).isEmpty();
        });
        assertThat(failures).isEmpty();
    }

    @Test
    void cancelAbortsRequestThroughOperatorsOfMonoButNotOfFuture() {
        try (SlowServer server = SlowServer.holding()) {
            contextRunner.run(context -> {
                WorkerQueue<Integer> queue = context.getBean(QueueFactory.class).open();
                queue.putAsync(() -> get(server, "/future").toFuture().thenApply(String::length));
                queue.putAsync(() -> get(server, "/mono").map(String::length).toFuture());
                server.awaitReceived(2);
                queue.cancel();
                assertThat(queue.join()).isEmpty();
                server.awaitAborted(1);
                server.release();
                server.awaitNoneInFlight();
                assertThat(server.aborted()).isEqualTo(1);
            });
        }
    }

    @Test
    @SuppressWarnings("FutureReturnValueIgnored")
    void cancelAbortsRequestWhenDerivedFutureCancelsItsSource() {
        try (SlowServer server = SlowServer.holding()) {
            contextRunner.run(context -> {
                WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
                queue.putAsync(() -> {
                    CompletableFuture<@Nullable String> call = get(server, "/").toFuture();
                    CompletableFuture<String> answer = call.thenApply(String::valueOf);
                    answer.whenComplete((value, failure) -> call.cancel(true));
                    return answer;
                });
                server.awaitReceived(1);
                queue.cancel();
                server.awaitAborted(1);
            });
        }
    }

    private static Stream<String> liveThreads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix));
    }

    private static Mono<String> get(SlowServer server, String path) {
        return client.get().uri(server.uri(path)).retrieve().bodyToMono(String.class);
    }

    /** The threads that started or finished a task. */
    private static final class Threads implements QueueListener {

        final Set<Thread> seen = ConcurrentHashMap.newKeySet();

        @Override
        public void started(String queue, long index, long waited) {
            seen.add(Thread.currentThread());
        }

        @Override
        public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
            seen.add(Thread.currentThread());
        }
    }
}
