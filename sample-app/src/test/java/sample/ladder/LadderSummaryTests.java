package sample.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LadderSummaryTests {

    @Test
    void isCompleteWhenEveryEntryIsStoredOrFailedAndFewFailed() {
        assertThat(summary(2, 1000, 980, 20).complete()).isTrue();
    }

    @Test
    void isIncompleteWhenALeagueIsMissing() {
        assertThat(summary(1, 700, 700, 0).complete()).isFalse();
    }

    @Test
    void isIncompleteWhenASummonerIsNeitherStoredNorFailed() {
        assertThat(summary(2, 1000, 979, 20).complete()).isFalse();
    }

    @Test
    void isIncompleteWhenTooManyFailed() {
        assertThat(summary(2, 1000, 899, 101).complete()).isFalse();
        assertThat(summary(2, 1000, 900, 100).complete()).isTrue();
    }

    @Test
    void isIncompleteWhenTheLadderIsEmpty() {
        assertThat(summary(2, 0, 0, 0).complete()).isFalse();
    }

    @Test
    void theIdealRoundsTheCallsOfAWorkerUp() {
        assertThat(summary(2, 1000, 1000, 0).ideal()).isEqualTo(Duration.ofMillis(800));
        assertThat(summary(2, 1001, 1001, 0).ideal()).isEqualTo(Duration.ofMillis(820));
        assertThat(summary(2, 1000, 1000, 0).ratio()).isEqualTo(1.125);
    }

    @Test
    void theTextNamesEveryFigure() {
        assertThat(summary(2, 1000, 980, 20))
                .asString()
                .contains(
                        "complete",
                        "1,000",
                        "980",
                        "{ServiceUnavailable=20}",
                        "0.900 s",
                        "20.000 s",
                        "0.800 s",
                        "1.13");
    }

    @Test
    void theTextComparesNoTimesWhenTheJobIsIncomplete() {
        assertThat(summary(0, 0, 0, 0)).asString().contains("INCOMPLETE").doesNotContain("times");
    }

    private static LadderSummary summary(int leagues, int entries, int puuids, int failed) {
        Map<String, Integer> failures = failed == 0 ? Map.of() : Map.of("ServiceUnavailable", failed);
        return new LadderSummary(
                "RANKED_SOLO_5x5",
                leagues,
                entries,
                puuids,
                failures,
                0.1,
                Duration.ofMillis(900),
                Duration.ofMillis(20),
                25);
    }
}
