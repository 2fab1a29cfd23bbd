package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tests for an application with a web server and the actuator, in which Spring Boot finds all auto-configurations. */
@Timeout(60)
class QueueApplicationTests {

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void tasksOfRequestInFlightAreDrainedBeforeServerStops() throws Exception {
        ConfigurableApplicationContext context = start();
        Controller controller = context.getBean(Controller.class);
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(request(context, "/put"), HttpResponse.BodyHandlers.ofString());
        controller.inFlight.await();
        Thread closer = new Thread(context::close);
        closer.start();
        controller.closing.await();
        controller.goOn.countDown();
        assertThat(response.join().statusCode()).isEqualTo(200);
        controller.trail.add("response");
        controller.answered.countDown();
        closer.join();
        assertThat(controller.trail)
                .containsExactly("response", "task", "task", "task", "server stops", "other executors stop");
    }

    @Test
    void actuatorServesMeters() throws Exception {
        try (ConfigurableApplicationContext context = start();
                WorkerQueue<String> queue = context.getBean(QueueFactory.class).open("riot")) {
            queue.put(() -> "done");
            queue.put(() -> "done");
            queue.join();
            assertThat(get(context, "/actuator/prometheus"))
                    .contains("queue_depth_tasks{name=\"riot\"} 0.0")
                    .contains("queue_counter_tasks{name=\"riot\"} 0.0")
                    .contains("queue_tasks_seconds_count{exception=\"none\",name=\"riot\",outcome=\"success\"} 2");
            assertThat(get(context, "/actuator/metrics/queue.depth"))
                    .contains("\"baseUnit\":\"tasks\"")
                    .contains("\"tag\":\"name\",\"values\":[\"riot\"]");
        }
    }

    private static ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(Application.class)
                .run("--server.port=0", "--management.endpoints.web.exposure.include=prometheus,metrics");
    }

    private String get(ConfigurableApplicationContext context, String path) throws IOException, InterruptedException {
        return client.send(request(context, path), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static HttpRequest request(ConfigurableApplicationContext context, String path) {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .build();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Controller.class)
    static class Application {

        @Bean
        SmartLifecycle closing(Controller controller) {
            return new QueueShutdownTests.Stop(
                    WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1, controller.closing::countDown);
        }

        @Bean
        SmartLifecycle draining(Controller controller) {
            return new QueueShutdownTests.Stop(QueueShutdown.PHASE + 1, controller.draining::countDown);
        }

        @Bean
        SmartLifecycle serverStops(Controller controller) {
            return new QueueShutdownTests.Stop(
                    WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE + 1,
                    () -> controller.trail.add("server stops"));
        }

        @Bean
        SmartLifecycle executorsStop(Controller controller) {
            return new QueueShutdownTests.Stop(
                    Integer.MAX_VALUE / 2, () -> controller.trail.add("other executors stop"));
        }
    }

    @RestController
    static class Controller {

        final CountDownLatch inFlight = new CountDownLatch(1);

        final CountDownLatch closing = new CountDownLatch(1);

        final CountDownLatch goOn = new CountDownLatch(1);

        final CountDownLatch answered = new CountDownLatch(1);

        final CountDownLatch draining = new CountDownLatch(1);

        final List<String> trail = new CopyOnWriteArrayList<>();

        private final QueueFactory factory;

        Controller(QueueFactory factory) {
            this.factory = factory;
        }

        @GetMapping("/put")
        String put() throws InterruptedException {
            inFlight.countDown();
            goOn.await();
            WorkerQueue<String> queue = factory.open();
            for (int i = 0; i < 3; i++) {
                queue.execute(() -> {
                    answered.await();
                    draining.await();
                    trail.add("task");
                });
            }
            return "put";
        }
    }
}
