package io.github.workerqueue.docs;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Rules of Grafana's dashboard linter for Prometheus, for each kind of panel and without exclusions. Each rule has a
 * change of the dashboard that breaks it.
 */
enum LinterRule {
    TEMPLATE_DATASOURCE(
            "\"label\": \"Data source\"",
            "\"label\": \"Source\"",
            dashboard -> dashboard
                    .variables()
                    .filter(variable -> has(variable, "/type", "datasource"))
                    .skip(hasVariable(dashboard, "datasource", "Data source", "/query", "prometheus") ? 1 : 0)
                    .map(LinterRule::name)),

    TEMPLATE_JOB("\"label\": \"Job\"", "\"label\": \"Jobs\"", dashboard -> missingVariable(dashboard, "job", "Job")),

    TEMPLATE_INSTANCE(
            "\"name\": \"instance\"",
            "\"name\": \"host\"",
            dashboard -> missingVariable(dashboard, "instance", "Instance")),

    TEMPLATE_LABEL_PROMQL(
            "label_values(queue_workers, job)",
            "label_values(queue workers, job)",
            dashboard -> dashboard.selectors().map(LinterRule::problem).filter(Predicate.not(String::isEmpty))),

    TEMPLATE_ON_TIME_CHANGE_RELOAD(
            "\"refresh\": 2",
            "\"refresh\": 1",
            dashboard -> dashboard
                    .variables()
                    .filter(variable -> has(variable, "/type", "query") && !has(variable, "/refresh", "2"))
                    .map(LinterRule::name)),

    PANEL_DATASOURCE(
            "\"uid\": \"${datasource}\"",
            "\"uid\": \"prometheus\"",
            dashboard -> panelsThat(
                    dashboard,
                    panel -> !has(panel, "/datasource/uid", "${datasource}")
                            || panel.path("targets")
                                    .valueStream()
                                    .anyMatch(target -> !has(target, "/datasource/uid", "${datasource}")))),

    PANEL_TITLE(
            "\"title\": \"Wait time\"",
            "\"title\": \"\"",
            dashboard -> panelsThat(dashboard, panel -> has(panel, "/title", ""))),

    PANEL_DESCRIPTION(
            "\"description\": \"Number",
            "\"details\": \"Number",
            dashboard -> panelsThat(dashboard, panel -> has(panel, "/description", ""))),

    PANEL_UNITS(
            "\"unit\": \"percentunit\"",
            "\"unit\": \"tasks\"",
            dashboard -> panelsThat(
                    dashboard,
                    panel -> Stream.of("short", "percentunit", "s", "cps")
                            .noneMatch(unit -> has(panel, "/fieldConfig/defaults/unit", unit)))),

    PANEL_NO_TARGETS(
            "\"targets\"",
            "\"queries\"",
            dashboard -> panelsThat(dashboard, panel -> panel.path("targets").isEmpty())),

    TARGET_PROMQL(
            "sum by (name, outcome)",
            "sum by (name outcome)",
            dashboard -> dashboard.expressions().map(LinterRule::problem).filter(Predicate.not(String::isEmpty))),

    TARGET_RATE_INTERVAL(
            "[$__rate_interval]", "[5m]", dashboard -> expressionsWith(dashboard, "\\[(?!\\$__rate_interval])")),

    TARGET_JOB("job=~\\\"$job\\\", ", "", dashboard -> expressionsWith(dashboard, without("job=~\"$job\""))),

    TARGET_INSTANCE(
            "instance=~\\\"$instance\\\", ",
            "",
            dashboard -> expressionsWith(dashboard, without("instance=~\"$instance\""))),

    TARGET_COUNTER_AGG(
            "rate(queue_rejected_tasks_total",
            "delta(queue_rejected_tasks_total",
            dashboard -> expressionsWith(dashboard, "(?<!(rate|increase)\\()\\b\\w+_total\\b")),

    UNEDITABLE(
            "\"editable\": false",
            "\"editable\": true",
            dashboard ->
                    Stream.of("dashboard is editable").filter(problem -> !has(dashboard.json(), "/editable", "false")));

    private final String original;

    private final String broken;

    @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
    private final Function<Dashboard, Stream<String>> check;

    LinterRule(String original, String broken, Function<Dashboard, Stream<String>> check) {
        this.original = original;
        this.broken = broken;
        this.check = check;
    }

    List<String> problems(String dashboard) {
        return check.apply(Dashboard.parse(dashboard)).toList();
    }

    /** Returns a dashboard with all occurrences of a text replaced so that it does not meet this rule. */
    String breakIn(String dashboard) {
        return dashboard.replace(original, broken);
    }

    private static boolean has(JsonNode node, String pointer, String value) {
        return node.at(pointer).asString("").equals(value);
    }

    private static String name(JsonNode variable) {
        return variable.path("name").asString();
    }

    private static Stream<String> missingVariable(Dashboard dashboard, String name, String label) {
        boolean exists = hasVariable(dashboard, name, label, "/type", "query")
                && hasVariable(dashboard, name, label, "/multi", "true")
                && hasVariable(dashboard, name, label, "/allValue", ".+")
                && hasVariable(dashboard, name, label, "/datasource/uid", "${datasource}");
        return exists ? Stream.of() : Stream.of("no variable '" + name + "' of all values with the label " + label);
    }

    private static boolean hasVariable(Dashboard dashboard, String name, String label, String pointer, String value) {
        return dashboard
                .variables()
                .anyMatch(variable -> has(variable, "/name", name)
                        && has(variable, "/label", label)
                        && has(variable, pointer, value));
    }

    private static Stream<String> panelsThat(Dashboard dashboard, Predicate<JsonNode> violate) {
        return dashboard.panels().filter(violate).map(panel -> "panel " + panel.path("id") + " " + panel.path("title"));
    }

    private static Stream<String> expressionsWith(Dashboard dashboard, String pattern) {
        return dashboard.expressions().filter(Pattern.compile(pattern).asPredicate());
    }

    /** Returns a pattern of a meter without a matcher. */
    private static String without(String matcher) {
        return "\\bqueue_\\w++(?!\\{[^}]*" + Pattern.quote(matcher) + ")";
    }

    private static String problem(String expression) {
        return Promtool.check(expression.replace("$__rate_interval", "5m"));
    }
}
