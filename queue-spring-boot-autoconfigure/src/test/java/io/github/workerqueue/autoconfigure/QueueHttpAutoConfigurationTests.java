package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.RetryAfter;
import io.github.workerqueue.RetryAfterResolver;
import io.github.workerqueue.TaskFailure;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** Tests for {@code Retry-After} of Spring's HTTP clients, with a server. */
@Timeout(60)
class QueueHttpAutoConfigurationTests {

    private static final String HANGING = "/hanging";

    private static final String BROKEN = "/broken";

    private final Queue<Duration> delays = new ConcurrentLinkedQueue<>();

    private final Queue<TaskFailure> failures = new ConcurrentLinkedQueue<>();

    private final AtomicInteger requests = new AtomicInteger();

    /** Times at which requests arrived. */
    private final Queue<Long> arrivals = new ConcurrentLinkedQueue<>();

    private final CountDownLatch end = new CountDownLatch(1);

    private final ExecutorService serverThreads = Executors.newCachedThreadPool();

    /** Status of the first response. Later responses have the status 200 and no {@code Retry-After} header. */
    private volatile int status = 429;

    private volatile String retryAfter = "1";

    private final HttpServer server = started();

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(QueueAutoConfiguration.class, QueueHttpAutoConfiguration.class))
            .withBean(QueueListener.class, () -> new QueueListener() {
                @Override
                public void retried(String queue, int attempts, long delay, Throwable exception) {
                    delays.add(Duration.ofNanos(delay));
                }
            })
            .withBean(QueueExceptionHandler.class, () -> failures::add)
            .withPropertyValues("queue.retry.max-retries=2", "queue.retry.delay=1ms");

    private HttpServer started() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            started.setExecutor(serverThreads);
            started.createContext("/", this::answer);
            started.start();
            return started;
        } catch (IOException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        arrivals.add(System.nanoTime());
        boolean first = requests.incrementAndGet() == 1;
        String path = exchange.getRequestURI().getPath();
        if (first && path.equals(HANGING)) {
            try {
                end.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
        if (path.equals(BROKEN) && delays.isEmpty()) { // however often the client itself repeats the request
            exchange.close();
            return;
        }
        if (first) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        byte[] body = path.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(first ? status : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @AfterEach
    void stopServer() {
        end.countDown();
        server.stop(0);
        serverThreads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void restClientCallIsRetriedAfterSecondsThatServerAsksFor(int first) {
        status = first;
        contextRunner.run(context -> {
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open("riot");
            queue.put(() -> get("/match"));
            assertThat(queue.join()).containsExactly("/match");
        });
        assertThat(delays).containsExactly(Duration.ofSeconds(1));
        assertThat(failures).isEmpty();
    }

    @Test
    void restClientCallIsRetriedAfterDateThatServerAsksFor() {
        retryAfter = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(3));
        contextRunner.run(context -> {
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open();
            queue.put(() -> get("/match"));
            assertThat(queue.join()).containsExactly("/match");
        });
        assertThat(delays)
                .singleElement()
                .satisfies(delay -> assertThat(delay).isBetween(Duration.ofMillis(100), Duration.ofSeconds(3)));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void webClientCallIsRetriedAfterSecondsThatServerAsksFor(int first) {
        status = first;
        WebClient client = WebClient.create(uri());
        contextRunner.run(context -> {
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open("riot");
            queue.putAsync(() -> client.get()
                    .uri("/match")
                    .retrieve()
                    .bodyToMono(String.class)
                    .toFuture());
            assertThat(queue.join()).containsExactly("/match");
        });
        assertThat(delays).containsExactly(Duration.ofSeconds(1));
        assertThat(failures).isEmpty();
    }

    @Test
    void serverReceivesNoRequestOfNameBeforeTimeThatItAskedFor() {
        contextRunner
                .withPropertyValues("queue.retry.max-retries=0", "queue.workers=1")
                .run(context -> {
                    QueueFactory queues = context.getBean(QueueFactory.class);
                    WorkerQueue<String> refused = queues.open("riot");
                    WorkerQueue<String> beside = queues.open("riot");
                    refused.put(() -> get("/refused"));
                    refused.join();
                    beside.put(() -> get("/beside"));
                    refused.put(() -> get("/next"));
                    assertThat(beside.join()).containsExactly("/beside");
                    assertThat(refused.join()).containsExactly("/next");
                });
        assertThat(failures).hasSize(1);
        assertThat(arrivals).hasSize(3);
        long first = arrivals.remove();
        assertThat(arrivals)
                .allSatisfy(arrival -> assertThat(arrival - first)
                        .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos()));
    }

    @Test
    void serverReceivesOtherRequestsImmediatelyWhenHoldIsOfTask() {
        retryAfter = "60";
        contextRunner
                .withPropertyValues("queue.retry.hold=task", "queue.workers=1")
                .run(context -> {
                    WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open("riot");
                    queue.put(() -> get("/refused"));
                    assertThat(queue.submit(() -> get("/next")).get()).isEqualTo("/next");
                    queue.cancel();
                });
        assertThat(delays).containsExactly(Duration.ofSeconds(60));
    }

    /** The properties and the exceptions of the guide. */
    @ParameterizedTest
    @ValueSource(strings = {"/429", "/500", HANGING, BROKEN})
    void includesOfGuideRetryLimitsServerErrorsAndHangingCalls(String path) {
        status = path.equals("/500") ? 500 : 429;
        retryAfter = "0";
        contextRunner
                .withPropertyValues(
                        "queue.task-timeout=" + (path.equals(HANGING) ? "2s" : "1m"),
                        "queue.retry.includes=java.io.IOException, java.util.concurrent.TimeoutException, "
                                + "org.springframework.web.client.HttpClientErrorException.TooManyRequests, "
                                + "org.springframework.web.client.HttpServerErrorException")
                .run(context -> {
                    WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open();
                    queue.put(() -> get(path));
                    assertThat(queue.join()).containsExactly(path);
                });
        assertThat(delays).hasSize(1);
        assertThat(failures).isEmpty();
    }

    @Test
    void hangingCallAndServerErrorAreNotRetriedWhenIncludesNameOnlyIoExceptions() {
        status = 500;
        contextRunner
                .withPropertyValues("queue.task-timeout=2s", "queue.retry.includes=java.io.IOException")
                .run(context -> {
                    WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open();
                    queue.put(() -> get("/match"));
                    assertThat(queue.join()).isEmpty();
                    requests.set(0);
                    queue.put(() -> get(HANGING));
                    assertThat(queue.join()).isEmpty();
                    requests.set(0);
                    queue.put(() -> get(BROKEN));
                    assertThat(queue.join()).containsExactly(BROKEN);
                });
        assertThat(failures)
                .extracting(failure -> failure.exception().getClass().getSimpleName())
                .containsExactly("InternalServerError", "TimeoutException");
    }

    @Test
    void ioFailureOfRestClientHasIoExceptionAsCause() {
        assertThat(catchThrowable(() -> get(BROKEN)))
                .isInstanceOf(ResourceAccessException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void resolverOfApplicationComesFirst() {
        contextRunner
                .withBean(
                        RetryAfterResolver.class,
                        () -> failure -> failure instanceof RestClientResponseException ? Duration.ofMillis(5) : null)
                .run(context -> {
                    WorkerQueue<String> queue =
                            context.getBean(QueueFactory.class).open();
                    queue.put(() -> get("/match"));
                    assertThat(queue.join()).containsExactly("/match");
                    assertThat(context).hasSingleBean(RetryAfterResolver.class);
                });
        assertThat(delays).containsExactly(Duration.ofMillis(5));
    }

    @Test
    void instancesInheritResolversAndRetryAfterIsFoundWhenApplicationHasOwnResolver() {
        contextRunner
                .withBean(RetryAfterResolver.class, () -> failure -> null)
                .withPropertyValues("queue.instances.riot.workers=3")
                .run(context -> {
                    QueueSettings settings = context.getBean(QueueFactory.class).settings("riot");
                    assertThat(settings.retryAfterResolver().retryAfter(new IOException(new Throttled())))
                            .isEqualTo(Duration.ofSeconds(9));
                });
    }

    @Test
    void clientIsLeftOutWhenItIsAbsentOrQueuesAreOff() {
        contextRunner.run(context -> assertThat(context.getBeansOfType(QueueHttpClient.class))
                .containsOnlyKeys("queueRestClient", "queueWebClient"));
        contextRunner
                .withClassLoader(new FilteredClassLoader(WebClientResponseException.class))
                .run(context -> assertThat(context.getBeansOfType(QueueHttpClient.class))
                        .containsOnlyKeys("queueRestClient"));
        contextRunner
                .withClassLoader(new FilteredClassLoader(RestClientResponseException.class))
                .run(context -> assertThat(context.getBeansOfType(QueueHttpClient.class))
                        .containsOnlyKeys("queueWebClient"));
        contextRunner
                .withClassLoader(new FilteredClassLoader("org.springframework.web", "org.springframework.http"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(QueueFactory.class)
                        .doesNotHaveBean(QueueHttpClient.class));
        contextRunner
                .withPropertyValues("queue.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(QueueHttpClient.class));
    }

    private String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String get(String path) {
        String body = RestClient.builder()
                .baseUrl(uri())
                .requestFactory(new JdkClientHttpRequestFactory())
                .build()
                .get()
                .uri(path)
                .retrieve()
                .body(String.class);
        return String.valueOf(body);
    }

    private static final class Throttled extends Exception implements RetryAfter {

        private static final long serialVersionUID = 1;

        @Override
        public Duration retryAfter() {
            return Duration.ofSeconds(9);
        }
    }
}
