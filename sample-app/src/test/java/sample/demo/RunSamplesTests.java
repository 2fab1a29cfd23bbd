package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the samples of a run. */
@Timeout(10)
class RunSamplesTests {

    private final RunSamples samples = new RunSamples();

    @Test
    void sampleHasMeansSincePreviousSample() {
        samples.add(0, 0);
        samples.read(40, 25);
        samples.read(50, 25);
        samples.read(60, 22);
        samples.add(1, 80);
        samples.read(10, 20);
        samples.add(1.5, 130);

        assertThat(samples.view().time()).containsExactly(0.0, 1.0, 1.5);
        assertThat(samples.view().depth()).containsExactly(0.0, 50.0, 10.0);
        assertThat(samples.view().active()).containsExactly(0.0, 24.0, 20.0);
        assertThat(samples.view().throughput()).containsExactly(0.0, 80.0, 100.0);
    }

    @Test
    void oldSamplesAreMergedInPairsWhenThereAreTooMany() {
        for (int second = 0; second <= 5000; second++) {
            samples.read(second == 0 ? 0 : 7, 25);
            samples.add(second, 10L * second);
        }

        RunView.Samples view = samples.view();
        assertThat(view.time())
                .hasSizeLessThanOrEqualTo(RunSamples.MAX_SAMPLES)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(view.time()).startsWith(0.0).endsWith(5000.0);
        assertThat(view.throughput().subList(1, view.throughput().size())).containsOnly(10.0);
        assertThat(view.depth().subList(1, view.depth().size())).containsOnly(7.0);
        assertThat(view.depth()).hasSameSizeAs(view.time());
    }
}
