package sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSnapshot.State;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.web.filter.OncePerRequestFilter;
import sample.Browser;
import sample.SummonerGate;

/** Tests for the board in a browser, under a strict Content-Security-Policy. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "sample.job=none",
            "spring.profiles.active=fast",
            "sample.upstream.flaky-share=0.1",
            "sample.upstream.failure-share=0.01",
            "queue.instances.rated.rate-limits=1/1h",
            "queue.instances.shared.total-workers=2"
        })
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QueueBoardTests {

    private static final Path PICTURES = Path.of("target", "board");

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static Browser browser;

    @LocalServerPort
    private int port;

    @Autowired
    private LadderDemo job;

    @Autowired
    private SummonerGate gate;

    @Autowired
    private QueueFactory queues;

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
    void consoleHasNoProblem() {
        assertThat(browser.consoleProblems()).isEmpty();
    }

    /** Runs first, so that the pictures show only the queue of the job. */
    @Test
    @Order(1)
    void boardShowsJobFromStartToEndInAllSizesAndThemes() throws Exception {
        browser.show(1280, 900, "light");
        browser.open(board("#name=riot"));
        browser.awaitText("#limit", "Waiting for the producer");
        browser.run("document.querySelectorAll('.behind').forEach(details => details.open = true)");
        CompletableFuture<LadderSummary> run = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                run.complete(job.run());
            } catch (Throwable ex) {
                run.completeExceptionally(ex);
            }
        });
        thread.start();
        try {
            gate.awaitFirstHeld();
            browser.awaitText("#limit", "All 25 workers are busy");
            browser.awaitText("#figures", "25 / 25");
            browser.awaitText("#figures", " / 50");
            browser.awaitText(".chart-key", "50");
            browser.awaitText("#running", "queue-riot-");
            browser.awaitText("#blocked", "for ");
            browser.click("#running-body button");
            browser.awaitText("#show-text", "Thread queue-riot-");
            assertThat(browser.run("return document.querySelector('#show-body').value"))
                    .asInstanceOf(STRING)
                    .contains("sample.ladder.Ladder");
            browser.click("#show-close");
            browser.awaitText("#lanes tbody", "25\t");
            assertThat(browser.text("#progress-text")).contains("accepted tasks of the round done");
            browser.run("document.querySelectorAll('.behind').forEach(details => details.open = false)");
            for (String theme : List.of("light", "dark")) {
                for (int width : List.of(360, 1280, 1920)) {
                    browser.show(width, 900, theme);
                    assertThat(browser.run("return document.documentElement.scrollWidth - innerWidth"))
                            .as("width of %d", width)
                            .satisfies(overflow ->
                                    assertThat(((Number) overflow).intValue()).isLessThanOrEqualTo(0));
                    browser.picture(PICTURES.resolve(width + "-" + theme + ".png"));
                }
                assertThat(browser.accessibilityViolations()).as(theme).isEmpty();
            }
        } finally {
            gate.open();
        }
        assertThat(run.get(60, TimeUnit.SECONDS).complete()).isTrue();
        browser.awaitText("#limit", "Waiting for the producer");
        browser.awaitText("#failures", "ServiceUnavailable");
        browser.run("document.querySelectorAll('.behind').forEach(details => details.open = true)");
        browser.awaitText("#figures", "Accepted\n1,002");
        browser.awaitText("#lanes tbody", "25\t");
        assertThat(browser.text(".chart:nth-child(3) tbody")).contains("/s");
    }

    @Test
    void overviewNamesLimitOfEachQueue() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (WorkerQueue<Object> paused = queues.open("paused");
                WorkerQueue<Object> rated = queues.open("rated");
                WorkerQueue<Object> holder = queues.open("shared");
                WorkerQueue<Object> shared = queues.open("shared");
                WorkerQueue<Object> busy = queues.open("busy", settings -> settings.withWorkers(2));
                WorkerQueue<Object> idle = queues.open("idle");
                WorkerQueue<Object> closing = queues.open("closing")) {
            try {
                paused.pause();
                rated.execute(() -> {});
                rated.execute(() -> {});
                for (WorkerQueue<Object> queue : List.of(holder, busy, closing)) {
                    queue.execute(end::await);
                    queue.execute(end::await);
                }
                await().until(() -> holder.active() == 2);
                shared.execute(() -> {});
                closing.asExecutorService().shutdown();
                assertThat(idle.active()).isZero();

                browser.open(board(""));
                browser.awaitText(row("paused"), "Paused");
                browser.awaitText(row("rated"), "Rate limit 1 per 1 h: next start in ");
                browser.awaitText(row("shared"), "Other queues hold 2 of the 2 permits");
                browser.awaitText(row("busy"), "All 2 workers are busy");
                browser.awaitText(row("idle"), "Waiting for the producer");
                browser.awaitText(row("closing"), "Closing: 2 accepted tasks are left");
            } finally {
                rated.cancel();
                end.countDown();
            }
            browser.awaitText(row("busy"), "Waiting for the producer");
        }
        browser.awaitText(row("paused"), "No queue is open");
    }

    @Test
    void controlsChangeQueueAfterConfirmation() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (WorkerQueue<Object> queue = queues.open("controlled", settings -> settings.withWorkers(2))) {
            try {
                for (int i = 0; i < 5; i++) {
                    queue.execute(end::await);
                }
                await().until(() -> queue.active() == 2);
                browser.open(board("#name=controlled"));

                browser.click("#pause");
                browser.awaitText("#confirm", "The 2 running tasks continue.");
                assertThat(queue.snapshot().state()).isEqualTo(State.OPEN);
                assertThat(browser.accessibilityViolations()).isEmpty();
                browser.click("#confirm-yes");
                browser.awaitText("#confirm-error", "requires a CSRF token");
                assertThat(browser.consoleProblems()).singleElement(STRING).contains("403");
                assertThat(queue.snapshot().state()).isEqualTo(State.OPEN);
                browser.run("document.cookie = 'XSRF-TOKEN=a%3Db'");
                browser.click("#confirm-yes");
                browser.awaitText("#result", "Paused queue ");
                browser.awaitText("#limit", "Paused");
                assertThat(queue.snapshot().state()).isEqualTo(State.PAUSED);

                browser.click("#resume");
                browser.click("#confirm-yes");
                browser.awaitText("#result", "Resumed queue ");
                assertThat(queue.snapshot().state()).isEqualTo(State.OPEN);

                browser.click("#resize");
                browser.awaitText("#confirm", "2 of 2 workers busy");
                browser.run("document.querySelector('#workers').value = '3'");
                browser.click("#confirm-yes");
                browser.awaitText("#result", "of controlled to 3 workers");
                browser.awaitText("#limit", "All 3 workers are busy");

                browser.click("#cancel");
                browser.awaitText("#confirm", "Cancels 2 tasks that wait and 3 tasks that run");
                browser.click("#confirm-no");
                assertThat(queue.snapshot().cancelled()).isZero();
                browser.click("#cancel");
                browser.click("#confirm-yes");
                browser.awaitText("#result", "Cancelled the tasks of queue ");
                browser.awaitText("#figures", "Cancelled\n5");

                browser.click("#drain");
                browser.click("#confirm-yes");
                browser.awaitText("#result", "Started to drain queue ");
                browser.awaitText("#gone", "No queue of this name is open");
                await().until(() -> queue.snapshot().state() == State.CLOSED);
            } finally {
                end.countDown();
            }
        }
    }

    @Test
    void namesAndMessagesAreShownAsText() throws Exception {
        String markup = "<img src=x onerror=document.title='attacked'>";
        CountDownLatch end = new CountDownLatch(1);
        try (WorkerQueue<Object> queue = queues.open(markup)) {
            try {
                queue.execute(() -> {
                    throw new IllegalStateException(markup);
                });
                queue.put(
                        () -> {
                            end.await();
                            return null;
                        },
                        TaskOptions.named(markup));
                browser.open(board(""));
                browser.click("#names a[href*='img']");
                browser.awaitText("#name", markup);
                browser.awaitText("#running", markup);
                browser.awaitText("#failures", "IllegalStateException");
                assertThat(browser.run("return document.images.length")).isEqualTo(0L);
                assertThat(browser.run("return document.title")).isEqualTo(markup + " – Queue board");
            } finally {
                end.countDown();
            }
        }
    }

    @Test
    void boardKeepsPageAndIntervalWhenItIsOpenedAgain() {
        List<WorkerQueue<Object>> opened = IntStream.range(10, 31)
                .mapToObj(i -> queues.<Object>open("tenant-" + i))
                .toList();
        try {
            browser.open(board(""));
            browser.click("#next");
            browser.awaitText("#page-text", "Page 2 of 2");
            browser.awaitText(row("tenant-30"), "Waiting for the producer");
            browser.run("interval.value = '0'; interval.dispatchEvent(new Event('change'))");
            browser.awaitText("#age", "Paused");

            browser.open(String.valueOf(browser.run("return location.href")));
            browser.awaitText("#page-text", "Page 2 of 2");
            browser.awaitText("#age", "Paused");
            assertThat(browser.run("return interval.value")).isEqualTo("0");
        } finally {
            opened.forEach(WorkerQueue::close);
            browser.run("localStorage.clear()");
        }
    }

    private String board(String fragment) {
        return "http://localhost:" + port + "/actuator/queueboard" + fragment;
    }

    private static String row(String name) {
        return "#names a[href*='name=" + name + "']";
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Configuration {

        @Bean
        SummonerGate summonerGate() {
            return new SummonerGate(100);
        }

        /** Sends the policy, and requires the CSRF token "a=b" of changes, as Spring Security does. */
        @Bean
        OncePerRequestFilter securityFilter() {
            return new OncePerRequestFilter() {
                @Override
                protected void doFilterInternal(
                        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                        throws ServletException, IOException {
                    response.setHeader("Content-Security-Policy", "default-src 'self'");
                    if (request.getMethod().equals("POST") && !"a=b".equals(request.getHeader("X-XSRF-TOKEN"))) {
                        response.sendError(HttpServletResponse.SC_FORBIDDEN);
                    } else {
                        chain.doFilter(request, response);
                    }
                }
            };
        }
    }
}
