package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Duration;
import java.util.List;

/** Tests for the log line about results that no join has returned. */
class UnjoinedResultsTests {

    private static final String MESSAGE = "Queue 'import': closed with 12 results that no join has returned; "
            + "join() still returns them, and execute() collects no results";

    @QueueTest
    void closeLogsUnjoinedResultsOncePerName(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();

        List<ILoggingEvent> events = FailureTests.logged(() -> {
            for (int i = 0; i < 3; i++) {
                WorkerQueue<Integer> queue = factory.open("import");
                queue.putAll(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), item -> item);
                queue.close();
                assertThat(queue.join()).hasSize(12);
            }
        });

        assertThat(events).extracting(ILoggingEvent::getFormattedMessage).containsExactly(MESSAGE);
        assertThat(events.get(0).getLevel()).isEqualTo(Level.INFO);
    }

    @QueueTest
    void factoryCloseLogsUnjoinedResults(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<Integer> queue = factory.open("import");
        queue.putAll(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), item -> item);

        assertThat(FailureTests.logged(() -> factory.close()))
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains(MESSAGE);
        assertThat(queue.join()).hasSize(12);
    }

    @QueueTest
    void closeLogsNothingWhenNoResultIsLeft(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();

        assertThat(FailureTests.logged(() -> {
                    try (WorkerQueue<Integer> joined = factory.open("joined")) {
                        joined.putAll(List.of(1, 2), item -> item);
                        joined.join();
                        joined.execute(() -> {});
                    }
                    try (WorkerQueue<Integer> submitted = factory.open("submitted")) {
                        assertThat(submitted.submit(() -> 1).get()).isEqualTo(1);
                        submitted.put(() -> null);
                    }
                }))
                .isEmpty();
    }

    @QueueTest
    void closeLogsNothingWhenRoundWasCancelled(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();

        assertThat(FailureTests.logged(() -> {
                    WorkerQueue<Integer> cancelled = factory.open("cancelled", settings -> settings.withWorkers(1));
                    cancelled.put(() -> 1);
                    Fixture.until(
                            "the task has ended", () -> cancelled.snapshot().completed() == 1);
                    cancelled.cancel();
                    cancelled.close();
                    WorkerQueue<Integer> cut = factory.open("cut", settings -> settings.withWorkers(1));
                    cut.put(() -> 1);
                    Blocker blocker = fixture.block(cut);
                    cut.close(Duration.ofMillis(1));
                    blocker.release();
                }))
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(line -> line.contains("no join has returned"));
    }

    @QueueTest
    void closeLogsUnjoinedResultsWhenEarlierRoundWasCancelled(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();

        assertThat(FailureTests.logged(() -> {
                    try (WorkerQueue<Integer> queue = factory.open("again")) {
                        queue.put(() -> 1);
                        queue.cancel();
                        queue.join();
                        queue.put(() -> 2);
                    }
                }))
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.startsWith("Queue 'again': closed with 1 result that"));
    }
}
