package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests for the short form of rate limits. */
@Timeout(60)
class RateLimitTests {

    @ParameterizedTest
    @CsvSource({
        "20/1s, 20, PT1S",
        "20/s, 20, PT1S",
        "100/2m, 100, PT2M",
        "1/5ns, 1, PT0.000000005S",
        "1/us, 1, PT0.000001S",
        "3/250ms, 3, PT0.25S",
        "1/h, 1, PT1H",
        "1000000/2d, 1000000, PT48H",
        "' 20 / 1 S ', 20, PT1S"
    })
    void shortFormIsParsed(String text, int permits, Duration per) {
        assertThat(RateLimit.valueOf(text)).isEqualTo(new RateLimit(permits, per));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "20",
                "20/1",
                "20/",
                "/1s",
                "20/1w",
                "-1/s",
                "20/-1s",
                "20/1s/2",
                "1.5/s",
                "20 per 1s",
                "20/PT1S"
            })
    void textIsRejectedWhenNotInShortForm(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.valueOf(text))
                .withMessage("A rate limit must be permits and a period with a unit, such as 20/1s, 20/s or 100/2m, "
                        + "but was '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/s", "1000001/s", "999999999/s", "20/0s"})
    void numberOutOfRangeIsRejected(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.valueOf(text))
                .withMessageContaining(" must be ");
    }

    @Test
    void messageEscapesControlCharactersOfText() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.valueOf("20/s\n21/s"))
                .withMessageContaining("20/s\\n21/s");
    }
}
