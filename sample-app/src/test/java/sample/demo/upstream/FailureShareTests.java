package sample.demo.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sample.LadderFile;

/** Tests for the selection of failing ids. */
@Timeout(10)
class FailureShareTests {

    private final List<String> ids =
            LadderFile.lines().stream().map(LadderFile.Line::summonerId).toList();

    @Test
    void shareOfLadderIsHit() {
        assertThat(hits(new FailureShare(0.02, 1))).hasSizeBetween(10, 40);
        assertThat(hits(new FailureShare(0.3, 1))).hasSizeBetween(250, 350);
    }

    @Test
    void noneOrAllAreHitWhenShareIsZeroOrOne() {
        assertThat(hits(new FailureShare(0, 1))).isEmpty();
        assertThat(hits(new FailureShare(1, 1))).isEqualTo(ids);
    }

    @Test
    void seedSelectsIds() {
        assertThat(hits(new FailureShare(0.02, 7))).isEqualTo(hits(new FailureShare(0.02, 7)));
        assertThat(hits(new FailureShare(0.02, 7))).isNotEqualTo(hits(new FailureShare(0.02, 8)));
    }

    private List<String> hits(FailureShare failures) {
        return ids.stream().filter(failures::hits).toList();
    }
}
