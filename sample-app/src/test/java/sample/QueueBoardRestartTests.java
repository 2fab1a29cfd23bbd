package sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests for the board in a browser while its application stops and starts again. */
@Timeout(120)
class QueueBoardRestartTests {

    @Test
    void boardRecoversAndShowsReasonForMissingControlsWhenApplicationRestarts() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (Browser browser = Browser.start()) {
            int port;
            try (ConfigurableApplicationContext first = start(0)) {
                port = first.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
                browser.open("http://localhost:" + port + "/actuator/queueboard#name=riot");
                browser.awaitText("#limit", "Waiting for the producer");
                browser.awaitText("#controls", "Pause");
            }
            browser.awaitText("#trouble", "The application does not respond.");
            browser.awaitText("#age", "Offline");

            try (ConfigurableApplicationContext second =
                            start(port, "--management.endpoint.queues.access=read-only", "--queue.stall.after=1s");
                    WorkerQueue<Object> queue =
                            second.getBean(QueueFactory.class).open("riot", settings -> settings.withWorkers(1))) {
                queue.execute(end::await);
                try {
                    assertRecovered(browser);
                } finally {
                    end.countDown();
                }
            }
        }
    }

    private static void assertRecovered(Browser browser) {
        browser.awaitText("#result", "The application was restarted.");
        browser.awaitText("#age", "Live");
        browser.awaitText("#reason", "Set management.endpoint.queues.access to unrestricted");
        assertThat(browser.isShown("#trouble")).isFalse();
        assertThat(browser.isShown("#controls")).isFalse();
        browser.awaitText("#limit", "Stuck: ");
    }

    private static ConfigurableApplicationContext start(int port, String... arguments) {
        return new SpringApplicationBuilder(SampleApplication.class)
                .properties("spring.profiles.active=fast")
                .run(Stream.concat(Stream.of("--sample.job=none", "--server.port=" + port), Stream.of(arguments))
                        .toArray(String[]::new));
    }
}
