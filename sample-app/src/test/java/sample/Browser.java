package sample;

import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium for tests of pages. Without it, a test is skipped, but fails if the environment variable CI is true. */
public final class Browser implements AutoCloseable {

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    public static Browser start() {
        Optional<File> chromium = find("chromium");
        Optional<File> chromedriver = find("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            String reason = "The browser tests need chromium and chromedriver, but the PATH has not both";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(reason);
            }
            Assumptions.abort(reason);
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
        options.setCapability("goog:loggingPrefs", logs);
        return new Browser(new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(chromedriver.orElseThrow())
                        .build(),
                options));
    }

    private static Optional<File> find(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(directory -> new File(directory, program))
                .filter(File::canExecute)
                .findFirst();
    }

    /** Opens a page anew, even if only the fragment of the address differs. */
    public void open(String url) {
        driver.get("about:blank");
        driver.get(url);
    }

    /** Returns the visible text of all elements that match, one per line. */
    public String text(String selector) {
        Object text = run(
                "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText.trim()).join('\\n')",
                selector);
        return String.valueOf(text);
    }

    public void awaitText(String selector, String text) {
        await(selector).atMost(Duration.ofSeconds(20)).until(() -> text(selector), found -> found.contains(text));
    }

    public boolean isShown(String selector) {
        return Boolean.TRUE.equals(
                run("const e = document.querySelector(arguments[0]); return !!e && e.checkVisibility()", selector));
    }

    public void click(String selector) {
        await(selector).atMost(Duration.ofSeconds(20)).until(() -> isShown(selector));
        run("document.querySelector(arguments[0]).click()", selector);
    }

    /** Runs a script in the page, and returns its result. */
    public @Nullable Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Sets the size of the page in CSS pixels and its theme, and waits until it is drawn. */
    public void show(int width, int height, String theme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
        driver.executeAsyncScript(
                "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))");
    }

    /** Writes a picture of the whole page. */
    public void picture(Path file) throws IOException {
        Map<String, Object> picture = driver.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
    }

    /** Returns the rules of WCAG 2.2 AA that the page breaks, each with its elements. */
    public List<String> accessibilityViolations() {
        List<String> tags = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");
        return new AxeBuilder()
                .withTags(tags).analyze(driver).getViolations().stream()
                        .map(Browser::describe)
                        .toList();
    }

    private static String describe(Rule rule) {
        return rule.getId() + ": "
                + rule.getNodes().stream().map(node -> node.getHtml()).toList();
    }

    /** Returns the messages of the console since the last call, above the level INFO. */
    public List<String> consoleProblems() {
        Stream<LogEntry> entries =
                StreamSupport.stream(driver.manage().logs().get(LogType.BROWSER).spliterator(), false);
        return entries.filter(entry -> entry.getLevel().intValue() > Level.INFO.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
