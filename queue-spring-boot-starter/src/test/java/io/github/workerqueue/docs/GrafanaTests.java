package io.github.workerqueue.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests for the dashboard and the alerts in {@code docs/grafana}. */
@Timeout(60)
class GrafanaTests {

    private static final Path ALERTS = Path.of("docs/grafana/alerts.yaml");

    private static final Path TESTS = Path.of("src/test/resources/alerts-test.yaml");

    private static final String DOCS =
            "https://github.com/workerqueue/queue-spring-boot/blob/main/queue-spring-boot-starter/docs/how-to/";

    @ParameterizedTest
    @EnumSource
    void dashboardMeetsRuleOfLinter(LinterRule rule) {
        assertThat(rule.problems(Dashboard.text())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void ruleOfLinterReportsBrokenDashboard(LinterRule rule) {
        assertThat(rule.problems(rule.breakIn(Dashboard.text()))).isNotEmpty();
    }

    @Test
    void alertsAreValid() throws Exception {
        assertThat(Promtool.run("check", "rules", ALERTS.toString())).isEmpty();
    }

    @Test
    void alertsFireInTheirConditionsOnly() throws Exception {
        assertThat(Promtool.run("test", "rules", TESTS.toString())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void alertHasTestsWithAndWithoutAlarm(JsonNode alert) throws IOException {
        String name = alert.path("alert").asString();
        assertThat(Files.readString(TESTS))
                .contains("- alertname: " + name + "\n")
                .containsPattern("alertname: " + name + ", eval_time: .*, exp_alerts: \\[\\]");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void alertIsCompleteAndHasRunbook(JsonNode alert) {
        String name = alert.path("alert").asString();
        String runbook = "monitor.md#" + name.toLowerCase(Locale.ROOT);
        assertThat(alert.path("for").asString("")).isNotEmpty();
        assertThat(alert.at("/labels/severity").asString("")).isIn("critical", "warning", "info");
        assertThat(alert.at("/annotations/summary").asString("")).isNotEmpty();
        assertThat(alert.at("/annotations/description").asString("")).isNotEmpty();
        assertThat(alert.at("/annotations/runbook_url").asString("")).isEqualTo(DOCS + runbook);
        assertThat(new Links()
                        .problems(Page.parse(Path.of("docs/how-to/runbooks"), name, "[runbook](" + runbook + ")")))
                .isEmpty();
    }

    private static Stream<JsonNode> alerts() throws IOException {
        Object rules = new Yaml().load(Files.readString(ALERTS));
        return JsonMapper.shared().valueToTree(rules).findValues("rules").stream()
                .flatMap(JsonNode::valueStream);
    }
}
