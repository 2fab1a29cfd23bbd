package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;
import sample.SummonerGate;
import tools.jackson.databind.JsonNode;

/** Tests for the meters during a job. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "sample.job=none",
            "spring.profiles.active=fast",
            "sample.upstream.flaky-share=0",
            "sample.upstream.failure-share=0"
        })
@Timeout(60)
class QueueMetersTests {

    @LocalServerPort
    private int port;

    @Autowired
    private LadderDemo job;

    @Autowired
    private SummonerGate gate;

    @Test
    void metersShowFullQueueDuringJobAndEmptyQueueAfterIt() throws Exception {
        CompletableFuture<LadderSummary> run = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                run.complete(job.run());
            } catch (Throwable ex) {
                run.completeExceptionally(ex);
            }
        });
        thread.start();
        try {
            gate.awaitFirstHeld();
            await().untilAsserted(() -> assertThat(meter("queue.depth")).isEqualTo(50));

            assertThat(meter("queue.active")).isEqualTo(25);
            assertThat(meter("queue.counter")).isEqualTo(100 + 25 + 50);
            assertThat(meter("queue.workers")).isEqualTo(25);
            assertThat(meter("queue.maxsize")).isEqualTo(50);
            assertThat(meter("queue.open")).isEqualTo(1);
        } finally {
            gate.open();
        }
        assertThat(run.get(30, TimeUnit.SECONDS).complete()).isTrue();
        assertThat(meter("queue.depth")).isZero();
        assertThat(meter("queue.counter")).isZero();
        assertThat(meter("queue.open")).isEqualTo(1);
        assertThat(meter("queue.tasks")).isEqualTo(1002);
    }

    private double meter(String name) {
        JsonNode json = RestClient.create("http://localhost:" + port)
                .get()
                .uri("/actuator/metrics/{name}?tag=name:riot", name)
                .retrieve()
                .requiredBody(JsonNode.class);
        return json.path("measurements").path(0).path("value").asDouble();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Configuration {

        @Bean
        SummonerGate summonerGate() {
            return new SummonerGate(100);
        }
    }
}
