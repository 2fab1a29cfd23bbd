package sample.demo.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests for invented matches. */
@Timeout(10)
class MatchJsonTests {

    @Test
    void jsonIsValidAndHasAboutThirtyKilobytes() {
        String json = MatchJson.of("NA1_5000000000");

        assertThat(json).hasSizeBetween(29_000, 32_000);
        JsonNode match = new JsonMapper().readTree(json);
        assertThat(match.at("/metadata/matchId").asString()).isEqualTo("NA1_5000000000");
        assertThat(match.at("/info/gameDuration").asInt()).isBetween(900, 2700);
        assertThat(match.at("/info/participants").size()).isEqualTo(10);
    }

    @Test
    void jsonIsStableForId() {
        assertThat(MatchJson.of("NA1_1")).isEqualTo(MatchJson.of("NA1_1")).isNotEqualTo(MatchJson.of("NA1_2"));
    }
}
