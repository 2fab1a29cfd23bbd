package io.github.workerqueue.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A dashboard of Grafana.
 *
 * @param json its JSON model
 */
record Dashboard(JsonNode json) {

    private static final Pattern SELECTOR = Pattern.compile("label_values\\((.*), \\w+\\)");

    static String text() {
        try {
            return Files.readString(Path.of("docs/grafana/dashboard.json"));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    static Dashboard parse(String text) {
        return new Dashboard(JsonMapper.shared().readTree(text));
    }

    Stream<JsonNode> variables() {
        return json.at("/templating/list").valueStream();
    }

    /** Returns the panels of all rows, but not the rows. */
    Stream<JsonNode> panels() {
        return json.path("panels")
                .valueStream()
                .flatMap(panel ->
                        Stream.concat(Stream.of(panel), panel.path("panels").valueStream()))
                .filter(panel -> !panel.path("type").asString().equals("row"));
    }

    /** Returns the expressions of all panels. */
    Stream<String> expressions() {
        return panels().flatMap(panel -> panel.path("targets").valueStream())
                .map(target -> target.path("expr").asString(""));
    }

    /** Returns the selectors of the variables, or the whole query if it has none. */
    Stream<String> selectors() {
        return variables()
                .filter(variable -> variable.path("type").asString().equals("query"))
                .map(variable ->
                        SELECTOR.matcher(variable.path("query").asString("")).replaceFirst("$1"));
    }
}
