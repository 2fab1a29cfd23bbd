package io.github.workerqueue.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
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

/** Tests for the responses in the reference of the endpoint, which are compared with those of an application. */
@Timeout(60)
class EndpointReferenceTests {

    private static final Path PAGE = Path.of("docs/reference/endpoint.md");

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void responsesHaveFieldsOfReference() throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .run(
                        "--server.port=0",
                        "--management.endpoints.web.exposure.include=queues",
                        "--management.endpoint.queues.access=unrestricted",
                        "--queue.shutdown.await-termination-period=0s",
                        "--queue.instances.prices.workers=2",
                        "--queue.instances.prices.maxsize=2")) {
            assertThat(get(context)).isEqualTo(example("settings"));

            CountDownLatch never = new CountDownLatch(1);
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open("prices");
            queue.put(() -> hold(never), TaskOptions.named("price A-17"));
            Thread producer = new Thread(() -> putAll(queue, never), "import");
            producer.start();
            await().until(() -> queue.snapshot().blockedProducers() == 1);
            String response = get(context);
            assertThat(JsonExamples.paths(response)).as(response).isEqualTo(JsonExamples.paths(example("queues")));

            HttpResponse<String> invalid = client.send(
                    HttpRequest.newBuilder(uri(context))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"action\": \"stop\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(invalid.statusCode()).isEqualTo(400);
            assertThat(invalid.body()).isEqualTo(example("invalid"));
        }
    }

    private static String hold(CountDownLatch never) throws InterruptedException {
        never.await();
        return "";
    }

    private static void putAll(WorkerQueue<String> queue, CountDownLatch never) {
        try {
            queue.putAll(List.of("A-18", "A-19", "A-20", "A-21"), sku -> hold(never));
        } catch (Exception ex) {
            Thread.currentThread().interrupt();
        }
    }

    private static String example(String name) {
        return JsonExamples.read(PAGE, "reference/endpoint.md", name);
    }

    private String get(ConfigurableApplicationContext context) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(context)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static URI uri(ConfigurableApplicationContext context) {
        return URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port")
                + "/actuator/queues/prices");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
