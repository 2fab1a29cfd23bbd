package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.io.ClassPathResource;

/** Tests for the source of the page, which must work under a strict content security policy and below any path. */
@Timeout(10)
class PageTests {

    private static final Pattern ADDRESS = Pattern.compile("(?:src|href)=\"([^\"]*)\"");

    private static final Pattern ID = Pattern.compile("id=\"([^\"]*)\"");

    @Test
    void pageHasNoInlineScriptOrStyle() throws IOException {
        assertThat(text("index.html"))
                .contains("<script src=\"sample.js\" type=\"module\">")
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContain("<style", "style=")
                .doesNotContainPattern(" on[a-z]+=");
        assertThat(text("sample.js")).doesNotContain("innerHTML", "insertAdjacentHTML", "eval(", "document.write");
    }

    @Test
    void addressesAreRelativeAndOwnFilesExist() throws IOException {
        List<String> addresses = all(ADDRESS, text("index.html"));

        assertThat(addresses)
                .contains("sample.js", "sample.css", "actuator/queueboard/board.css")
                .allSatisfy(address -> {
                    assertThat(address).doesNotStartWith("/").doesNotContain("://");
                    if (!address.startsWith("actuator/queueboard")) {
                        assertThat(new ClassPathResource("static/" + address).exists())
                                .as(address)
                                .isTrue();
                    }
                });
        assertThat(text("sample.js"))
                .contains("'./actuator/queueboard/charts.js'")
                .doesNotContainPattern("(fetch|getJson)\\('/")
                .doesNotContain("https:");
    }

    @Test
    void eachElementThatScriptUsesExistsOnce() throws IOException {
        List<String> ids = all(ID, text("index.html"));

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(ids).containsAll(all(Pattern.compile("\\$\\('([^']*)'\\)"), text("sample.js")));
        for (String field : List.of("job", "workers", "maxsize", "rateLimit", "latency", "failureShare", "items")) {
            assertThat(ids).contains(field, field + "-error");
        }
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static String text(String file) throws IOException {
        return new ClassPathResource("static/" + file).getContentAsString(StandardCharsets.UTF_8);
    }
}
