package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * A server that answers a request with its path, after a delay or when it is released. It holds no thread meanwhile,
 * and counts clients that disconnect before they have their response.
 */
final class SlowServer implements AutoCloseable {

    /** Path of requests that the server answers immediately, with the status 404. */
    static final String MISSING = "/missing";

    private final AtomicInteger received = new AtomicInteger();

    private final AtomicInteger inFlight = new AtomicInteger();

    private final AtomicInteger mostInFlight = new AtomicInteger();

    private final AtomicInteger aborted = new AtomicInteger();

    private final Sinks.Empty<Void> released = Sinks.empty();

    private final LoopResources threads = LoopResources.create("slow-server", 1, true);

    /** Only thread of the server. Reactor Netty may lose the next request of a connection that another one answers. */
    private final Scheduler thread =
            Schedulers.fromExecutorService(threads.onServer(true).next());

    private final Mono<?> answer;

    private final DisposableServer server;

    private SlowServer(Duration delay) {
        this.answer = released.asMono().timeout(delay, Mono.empty(), thread).publishOn(thread);
        this.server = HttpServer.create()
                .runOn(threads)
                .host("127.0.0.1")
                .port(0)
                .handle(this::handle)
                .bindNow();
    }

    static SlowServer answeringAfter(Duration delay) {
        return new SlowServer(delay);
    }

    /** Returns a server that answers no request until it is released. */
    static SlowServer holding() {
        return new SlowServer(Duration.ofDays(1));
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        received.incrementAndGet();
        if (request.uri().equals(MISSING)) {
            return response.sendNotFound();
        }
        mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        return answer.doOnTerminate(inFlight::decrementAndGet)
                .doOnCancel(() -> {
                    inFlight.decrementAndGet();
                    aborted.incrementAndGet();
                })
                .then(response.sendString(Mono.just(request.uri())).then());
    }

    String uri(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    void release() {
        released.tryEmitEmpty();
    }

    /** Returns the maximum number of requests that were in flight concurrently. */
    int mostInFlight() {
        return mostInFlight.get();
    }

    /** Returns the number of clients that disconnected before they had their response. */
    int aborted() {
        return aborted.get();
    }

    void awaitReceived(int count) {
        await().untilAsserted(() -> assertThat(received).hasValue(count));
    }

    void awaitAborted(int count) {
        await().untilAsserted(() -> assertThat(aborted).hasValue(count));
    }

    void awaitNoneInFlight() {
        await().untilAsserted(() -> assertThat(inFlight).hasValue(0));
    }

    @Override
    public void close() {
        server.disposeNow();
        threads.dispose();
    }
}
