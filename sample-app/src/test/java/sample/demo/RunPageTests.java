package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.web.filter.OncePerRequestFilter;
import sample.Browser;

/** Tests for the page of the sample in a browser, under a strict Content-Security-Policy. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"sample.job=none", "spring.profiles.active=fast", "sample.upstream.latency=5ms"})
@Timeout(120)
class RunPageTests {

    private static final Path PICTURES = Path.of("target", "page");

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static Browser browser;

    @LocalServerPort
    private int port;

    @Autowired
    private Runs runs;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void cancelRun() {
        runs.newestFirst().forEach(Run::cancel);
        await().atMost(Duration.ofSeconds(30)).until(() -> !runs.isActive());
    }

    @Test
    void twoRunsAreStartedWatchedAndCompared() throws IOException {
        browser.show(1280, 900, "light");
        browser.open(page("?job=matches&workers=10&latency=300&items=120"));
        browser.awaitText("#no-runs", "Start two runs");
        assertThat(value("#job")).isEqualTo("matches-consume");
        assertThat(value("#workers")).isEqualTo("10");
        assertThat(value("#maxsize")).isEqualTo("50");

        browser.click("#start");
        browser.awaitText("#run-state", "running");
        browser.awaitText("#run-limit", "All 10 workers are busy");
        browser.awaitText("#run-meters", "10 / 10");
        browser.awaitText("#progress-text", " of 120 tasks");
        browser.run("document.querySelectorAll('.behind').forEach(details => details.open = true)");
        browser.awaitText("#lanes tbody", "10\t");
        assertThat(browser.run("return document.querySelector('#start').disabled"))
                .isEqualTo(true);
        browser.awaitText("#run-state", "complete");
        browser.awaitText("#figures", "Heap retained");

        browser.run("document.querySelector('#workers').value = '40';"
                + "document.querySelector('#form').dispatchEvent(new Event('input'))");
        assertThat(browser.run("return location.search"))
                .isEqualTo("?job=matches&mode=consume&workers=40&latency=300&items=120");
        int first = runs.newestFirst().get(0).id();
        browser.click("#start");
        browser.awaitText("#summaries", "A: run " + (first + 1));
        browser.awaitText("#run-state", "complete");
        assertThat(browser.text("#summaries")).contains("Workers\t40\t10", "Items\t120\t120");
        browser.awaitText("#charts figure:nth-child(1) tbody", " /s");
        assertThat(browser.text("#charts figure:nth-child(3) .chart-key")).contains("A", "B");
        assertThat(browser.run("return [...document.querySelectorAll('#charts canvas')].every(c => c.width > 100)"))
                .isEqualTo(true);
        browser.run("document.querySelectorAll('.behind').forEach(details => details.open = false)");
        assertAccessibleInAllSizesAndThemes();
        assertThat(browser.consoleProblems()).isEmpty();
    }

    private static void assertAccessibleInAllSizesAndThemes() throws IOException {
        for (String theme : List.of("light", "dark")) {
            for (int width : List.of(360, 1280, 1920)) {
                browser.show(width, 900, theme);
                assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth"))
                        .as("width of %d", width)
                        .isEqualTo(true);
                browser.picture(PICTURES.resolve(width + "-" + theme + ".png"));
            }
            assertThat(browser.accessibilityViolations()).as(theme).isEmpty();
        }
    }

    @Test
    void runIsCancelled() {
        browser.open(page("?job=ladder&latency=1000&rateLimit=20/1s"));
        browser.click("#start");
        browser.awaitText("#run-limit", "Rate limit 20 per 1 s: next start in ");
        browser.awaitText("#progress-text", " of 1,002 tasks");

        browser.click("#cancel");
        browser.awaitText("#run-state", "cancelled");
        assertThat(browser.isShown("#cancel")).isFalse();
        browser.awaitText("#runs", "cancelled");
        assertThat(runs.newestFirst().get(0).view().state()).isEqualTo("cancelled");
        assertThat(browser.consoleProblems()).isEmpty();
    }

    @Test
    void invalidSettingsAreShownAtTheirFields() {
        browser.open(page("?job=ladder&workers=0&items=5000&rateLimit=9/s"));
        browser.awaitText("#rateLimit-error", "but was '9/s'");
        browser.click("#start");

        browser.awaitText("#workers-error", "Must be a whole number between 1 and 150, but was 0");
        browser.awaitText("#items-error", "Must be a whole number between 1 and 1,000, but was 5000");
        assertThat(browser.isShown("#workers-error")).isTrue();
        assertThat(browser.isShown("#items-error")).isTrue();
        assertThat(browser.isShown("#maxsize-error")).isFalse();
        assertThat(browser.run("return document.activeElement.id")).isEqualTo("workers");
        assertThat(browser.accessibilityViolations()).isEmpty();
        assertThat(browser.consoleProblems()).allMatch(problem -> problem.contains("status of 400"));
    }

    private static Object value(String selector) {
        return String.valueOf(browser.run("return document.querySelector(arguments[0]).value", selector));
    }

    private String page(String query) {
        return "http://localhost:" + port + "/" + query;
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Configuration {

        @Bean
        OncePerRequestFilter contentSecurityPolicy() {
            return new OncePerRequestFilter() {

                @Override
                protected void doFilterInternal(
                        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                        throws ServletException, IOException {
                    response.setHeader("Content-Security-Policy", "default-src 'self'");
                    chain.doFilter(request, response);
                }
            };
        }
    }
}
