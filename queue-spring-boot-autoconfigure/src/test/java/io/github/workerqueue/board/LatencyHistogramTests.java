package io.github.workerqueue.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.board.LatencyHistogram.Quantiles;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests for the histogram of times. */
@Timeout(60)
class LatencyHistogramTests {

    private final LatencyHistogram histogram = new LatencyHistogram();

    @ParameterizedTest
    @ValueSource(
            longs = {20_000, 1_000_000, 17_000_000, 999_999_999, 60_000_000_000L, 86_400_000_000_000L, Long.MAX_VALUE})
    void quantileIsWithinThreePercentOfTime(long nanos) {
        histogram.record(nanos);
        Quantiles quantiles = histogram.drain();
        assertThat(quantiles.median()).isCloseTo((double) nanos, Percentage.withPercentage(3.2));
        assertThat(quantiles.p95()).isEqualTo(quantiles.median());
    }

    @Test
    void quantilesAreThoseOfAllTimes() {
        for (long millis = 1; millis <= 1_000; millis++) {
            histogram.record(millis * 1_000_000);
        }
        Quantiles quantiles = histogram.drain();
        assertThat(quantiles.median()).isCloseTo(500e6, Percentage.withPercentage(3.2));
        assertThat(quantiles.p95()).isCloseTo(950e6, Percentage.withPercentage(3.2));
    }

    @Test
    void quantilesAreMissingWhenNoTimeIsRecordedSinceLastDrain() {
        histogram.record(1_000_000);
        histogram.drain();
        assertThat(histogram.drain()).isEqualTo(Quantiles.NONE);
    }

    @Test
    void timesBelowMicrosecondAndNegativeTimesAreInFirstBucket() {
        histogram.record(-5);
        histogram.record(3);
        assertThat(histogram.drain().p95()).isLessThan(1_100);
    }

    @Test
    void everyTimeIsCountedOnceWhenThreadsRecordDuringDrain() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            new Thread(() -> {
                        for (int n = 0; n < 1_000_000; n++) {
                            histogram.record(1_000_000);
                        }
                        done.countDown();
                    })
                    .start();
        }
        long counted = 0;
        while (done.getCount() > 0) {
            counted += histogram.drain().count();
        }
        assertThat(counted + histogram.drain().count()).isEqualTo(2_000_000);
    }
}
