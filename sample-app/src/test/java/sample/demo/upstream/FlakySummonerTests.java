package sample.demo.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import sample.LadderFile;

/** Tests for summoners that fail at every other request. */
@SpringBootTest(
        properties = {
            "sample.job=none",
            "sample.upstream.latency=0ms",
            "sample.upstream.jitter=0ms",
            "sample.upstream.failure-share=0",
            "sample.upstream.flaky-share=1"
        })
@AutoConfigureMockMvc
@Timeout(60)
class FlakySummonerTests {

    @Autowired
    private MockMvcTester mvc;

    @Test
    void everyOtherRequestFailsAndSomeResponsesHaveRetryAfter() {
        List<MvcTestResult> first =
                LadderFile.lines().stream().map(line -> get(line.summonerId())).toList();

        assertThat(first).allSatisfy(result -> assertThat(result).hasStatus(HttpStatus.SERVICE_UNAVAILABLE));
        assertThat(first)
                .filteredOn(result -> "1".equals(result.getResponse().getHeader(HttpHeaders.RETRY_AFTER)))
                .hasSizeBetween(5, 60);
        String id = LadderFile.lines().get(0).summonerId();
        assertThat(get(id)).hasStatusOk();
        assertThat(get(id)).hasStatus(HttpStatus.SERVICE_UNAVAILABLE);
    }

    private MvcTestResult get(String id) {
        return mvc.get()
                .uri("/lol/summoner/v4/summoners/{id}", id)
                .header("X-Riot-Token", "key")
                .exchange();
    }
}
