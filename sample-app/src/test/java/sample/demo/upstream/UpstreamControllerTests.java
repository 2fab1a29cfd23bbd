package sample.demo.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import sample.LadderFile;

/** Tests for the embedded API. */
@SpringBootTest(
        properties = {
            "sample.job=none",
            "sample.upstream.latency=0ms",
            "sample.upstream.jitter=0ms",
            "sample.upstream.flaky-share=0"
        })
@AutoConfigureMockMvc
@Timeout(60)
class UpstreamControllerTests {

    private static final String CHALLENGERS = "/lol/league/v4/challengerleagues/by-queue/{queue}";

    private static final String MASTERS = "/lol/league/v4/masterleagues/by-queue/{queue}";

    private static final String SUMMONER = "/lol/summoner/v4/summoners/{id}";

    @Autowired
    private MockMvcTester mvc;

    @Test
    void challengersAreServedInLadderOrder() {
        assertThat(get(CHALLENGERS, "RANKED_SOLO_5x5"))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.entries[*].summonerId")
                .asArray()
                .hasSize(300)
                .containsExactlyElementsOf(ids("CHALLENGER"));
    }

    @Test
    void mastersAreServedInLadderOrder() {
        assertThat(get(MASTERS, "RANKED_SOLO_5x5"))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.entries[*].summonerId")
                .asArray()
                .hasSize(700)
                .containsExactlyElementsOf(ids("MASTER"));
    }

    @Test
    void otherRankedQueueIsNotFound() {
        assertThat(get(CHALLENGERS, "RANKED_FLEX_SR")).hasStatus(HttpStatus.NOT_FOUND);
        assertThat(get(MASTERS, "RANKED_FLEX_SR")).hasStatus(HttpStatus.NOT_FOUND);
    }

    @Test
    void summonersAreServedUnlessTheyAlwaysFail() {
        FailureShare failures = new FailureShare(0.01, 1);
        for (LadderFile.Line line : LadderFile.lines()) {
            MvcTestResult result = get(SUMMONER, line.summonerId());
            if (failures.hits(line.summonerId())) {
                assertThat(result)
                        .hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
                        .bodyJson()
                        .extractingPath("$.status.status_code")
                        .isEqualTo(503);
            } else {
                assertThat(result)
                        .hasStatusOk()
                        .bodyJson()
                        .extractingPath("$.puuid")
                        .isEqualTo(line.puuid());
            }
        }
    }

    @Test
    void otherSummonerIsNotFound() {
        assertThat(get(SUMMONER, "nobody")).hasStatus(HttpStatus.NOT_FOUND);
    }

    @Test
    void requestIsRejectedWithoutKey() {
        assertThat(mvc.get().uri(CHALLENGERS, "RANKED_SOLO_5x5")).hasStatus(HttpStatus.UNAUTHORIZED);
    }

    @Test
    void matchIsServed() {
        assertThat(get("/lol/match/v5/matches/{id}", "NA1_5000000000"))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.metadata.matchId")
                .isEqualTo("NA1_5000000000");
    }

    private MvcTestResult get(String path, String variable) {
        return mvc.get().uri(path, variable).header("X-Riot-Token", "key").exchange();
    }

    private static List<Object> ids(String tier) {
        return LadderFile.lines().stream()
                .filter(line -> line.tier().equals(tier))
                .<Object>map(LadderFile.Line::summonerId)
                .toList();
    }
}
