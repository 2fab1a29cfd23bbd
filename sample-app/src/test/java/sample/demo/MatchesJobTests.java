package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** Tests for the matches job. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"sample.job=none", "sample.upstream.latency=1ms", "sample.upstream.jitter=0ms"})
@Timeout(120)
class MatchesJobTests {

    private static final long MB = 1_000_000;

    @Autowired
    private MatchesJob job;

    @Autowired
    private MatchStore durations;

    @Test
    void heapRetainsCollectedMatchesButNotConsumedOnes() throws InterruptedException {
        MatchesSummary summary = job.run();

        assertThat(summary.complete()).isTrue();
        assertThat(summary.consumed().results() + summary.consumed().failed()).isEqualTo(3000);
        assertThat(durations.count()).isEqualTo(summary.consumed().results());
        assertThat(summary.collected().results()).isEqualTo(summary.consumed().results());
        assertThat(summary.collected().failures()).isEqualTo(summary.consumed().failures());
        assertThat(summary.consumed().retained()).isLessThan(5 * MB);
        assertThat(summary.collected().retained()).isGreaterThan(80 * MB);
    }
}
