package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the samples of a run. */
@Timeout(10)
class RunSamplesTests {

    private final RunSamples samples = new RunSamples();

    @Test
    void throughputCountsEndedTasksSincePreviousSample() {
        samples.add(0, 0, 0, 0);
        samples.add(1, 50, 25, 80);
        samples.add(1.5, 10, 20, 130);

        assertThat(samples.view().time()).containsExactly(0.0, 1.0, 1.5);
        assertThat(samples.view().depth()).containsExactly(0, 50, 10);
        assertThat(samples.view().active()).containsExactly(0, 25, 20);
        assertThat(samples.view().throughput()).containsExactly(0.0, 80.0, 100.0);
    }

    @Test
    void oldSamplesAreMergedInPairsWhenThereAreTooMany() {
        for (int second = 0; second <= 5000; second++) {
            samples.add(second, second, 25, 10L * second);
        }

        RunView.Samples view = samples.view();
        assertThat(view.time())
                .hasSizeLessThanOrEqualTo(RunSamples.MAX_SAMPLES)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(view.time()).startsWith(0.0).endsWith(5000.0);
        assertThat(view.throughput().subList(1, view.throughput().size())).containsOnly(10.0);
        assertThat(view.depth()).hasSameSizeAs(view.time());
    }
}
