package io.github.workerqueue.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.StringUtils;

/** Tests for the page of the board, its files and the errors of its endpoint, over HTTP. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class QueueBoardEndpointTests {

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void endpointServesPageAndItsFiles(WebApplicationType type) throws Exception {
        try (BoardApplication application =
                new BoardApplication(BoardApplication.Application.class, type, "/actuator/queueboard")) {
            HttpResponse<String> page = application.get("", null, "text/html,application/xhtml+xml,*/*;q=0.8");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
            assertThat(page.body()).contains("<base href=\"queueboard/\">").doesNotContain("@base@");
            assertFile(application, "uPlot.js", "*/*", "text/javascript;charset=UTF-8", "uPlot");
            assertFile(application, "uPlot.css", "text/css,*/*;q=0.1", "text/css;charset=UTF-8", ".uplot");
            assertFile(application, "uPlot.css", "text/css", "text/css;charset=UTF-8", ".uplot");
            assertFile(application, "data", "application/json", "application/json", "\"overview\":[]");
        }
    }

    @Test
    void endpointServesEveryFileThatPageRefersTo() throws Exception {
        try (BoardApplication application = new BoardApplication()) {
            Queue<String> files = new ArrayDeque<>(references(application.json(""), "(?:src|href)=\"([^\"@#/]+)\""));
            Set<String> served = new HashSet<>();
            while (!files.isEmpty()) {
                String file = files.remove();
                if (served.add(file)) {
                    HttpResponse<String> response = application.get("/" + file);
                    assertThat(response.statusCode()).as(file).isEqualTo(200);
                    files.addAll(references(response.body(), "(?:from|import) *['\"]\\./([^'\"]+)['\"]"));
                }
            }
            assertThat(served).isNotEmpty();
        }
    }

    private static List<String> references(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static void assertFile(
            BoardApplication application, String file, String accept, String type, String content) throws Exception {
        HttpResponse<String> response = application.get("/" + file, null, accept);
        assertThat(response.statusCode()).as(file).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
        assertThat(response.body()).contains(content);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void endpointAnswersNotFoundWhenFileOrNameOfHistoryIsUnknown(WebApplicationType type) throws Exception {
        try (BoardApplication application =
                new BoardApplication(BoardApplication.Application.class, type, "/actuator/queueboard")) {
            for (String path : new String[] {
                "/index.html", "/none.js", "/..%2Fboard.js", "/history", "/history?name=none", "/data/none"
            }) {
                assertThat(application.get(path).statusCode()).as(path).isBetween(400, 404);
            }
            assertThat(application.get("/data?name=none").body()).doesNotContain("selected");
            assertThat(application.get("/data?page=x"))
                    .returns(400, HttpResponse::statusCode)
                    .returns("{\"message\":\"page must be a number of 1 or more, but was 'x'\"}", HttpResponse::body);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "queueboard/, /app/mng/queueboard, --server.servlet.context-path=/app"
                + " --management.endpoints.web.base-path=/mng",
        "queueboard/, /root/queueboard, --management.server.port=0 --management.server.base-path=/root"
                + " --management.endpoints.web.base-path=/",
        "board/, /actuator/queues/board, --management.endpoints.web.path-mapping.queueboard=queues/board",
        "queueboard/, /queueboard, --management.endpoints.web.base-path=/ --management.server.port=0"
    })
    void baseOfPageIsLastSegmentOfItsPathAndLogHasItsAddress(
            String base, String path, String properties, CapturedOutput output) throws Exception {
        try (BoardApplication application = new BoardApplication(
                BoardApplication.Application.class,
                WebApplicationType.SERVLET,
                path,
                StringUtils.tokenizeToStringArray(properties, " "))) {
            assertThat(output).containsOnlyOnce("Queue board: " + application.address());
            assertThat(application.get("").body()).contains("<base href=\"" + base + "\">");
            assertThat(application.get("/uPlot.css").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void dataShowsQueuesAndHistoryItsSamples(WebApplicationType type) throws Exception {
        try (BoardApplication application =
                        new BoardApplication(BoardApplication.Application.class, type, "/actuator/queueboard");
                WorkerQueue<String> queue = application.factory().open("prices & more")) {
            queue.put(() -> "");
            queue.join();
            await().until(() -> application.recorder().second() >= 2);
            String name = "prices%20%26%20more";
            DocumentContext data = JsonPath.parse(application.json("/data?name=" + name + "&id=0&since=1&failures=0"));
            assertThat(data.<String>read("$.instance")).matches("[0-9a-f]{8}");
            assertThat(data.<Integer>read("$.second")).isGreaterThanOrEqualTo(2);
            assertThat(data.<String>read("$.overview[0].name")).isEqualTo("prices & more");
            assertThat(data.<String>read("$.overview[0].limit.kind")).isEqualTo("producer");
            assertThat(data.<String>read("$.selected.name")).isEqualTo("prices & more");
            assertThat(data.<Integer>read("$.selected.figures.completed")).isEqualTo(1);
            assertThat(data.<Integer>read("$.selected.samples.first")).isEqualTo(2);
            assertThat(data.<Map<String, Object>>read("$.selected"))
                    .doesNotContainKeys("oldest", "runningMore", "blockedMore", "failures");
            DocumentContext history = JsonPath.parse(application.json("/history?name=" + name));
            assertThat(history.<String>read("$.name")).isEqualTo("prices & more");
            assertThat(history.<String>read("$.instance")).isEqualTo(data.<String>read("$.instance"));
            assertThat(history.<Integer>read("$.samples.first")).isEqualTo(1);
            assertThat(history.<List<Integer>>read("$.samples.succeeded").stream()
                            .mapToInt(succeeded -> succeeded)
                            .sum())
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "never, , false",
        "always, , true",
        "when-authorized, , false",
        "when-authorized, viewer, false",
        "when-authorized, operator, true",
        "never, operator, false"
    })
    void messagesAndValuesInNamesAreShownWhenEndpointQueuesShowsThem(String show, @Nullable String user, boolean shown)
            throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (BoardApplication application = new BoardApplication(
                        BoardApplication.SecuredApplication.class,
                        WebApplicationType.SERVLET,
                        "/actuator/queueboard",
                        "--management.endpoint.queues.show-values=" + show,
                        "--management.endpoint.queues.roles=OPERATOR");
                WorkerQueue<String> queue = application.factory().open("prices", settings -> settings.withWorkers(2))) {
            queue.executeAll(List.of(new Item("secret item")), item -> {
                throw new IllegalStateException("secret message");
            });
            queue.put(
                    () -> {
                        throw new IllegalStateException("secret message");
                    },
                    TaskOptions.named("given"));
            queue.join();
            queue.executeAll(
                    List.of(new Item("secret 1"), new Item("secret 2"), new Item("secret 3")), item -> goOn.await());
            await().until(() -> queue.active() == 2);

            String json = application.get("/data?name=prices", user, "*/*").body();
            assertThat(json.contains("secret")).isEqualTo(shown);
            assertThat(JsonPath.<List<String>>read(json, "$.selected.failures.groups[*].tasks[*].task"))
                    .containsExactlyInAnyOrder("given", shown ? "secret item" : Item.class.getName());
            assertThat(JsonPath.<List<String>>read(json, "$.selected.failures.groups[*].message"))
                    .hasSize(shown ? 1 : 0);
            assertThat(JsonPath.<List<String>>read(json, "$.selected.running[*].name"))
                    .containsExactlyInAnyOrder(
                            shown ? "secret 1" : Item.class.getName(), shown ? "secret 2" : Item.class.getName());
            assertThat(JsonPath.<String>read(json, "$.selected.oldest.name"))
                    .isEqualTo(shown ? "secret 3" : Item.class.getName());
            goOn.countDown();
        }
    }

    private record Item(String secret) {

        @Override
        public String toString() {
            return secret;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "queueboard, unrestricted, , Expose the endpoint queues to control queues.",
        "'queueboard,queues', read-only, ../queues/, Set management.endpoint.queues.access to unrestricted to control"
                + " queues.",
        "'queueboard,queues', unrestricted, ../queues/, "
    })
    void controlsHaveReasonUnlessEndpointQueuesIsUnrestricted(
            String exposed, String access, @Nullable String href, @Nullable String reason) throws Exception {
        try (BoardApplication application = new BoardApplication(
                "--management.endpoints.web.exposure.include=" + exposed,
                "--management.endpoint.queues.access=" + access)) {
            Map<String, String> controls = JsonPath.read(application.json("/data"), "$.controls");
            assertThat(controls.get("href")).isEqualTo(href);
            assertThat(controls.get("reason")).isEqualTo(reason);
        }
    }

    @Test
    void pageGetsCsrfTokenAsCookieAndItsHeaderAllowsChange() throws Exception {
        try (BoardApplication application = new BoardApplication(
                        BoardApplication.CsrfApplication.class,
                        WebApplicationType.SERVLET,
                        "/actuator/queueboard",
                        "--management.endpoint.queues.access=unrestricted");
                WorkerQueue<?> queue = application.factory().open("prices")) {
            assertThat(application.get("").statusCode()).isEqualTo(401);
            assertThat(application.get("/data", "viewer", "*/*").statusCode()).isEqualTo(403);
            String cookie = application.get("", "operator", "*/*").headers().allValues("Set-Cookie").stream()
                    .filter(value -> value.startsWith("XSRF-TOKEN="))
                    .map(value -> value.substring(0, value.indexOf(';')))
                    .findFirst()
                    .orElseThrow();
            String token = cookie.substring("XSRF-TOKEN=".length());

            String user = BoardApplication.authorization("operator");
            HttpResponse<String> forged = application.pause("prices", "Authorization", user, "Cookie", cookie);
            assertThat(forged.statusCode()).isEqualTo(403);
            assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.OPEN);
            HttpResponse<String> own =
                    application.pause("prices", "Authorization", user, "Cookie", cookie, "X-XSRF-TOKEN", token);
            assertThat(own.statusCode()).isEqualTo(200);
            assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.PAUSED);
        }
    }

    @Test
    void pathOfOtherEndpointIsRelativeToBoard() {
        assertThat(QueueBoardEndpoint.relative("/actuator/queueboard", "/actuator/queues"))
                .isEqualTo("../queues");
        assertThat(QueueBoardEndpoint.relative("/a/queues/board", "/a/queues")).isEqualTo("../");
        assertThat(QueueBoardEndpoint.relative("/board", "/ops/queues")).isEqualTo("../ops/queues");
    }
}
