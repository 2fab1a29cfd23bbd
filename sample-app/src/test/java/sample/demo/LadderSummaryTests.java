package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sample.ladder.LadderUpdate;

/** Tests for the summary of the ladder job. */
@Timeout(10)
class LadderSummaryTests {

    @Test
    void summaryIsCompleteWhenEachEntryIsStoredOrFailedAndFewFailed() {
        assertThat(summary(2, 1000, 980, 20).complete()).isTrue();
    }

    @Test
    void summaryIsIncompleteWhenLeagueIsMissing() {
        assertThat(summary(1, 700, 700, 0).complete()).isFalse();
    }

    @Test
    void summaryIsIncompleteWhenSummonerIsNeitherStoredNorFailed() {
        assertThat(summary(2, 1000, 979, 20).complete()).isFalse();
    }

    @Test
    void summaryIsIncompleteWhenTooManyCallsFailed() {
        assertThat(summary(2, 1000, 899, 101).complete()).isFalse();
        assertThat(summary(2, 1000, 900, 100).complete()).isTrue();
    }

    @Test
    void summaryIsIncompleteWhenLadderIsEmpty() {
        assertThat(summary(2, 0, 0, 0).complete()).isFalse();
    }

    @Test
    void idealRoundsCallsOfEachWorkerUpWithoutRateLimit() {
        assertThat(timed(1000, List.of()).ideal()).isEqualTo(Duration.ofMillis(800));
        assertThat(timed(1001, List.of()).ideal()).isEqualTo(Duration.ofMillis(820));
        assertThat(timed(1000, List.of()).ratio()).isEqualTo(1.125);
    }

    @Test
    void idealIsThatOfSlowestRateLimit() {
        RateLimit second = new RateLimit(100, Duration.ofSeconds(1));
        RateLimit minute = new RateLimit(1000, Duration.ofMinutes(1));

        assertThat(timed(1000, List.of(second)).ideal()).isEqualTo(Duration.ofMillis(9020));
        assertThat(timed(1001, List.of(second)).ideal()).isEqualTo(Duration.ofMillis(10020));
        assertThat(timed(1001, List.of(second, minute)).ideal()).isEqualTo(Duration.ofMillis(60020));
    }

    @Test
    void textHasEachFigure() {
        assertThat(summary(2, 1000, 980, 20))
                .asString()
                .contains(
                        "complete",
                        "1,000",
                        "980",
                        "{ServiceUnavailable=20}",
                        "70 of them retries",
                        "900 ms",
                        "blocked for 600 ms",
                        "20.0 s",
                        "800 ms",
                        "with 25 workers; elapsed is 1.13 times that");
    }

    @Test
    void textComparesNoTimesWhenSummaryIsIncomplete() {
        assertThat(summary(0, 0, 0, 0)).asString().contains("INCOMPLETE").doesNotContain("times");
    }

    private static LadderSummary summary(int leagues, int entries, int puuids, int failed) {
        Map<String, Integer> failures = failed == 0 ? Map.of() : Map.of("ServiceUnavailable", failed);
        return summary(new LadderUpdate(leagues, entries, puuids), failures, 1000, List.of());
    }

    private static LadderSummary timed(int calls, List<RateLimit> limits) {
        return summary(new LadderUpdate(2, 1000, 1000), Map.of(), calls, limits);
    }

    private static LadderSummary summary(
            LadderUpdate update, Map<String, Integer> failures, int calls, List<RateLimit> limits) {
        return new LadderSummary(
                "RANKED_SOLO_5x5",
                update,
                failures,
                0.1,
                calls,
                70,
                Duration.ofMillis(900),
                Duration.ofMillis(600),
                Duration.ofMillis(20),
                25,
                limits);
    }
}
