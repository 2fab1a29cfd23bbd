package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.client.RestClient;
import sample.LadderFile;
import sample.ladder.PuuidStore;

/** Tests for the run of the ladder job. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spring.profiles.active=fast")
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class LadderDemoTests {

    @LocalServerPort
    private int port;

    @Autowired
    private PuuidStore puuids;

    @Autowired
    private LadderDemo job;

    @Autowired
    private JobRunner runner;

    @Test
    void puuidsAreStoredInLadderOrderWithoutFailedSummoners() {
        List<String> expected = LadderFile.puuids(LadderFile.lines());

        assertThat(expected).hasSizeBetween(985, 999);
        assertThat(puuids.findAll()).isEqualTo(expected);
    }

    @Test
    void summaryIsConsistentAndExitStatusIsZero() throws InterruptedException {
        LadderSummary summary = job.run();

        assertThat(summary.update().leagues()).isEqualTo(2);
        assertThat(summary.update().entries()).isEqualTo(1000);
        assertThat(summary.failures()).containsOnlyKeys("ServiceUnavailable");
        assertThat(summary.update().puuids() + summary.failed()).isEqualTo(1000);
        assertThat(summary.calls()).isEqualTo(1002 + summary.retries());
        assertThat(summary.retries()).isBetween(50L, 150L);
        assertThat(summary.blocked()).isPositive().isLessThan(summary.elapsed());
        assertThat(summary.elapsed())
                .isGreaterThan(summary.ideal().multipliedBy(9).dividedBy(10));
        assertThat(summary.complete()).isTrue();
        assertThat(runner.getExitCode()).isZero();
    }

    @Test
    void secondRunReplacesRowsOfFirstRun() throws InterruptedException {
        job.run();
        job.run();

        assertThat(puuids.findAll()).isEqualTo(LadderFile.puuids(LadderFile.lines()));
    }

    @Test
    void summaryAndNextStepsArePrintedAndApplicationKeepsRunning(CapturedOutput output) throws InterruptedException {
        runner.run(new DefaultApplicationArguments());

        assertThat(output)
                .contains("Ladder RANKED_SOLO_5x5: complete")
                .contains(
                        "with 25 workers",
                        "The sample keeps running. Press Ctrl-C to stop it.",
                        "http://localhost:" + port + "/ (start and compare runs)",
                        ":" + port + "/actuator/queueboard",
                        ":" + port + "/actuator/queues");
        assertThat(RestClient.create("http://localhost:" + port)
                        .get()
                        .uri("/actuator/health")
                        .retrieve()
                        .body(String.class))
                .contains("UP");
    }
}
