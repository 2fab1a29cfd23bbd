package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Tests for calls of Java's own {@link HttpClient} as asynchronous tasks. */
@Timeout(60)
class HttpClientTests {

    private final HttpClient client = HttpClient.newHttpClient();

    private final ApplicationContextRunner contextRunner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class));

    /** Sends the first request of the JVM. It takes longer than others, and could exceed a timeout. */
    @BeforeEach
    void initializeClient() {
        try (SlowServer server = SlowServer.answeringAfter(Duration.ZERO)) {
            assertThat(send(server, "/first").join().body()).isEqualTo("/first");
        }
    }

    @Test
    void callsInFlightNeverExceedWorkers() {
        try (SlowServer server = SlowServer.answeringAfter(Duration.ofMillis(10))) {
            contextRunner.withPropertyValues("queue.workers=20").run(context -> {
                WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
                for (int i = 0; i < 200; i++) {
                    String path = "/" + i;
                    queue.putAsync(() -> send(server, path).thenApply(HttpResponse::body));
                }
                assertThat(queue.join())
                        .isEqualTo(
                                IntStream.range(0, 200).mapToObj(i -> "/" + i).toList());
            });
            assertThat(server.mostInFlight()).isBetween(1, 20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestIsAbortedWhenQueueEndsItsTask(Ending ending) {
        ending.endsCallsOf(contextRunner, server -> send(server, "/"));
    }

    /** With any other CompletableFuture, a cancel of a derived future does not reach the original one. */
    @Test
    void cancelAbortsRequestThroughFutureDerivedFromThatOfClient() {
        try (SlowServer server = SlowServer.holding()) {
            contextRunner.run(context -> {
                WorkerQueue<Integer> queue = context.getBean(QueueFactory.class).open();
                queue.putAsync(
                        () -> send(server, "/").thenApply(HttpResponse::body).thenApply(String::length));
                server.awaitReceived(1);
                queue.cancel();
                server.awaitAborted(1);
            });
        }
    }

    @Test
    void cancelDoesNotAbortRequestWhenFutureIsNotOfClient() {
        assertNotAborted(server -> CompletableFuture.allOf(send(server, "/")));
    }

    @Test
    void cancelDoesNotAbortSecondCallWhenItIsComposedOntoFirst() {
        try (SlowServer first = SlowServer.answeringAfter(Duration.ZERO)) {
            assertNotAborted(server -> send(first, "/").thenCompose(response -> send(server, response.body())));
        }
    }

    @Test
    void cancelAbortsSecondCallWhenEachCallIsTaskOfItsOwn() {
        try (SlowServer first = SlowServer.answeringAfter(Duration.ZERO);
                SlowServer second = SlowServer.holding()) {
            contextRunner.run(context -> {
                WorkerQueue<HttpResponse<String>> queue =
                        context.getBean(QueueFactory.class).open();
                queue.putAsync(() -> send(first, "/"));
                for (HttpResponse<String> response : queue.join()) {
                    queue.putAsync(() -> send(second, response.body()));
                }
                second.awaitReceived(1);
                queue.cancel();
                second.awaitAborted(1);
            });
        }
    }

    private interface Call {

        CompletionStage<?> of(SlowServer server);
    }

    /** Asserts that a cancel that aborts the request of another task does not abort the request of this call. */
    private void assertNotAborted(Call call) {
        try (SlowServer server = SlowServer.holding()) {
            contextRunner.run(context -> {
                WorkerQueue<Object> queue = context.getBean(QueueFactory.class).open();
                queue.putAsync(() -> call.of(server));
                queue.putAsync(() -> send(server, "/"));
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

    private CompletableFuture<HttpResponse<String>> send(SlowServer server, String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.uri(path))).build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }
}
