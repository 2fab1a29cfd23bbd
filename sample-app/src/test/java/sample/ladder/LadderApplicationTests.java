package sample.ladder;

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

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "sample.warm-up=0")
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class LadderApplicationTests {

    @LocalServerPort
    private int port;

    @Autowired
    private PuuidStore puuids;

    @Autowired
    private LadderJob job;

    @Autowired
    private JobRunner runner;

    @Test
    void theTableHoldsTheLadderLessTheFailuresInLadderOrder() {
        List<String> expected = LadderFile.puuids(LadderFile.lines());

        assertThat(expected).hasSizeBetween(960, 990);
        assertThat(puuids.findAll()).isEqualTo(expected);
    }

    @Test
    void theSummaryAddsUpAndTheStatusIsZero() throws InterruptedException {
        LadderSummary summary = job.run();

        assertThat(summary.leagues()).isEqualTo(2);
        assertThat(summary.entries()).isEqualTo(1000);
        assertThat(summary.failures()).containsOnlyKeys("ServiceUnavailable");
        assertThat(summary.puuids() + summary.failed()).isEqualTo(1000);
        assertThat(summary.elapsed())
                .isGreaterThan(summary.ideal().multipliedBy(9).dividedBy(10));
        assertThat(summary.complete()).isTrue();
        assertThat(runner.getExitCode()).isZero();
    }

    @Test
    void aSecondRunReplacesTheRowsOfTheFirst() throws InterruptedException {
        job.run();
        job.run();

        assertThat(puuids.findAll()).isEqualTo(LadderFile.puuids(LadderFile.lines()));
    }

    @Test
    void theJobIsReportedAndTheApplicationKeepsServing(CapturedOutput output) throws InterruptedException {
        runner.run(new DefaultApplicationArguments());

        assertThat(output).contains("Ladder RANKED_SOLO_5x5: complete").contains("with 25 workers");
        assertThat(RestClient.create("http://localhost:" + port)
                        .get()
                        .uri("/actuator/health")
                        .retrieve()
                        .body(String.class))
                .contains("UP");
    }
}
