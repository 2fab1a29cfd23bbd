package io.github.workerqueue.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Tests for the responses in the reference of the board, which are compared with those of an application. */
@Timeout(60)
class BoardReferenceTests {

    private static final Path PAGE = Path.of("docs/reference/board.md");

    private final HttpClient client = HttpClient.newHttpClient();

    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    void responsesHaveFieldsOfReference() throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .run(
                        "--server.port=0",
                        "--management.endpoints.web.exposure.include=queueboard,queues",
                        "--management.endpoint.queues.show-values=always",
                        "--queue.instances.prices.workers=2",
                        "--queue.instances.prices.maxsize=2",
                        "--queue.instances.prices.retry.max-retries=2",
                        "--queue.instances.prices.retry.delay=10ms")) {
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open("prices");
            await().until(() -> second(context) >= 1);
            get(context, "data?name=prices");
            queue.put(
                    () -> {
                        throw new SocketTimeoutException("Read timed out");
                    },
                    TaskOptions.named("price A-16"));
            await().until(() -> queue.snapshot().failed() == 1);
            int failed = second(context);
            Thread producer = new Thread(() -> putAll(queue), "import");
            producer.start();
            await().until(() -> queue.snapshot().blockedProducers() == 1);
            await().until(() -> get(context, "data?name=prices").contains("lanes"));
            await().until(() -> second(context) >= failed + 2);

            String data = get(context, "data?name=prices&since=" + (second(context) - 2));
            String history = get(context, "history?name=prices");
            goOn.countDown();
            producer.join();
            queue.close();
            assertThat(JsonExamples.paths(data)).as(data).isEqualTo(JsonExamples.paths(example("data")));
            assertThat(JsonExamples.paths(history)).as(history).isEqualTo(JsonExamples.paths(example("history")));
        }
    }

    private int second(ConfigurableApplicationContext context) throws IOException, InterruptedException {
        return JsonPath.read(get(context, "data"), "$.second");
    }

    private void putAll(WorkerQueue<String> queue) {
        try {
            queue.put(this::hold, TaskOptions.named("price A-17"));
            queue.putAll(List.of("A-18", "A-19", "A-20", "A-21"), sku -> hold());
        } catch (Exception ex) {
            Thread.currentThread().interrupt();
        }
    }

    private String hold() throws InterruptedException {
        goOn.await();
        return "";
    }

    private static String example(String name) {
        return JsonExamples.read(PAGE, "reference/board.md", name);
    }

    private String get(ConfigurableApplicationContext context, String path) throws IOException, InterruptedException {
        String port = context.getEnvironment().getProperty("local.server.port");
        URI uri = URI.create("http://localhost:" + port + "/actuator/queueboard/" + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
