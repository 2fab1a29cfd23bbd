package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UnsupportedEncodingException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests for the runs of the page. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"sample.job=none", "spring.profiles.active=fast", "sample.upstream.latency=3ms"})
@AutoConfigureMockMvc
@Timeout(60)
class RunControllerTests {

    private static final long MB = 1_000_000;

    @Autowired
    private MockMvcTester mvc;

    @Autowired
    private JsonMapper json;

    @Autowired
    private Runs runs;

    @Test
    void ladderRunHasSettingsSummaryAndSamples() {
        JsonNode run = ended(start("""
                {"job": "ladder", "workers": 40, "maxsize": 7, "items": 200, "latency": 100, "failureShare": 0}
                """));

        assertThat(run.at("/state").asString()).isEqualTo("complete");
        assertThat(run.at("/source").asString()).isEqualTo("page");
        assertThat(run.at("/queue/name").asString()).isEqualTo("riot");
        assertThat(run.at("/settings")).isEqualTo(json.readTree("""
                {"job": "ladder", "workers": 40, "maxsize": 7, "rateLimit": "none", "failureShare": 0.0, \
                "latency": 100, "items": 200}
                """));
        JsonNode summary = run.at("/summary");
        assertThat(summary.at("/results").asInt()).isEqualTo(200);
        assertThat(summary.at("/done").asInt()).isEqualTo(202);
        assertThat(summary.at("/calls").asInt())
                .isEqualTo(202 + summary.at("/retries").asInt());
        assertThat(summary.at("/retries").asInt()).isBetween(5, 60);
        assertThat(summary.at("/failures")).isEmpty();
        assertThat(summary.at("/retained").isMissingNode()).isTrue();
        long elapsed = summary.at("/elapsed").asLong();
        assertThat(elapsed).isBetween(500L, 20_000L);
        assertThat(summary.at("/blocked").asLong()).isBetween(1L, elapsed);
        assertThat(summary.at("/throughput").asDouble()).isBetween(202_000.0 / elapsed - 1, 202_000.0 / elapsed + 1);
        JsonNode samples = run.at("/samples");
        int last = samples.at("/time").size() - 1;
        assertThat(samples.at("/time/0").asDouble()).isZero();
        assertThat(samples.at("/time/" + last).asDouble()).isBetween(elapsed / 1000.0 - 0.1, elapsed / 1000.0 + 0.1);
        assertThat(samples.at("/depth")).hasSize(last + 1);
        assertThat(samples.at("/active")).hasSize(last + 1);
        assertThat(samples.at("/throughput")).hasSize(last + 1);
        if (last > 1) {
            assertThat(samples.at("/active/1").asInt()).isBetween(1, 40);
            assertThat(samples.at("/throughput/1").asDouble()).isPositive();
        }
    }

    @Test
    void heapRetainsMatchesWhenRunCollectsThem() {
        JsonNode consumed = ended(start("{\"job\": \"matches\", \"mode\": \"consume\", \"items\": 600}"));
        JsonNode collected = ended(start("{\"job\": \"matches\", \"mode\": \"collect\", \"items\": 600}"));

        assertThat(consumed.at("/state").asString()).isEqualTo("complete");
        assertThat(collected.at("/state").asString()).isEqualTo("complete");
        assertThat(collected.at("/summary/results")).isEqualTo(consumed.at("/summary/results"));
        assertThat(consumed.at("/summary/retained").asLong()).isLessThan(5 * MB);
        assertThat(collected.at("/summary/retained").asLong()).isGreaterThan(15 * MB);
    }

    @Test
    void runIsIncompleteWhenChosenShareOfCallsFails() {
        JsonNode run = ended(start("{\"job\": \"ladder\", \"items\": 50, \"failureShare\": 1}"));

        assertThat(run.at("/state").asString()).isEqualTo("incomplete");
        assertThat(run.at("/summary/failures/ServiceUnavailable").asInt()).isEqualTo(50);
        assertThat(run.at("/summary/failed").asInt()).isEqualTo(50);
        assertThat(mvc.get().uri("/lol/match/v5/matches/{id}", "NA1_5000000000").header("X-Riot-Token", "key"))
                .as("behavior after the run")
                .hasStatusOk();
    }

    @Test
    void runOpensQueueOfNameThatHasChosenRateLimit() {
        JsonNode run = ended(start("{\"job\": \"ladder\", \"items\": 45, \"rateLimit\": \"20/s\"}"));

        assertThat(run.at("/settings/rateLimit").asString()).isEqualTo("20/1s");
        assertThat(run.at("/queue/name").asString()).isEqualTo("limit-20");
        assertThat(run.at("/summary/elapsed").asLong()).isGreaterThanOrEqualTo(2_000);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            "job": "import"                          | job          | import | one of ladder, matches
            "job": 3                                 | job          | 3      | one of ladder, matches
            "mode": "both", "job": "matches"         | mode         | both   | one of consume, collect
            "mode": "consume", "job": "ladder"       | mode         | consume | omitted for the ladder
            "workers": 0                             | workers      | 0      | a whole number between 1 and 150
            "workers": 151                           | workers      | 151    | a whole number between 1 and 150
            "workers": 2.5                           | workers      | 2.5    | a whole number between 1 and 150
            "workers": "7"                           | workers      | 7      | a whole number between 1 and 150
            "maxsize": 0                             | maxsize      | 0      | a whole number between 1 and 100,000
            "maxsize": 5000000000                    | maxsize      | 5000000000 | a whole number between 1 and 100,000
            "rateLimit": "7/s"                       | rateLimit    | 7/s    | one of none; 20/1s; 100/1s
            "rateLimit": "fast"                      | rateLimit    | fast   | one of none; 20/1s; 100/1s
            "failureShare": -0.1                     | failureShare | -0.1   | a number between 0 and 1
            "failureShare": 1.1                      | failureShare | 1.1    | a number between 0 and 1
            "failureShare": true                     | failureShare | true   | a number between 0 and 1
            "latency": -1                            | latency      | -1     | a whole number between 0 and 5,000
            "latency": 5001                          | latency      | 5001   | a whole number between 0 and 5,000
            "items": 0                               | items        | 0      | a whole number between 1 and 1,000
            "items": 1001                            | items        | 1001   | a whole number between 1 and 1,000
            "items": 30001, "job": "matches"         | items        | 30001  | a whole number between 1 and 30,000
            """)
    void settingIsRejectedWithFieldValueAndAllowedValues(String member, String field, String value, String allowed) {
        MvcTestResult result = post("{" + member + "}");

        assertThat(result).hasStatus(HttpStatus.BAD_REQUEST);
        JsonNode violations = body(result).at("/violations");
        assertThat(violations).hasSize(1);
        assertThat(violations.at("/0/field").asString()).isEqualTo(field);
        assertThat(violations.at("/0/value").asString()).isEqualTo(value);
        assertThat(violations.at("/0/allowed").asString()).isEqualTo(allowed);
        assertThat(violations.at("/0/message").asString()).startsWith(field + " must be " + allowed + ", but was ");
        assertThat(runs.isActive()).isFalse();
    }

    @Test
    void eachInvalidFieldIsNamedWhenSeveralAreInvalid() {
        assertThat(body(post("{\"workers\": 0, \"maxsize\": 0, \"wokers\": 5}")).at("/violations"))
                .extracting(violation -> violation.at("/field").asString())
                .containsExactly("wokers", "workers", "maxsize");
        assertThat(post("[]")).hasStatus(HttpStatus.BAD_REQUEST);
        assertThat(post("{")).hasStatus(HttpStatus.BAD_REQUEST);
    }

    @Test
    void runIsRejectedWhileAnotherOneIsActiveAndStartsAfterItsCancellation() {
        int id = start("{\"job\": \"ladder\", \"latency\": 1000}");
        await().until(() -> run(id).at("/summary/done").asInt() > 20);

        MvcTestResult rejected = post("{\"job\": \"matches\"}");
        assertThat(rejected).hasStatus(HttpStatus.CONFLICT);
        assertThat(body(rejected).at("/message").asString())
                .isEqualTo("A run is active; wait until it has ended, or cancel it");
        assertThat(list().at("/active").asBoolean()).isTrue();
        assertThat(run(id).at("/state").asString()).isEqualTo("running");

        assertThat(delete(id)).hasStatus(HttpStatus.ACCEPTED);
        JsonNode cancelled = ended(id);
        assertThat(cancelled.at("/state").asString()).isEqualTo("cancelled");
        assertThat(cancelled.at("/summary/done").asInt()).isLessThan(500);
        assertThat(delete(id)).hasStatus(HttpStatus.CONFLICT);
        JsonNode next = ended(start("{\"job\": \"ladder\", \"items\": 20}"));
        assertThat(next.at("/state").asString()).isEqualTo("complete");
        assertThat(next.at("/settings/latency").asInt()).isEqualTo(3);
        assertThat(next.at("/summary/elapsed").asLong()).isLessThan(4_000);
    }

    @Test
    void runIsRejectedWhileJobOfCommandLineIsActive() throws InterruptedException {
        runs.reserve();
        try {
            assertThat(post("{}")).hasStatus(HttpStatus.CONFLICT);
        } finally {
            runs.release();
        }
    }

    @Test
    void runsAreListedNewestFirstWithDefaultsOfProperties() {
        int first = start("{\"job\": \"ladder\", \"items\": 5}");
        ended(first);
        int second = start("{\"job\": \"matches\", \"items\": 5}");
        ended(second);

        JsonNode list = list();
        assertThat(list.at("/runs/0/id").asInt()).isEqualTo(second);
        assertThat(list.at("/runs/1/id").asInt()).isEqualTo(first);
        assertThat(list.at("/jobs")).hasSize(3);
        assertThat(list.at("/jobs/0")).isEqualTo(json.readTree("""
                {"defaults": {"job": "ladder", "workers": 25, "maxsize": 50, "rateLimit": "none", \
                "failureShare": 0.01, "latency": 3, "items": 1000}, "rateLimits": ["none", "20/1s", "100/1s"], \
                "maxWorkers": 150, "maxMaxsize": 100000, "maxLatency": 5000, "maxItems": 1000}
                """));
        assertThat(list.at("/jobs/2/defaults/mode").asString()).isEqualTo("collect");
        assertThat(list.at("/jobs/2/defaults/items").asInt()).isEqualTo(3000);
    }

    @Test
    void pageIsServedAtRoot() {
        assertThat(mvc.get().uri("/")).hasStatusOk().hasForwardedUrl("index.html");
    }

    @Test
    void unknownRunIsNotFound() {
        assertThat(mvc.get().uri("/runs/{id}", 1_000_000)).hasStatus(HttpStatus.NOT_FOUND);
        assertThat(delete(1_000_000)).hasStatus(HttpStatus.NOT_FOUND);
    }

    private int start(String settings) {
        await().until(() -> !runs.isActive());
        MvcTestResult result = post(settings);
        assertThat(result).hasStatus(HttpStatus.CREATED);
        int id = body(result).at("/id").asInt();
        assertThat(result.getResponse().getHeader(HttpHeaders.LOCATION)).isEqualTo("/runs/" + id);
        return id;
    }

    private JsonNode ended(int id) {
        await().atMost(Duration.ofSeconds(40))
                .until(() -> !run(id).at("/state").asString().equals("running") && !runs.isActive());
        return run(id);
    }

    private JsonNode run(int id) {
        return body(mvc.get().uri("/runs/{id}", id).exchange());
    }

    private JsonNode list() {
        return body(mvc.get().uri("/runs").exchange());
    }

    private MvcTestResult post(String settings) {
        return mvc.post()
                .uri("/runs")
                .contentType(MediaType.APPLICATION_JSON)
                .content(settings)
                .exchange();
    }

    private MvcTestResult delete(int id) {
        return mvc.delete().uri("/runs/{id}", id).exchange();
    }

    private JsonNode body(MvcTestResult result) {
        try {
            return json.readTree(result.getResponse().getContentAsString());
        } catch (UnsupportedEncodingException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
