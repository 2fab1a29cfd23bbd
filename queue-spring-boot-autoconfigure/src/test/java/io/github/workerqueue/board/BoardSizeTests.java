package io.github.workerqueue.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the sizes of responses and records. */
@Timeout(60)
class BoardSizeTests {

    private static final String LONG = "a long name of something that is longer than most names are, ".repeat(3);

    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    void responsesStayWithinTheirSizeWhenNamesAreLongAndWorkersMany() throws Exception {
        try (BoardApplication application = new BoardApplication(
                "--management.endpoint.queues.show-values=always", "--queue.workers=100", "--queue.maxsize=100")) {
            List<WorkerQueue<String>> queues = openBusyQueues(application.factory());
            String selected = queues.get(0).name().replace(" ", "%20");
            QueueBoard board = application.recorder();
            String first = application.json("/data?name=" + selected);
            await().until(() -> board.second() > 2);
            String late = application.json("/data?name=" + selected);
            String next = application.json("/data?name=" + selected + "&since=" + (board.second() - 1));

            for (String json : List.of(first, late, next)) {
                assertThat(JsonPath.<Integer>read(json, "$.overview.length()")).isEqualTo(20);
                assertThat(JsonPath.<Integer>read(json, "$.selected.running.length()"))
                        .isEqualTo(10);
                assertThat(JsonPath.<Integer>read(json, "$.selected.runningMore"))
                        .isEqualTo(90);
                assertThat(JsonPath.<Integer>read(json, "$.selected.blocked.length()"))
                        .isEqualTo(5);
                assertThat(JsonPath.<List<String>>read(json, "$.selected.running[*].name"))
                        .allMatch(name -> name.length() == 60 && name.endsWith("…"));
                assertThat(JsonPath.<List<?>>read(json, "$.selected.failures.groups"))
                        .isNotEmpty();
                assertThat(json.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(10_000);
            }
            assertThat(JsonPath.<List<String>>read(next, "$.selected.lanes.shown[*].cells"))
                    .hasSize(25)
                    .allMatch(cells -> cells.length() >= 3);
            goOn.countDown();
        }
    }

    private List<WorkerQueue<String>> openBusyQueues(QueueFactory factory) throws InterruptedException {
        List<WorkerQueue<String>> queues = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            queues.add(factory.open("import of prices, supplier " + (100 + i)));
        }
        WorkerQueue<String> selected = queues.get(0);
        for (int i = 0; i < 60; i++) {
            String message = LONG + i;
            Exception exception = i % 3 == 0
                    ? new IOException(message)
                    : i % 3 == 1 ? new IllegalStateException(message) : new TimeoutException(message);
            selected.put(
                    () -> {
                        throw exception;
                    },
                    TaskOptions.named(LONG + i));
        }
        selected.join();
        for (int i = 0; i < 200; i++) {
            selected.put(
                    () -> {
                        goOn.await();
                        return "";
                    },
                    TaskOptions.named(LONG + i));
        }
        for (int i = 0; i < 10; i++) {
            Thread producer = new Thread(
                    () -> {
                        try {
                            selected.put(() -> "");
                        } catch (InterruptedException ex) {
                            throw new AssertionError(ex);
                        }
                    },
                    LONG + i);
            producer.start();
        }
        await().until(() -> selected.snapshot().blockedProducers() == 10);
        return queues;
    }
}
