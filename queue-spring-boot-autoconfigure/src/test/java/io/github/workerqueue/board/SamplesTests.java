package io.github.workerqueue.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.board.Samples.Figure;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests for the ring of samples. */
@Timeout(60)
class SamplesTests {

    private final Samples samples = new Samples();

    @Test
    void newestSamplesAreReturnedAfterSecond() {
        add(3);
        assertThat(samples.after(1, 30)).containsEntry("first", 2L).containsEntry("depth", List.of(2L, 3L));
        assertThat(samples.after(0, 2)).containsEntry("first", 2L).containsEntry("depth", List.of(2L, 3L));
        assertThat(samples.after(3, 30)).containsEntry("first", 4L).containsEntry("depth", List.of());
        assertThat(samples.after(9, 30)).containsEntry("depth", List.of());
        assertThat(samples.newest(Figure.DEPTH)).isEqualTo(3);
    }

    @Test
    void oldestSampleIsReplacedWhenRingIsFull() {
        add(Samples.SIZE + 5);
        Map<String, Object> all = samples.after(0, Samples.SIZE);
        assertThat(all).containsEntry("first", 6L);
        assertThat(all.get("depth"))
                .isEqualTo(LongStream.rangeClosed(6, Samples.SIZE + 5).boxed().toList());
    }

    @Test
    void samplesBeginWithNameWhenNameIsNewerThanFirstSecond() {
        samples.add(100, Map.of(Figure.DEPTH, 1.0));
        assertThat(samples.after(0, 30)).containsEntry("first", 100L).containsEntry("depth", List.of(1L));
    }

    @Test
    void newestSampleIsReplacedWhenItsSecondIsRepeated() {
        samples.add(100, Map.of(Figure.DEPTH, 1.0));
        samples.add(100, Map.of(Figure.DEPTH, 7.0));
        assertThat(samples.after(0, 30)).containsEntry("first", 100L).containsEntry("depth", List.of(7L));
    }

    @Test
    void missingFigureIsNull() {
        samples.add(1, Map.of(Figure.DEPTH, 1.0, Figure.WAIT, Double.NaN));
        assertThat(samples.after(0, 30))
                .containsEntry("wait", Arrays.asList((Object) null))
                .containsEntry("runP95", Arrays.asList((Object) null));
        assertThat(samples.newest(Figure.WAIT)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "1234567890, 1230",
        "123456789, 123",
        "12345678, 12.3",
        "1234567, 1.23",
        "123456, 0.123",
        "12345, 0.012",
        "1234, 0.001",
        "123, 0",
        "0, 0"
    })
    void timesHaveThreeSignificantDigits(double nanos, double millis) {
        assertThat(Samples.millis(nanos)).isCloseTo(millis, Offset.offset(1e-9));
    }

    @Test
    void historyIsAtMost60KilobytesWhenAllFiguresAreLarge() {
        for (int second = 1; second <= Samples.SIZE; second++) {
            Map<Figure, Double> sample = new EnumMap<>(Figure.class);
            for (Figure figure : Figure.values()) {
                boolean time = figure.name().matches("BLOCKED|(WAIT|RUN).*");
                sample.put(figure, time ? Samples.millis(12_345_678.0 + second) : 99_000.0 + second);
            }
            samples.add(second, sample);
        }
        String json = samples.after(0, Samples.SIZE).entrySet().stream()
                .map(series -> "\"" + series.getKey() + "\":"
                        + series.getValue().toString().replace(" ", ""))
                .collect(Collectors.joining(",", "{", "}"));
        assertThat(json).contains("12.3,12.3", "99599,99600").hasSizeLessThan(60_000);
    }

    @Test
    void arraysOfNameTakeAtMost50Kilobytes() {
        int bytes = Figure.values().length * Samples.SIZE * Float.BYTES + 2 * LatencyHistogram.BUCKETS * Integer.BYTES;
        assertThat(bytes).isBetween(30_000, 50_000);
    }

    private void add(int count) {
        for (int second = 1; second <= count; second++) {
            samples.add(second, Map.of(Figure.DEPTH, (double) second));
        }
    }
}
