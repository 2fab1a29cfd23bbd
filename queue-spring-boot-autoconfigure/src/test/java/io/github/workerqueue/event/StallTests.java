package io.github.workerqueue.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueReport;
import io.github.workerqueue.QueueReport.BlockedProducer;
import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.QueueReport.WaitingTask;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.QueueSnapshot.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests for the conditions of a stall: rule 13 of {@code docs/reference/rules.md}. */
class StallTests {

    private static final Duration AFTER = Duration.ofMinutes(1);

    private static final Duration BEFORE = AFTER.minusNanos(1);

    @Test
    void queueIsStalledWhenAllWorkersAreBusyWithSameTasks() {
        assertThat(cause(State.OPEN, null, AFTER, AFTER.plusDays(1)))
                .isEqualTo("all workers (2) have been busy with the same tasks for at least 1m; waiting tasks: 3");
        assertThat(cause(State.CLOSING, null, AFTER, AFTER)).isNotNull();
    }

    @Test
    void queueIsNotStalledWhenOneWorkerHasStartedNewTask() {
        assertThat(cause(State.OPEN, null, AFTER, BEFORE)).isNull();
        assertThat(cause(State.OPEN, BEFORE, BEFORE, AFTER)).isNull();
    }

    @Test
    void queueIsNotStalledWhenOneWorkerIsFree() {
        assertThat(cause(State.OPEN, null, AFTER)).isNull();
        assertThat(cause(State.OPEN, null)).isNull();
    }

    @Test
    void queueIsStalledWhenTaskWaitsTooLong() {
        assertThat(cause(State.OPEN, AFTER, BEFORE))
                .isEqualTo("the oldest waiting task has waited for 1m; waiting tasks: 3, busy workers: 1 of 2");
    }

    @Test
    void pausedQueueIsNotStalled() {
        assertThat(cause(State.PAUSED, AFTER, AFTER, AFTER)).isNull();
    }

    @Test
    void queueIsNotStalledWhenTimesAreNotMeasured() {
        assertThat(cause(State.OPEN, null, null, null)).isNull();
        assertThat(cause(State.OPEN, null, AFTER, null)).isNull();
    }

    @Test
    void tasksAreDescribedWithTheirStacks() {
        StackTraceElement frame = new StackTraceElement("Riot", "match", "Riot.java", 17);
        Thread thread = new Thread(() -> {}, "queue-riot-1");
        QueueReport report = new QueueReport(
                figures(State.OPEN),
                List.of(new RunningTask(4, "match 17", AFTER, thread), new RunningTask(5, 18, AFTER, null)),
                new WaitingTask(6, (Runnable) () -> {}, BEFORE),
                List.of());
        assertThat(Stall.describe(report, Map.of(4L, List.of(frame))).lines())
                .containsExactly(
                        "",
                        "  task 4 'match 17' has run for 1m on queue-riot-1",
                        "    at Riot.match(Riot.java:17)",
                        "  task 5 '18' has run for 1m, its stage is incomplete",
                        "  task 6 has waited for 59s");
    }

    @Test
    void firstTenBlockedProducersAreDescribed() {
        List<BlockedProducer> blocked = IntStream.range(0, 12)
                .mapToObj(i -> new BlockedProducer(new Thread(() -> {}, "http-" + i), AFTER))
                .toList();
        QueueReport report = new QueueReport(figures(State.OPEN), List.of(), null, blocked);
        assertThat(Stall.describe(report, Map.of()).lines())
                .hasSize(12)
                .contains("  producer http-0 has been blocked for 1m", "  producer http-9 has been blocked for 1m")
                .endsWith("  and 2 more producers");
    }

    @ParameterizedTest
    @CsvSource({"PT0.000000001S, PT0.1S", "PT1S, PT0.1S", "PT30S, PT3S", "PT1M, PT6S", "PT1H, PT10S"})
    void watchdogPeriodIsTenthOfStallTimeWithinBounds(Duration after, Duration period) {
        assertThat(StallWatchdog.period(after)).isEqualTo(period);
    }

    private static @Nullable String cause(State state, @Nullable Duration oldest, @Nullable Duration... running) {
        List<RunningTask> tasks = IntStream.range(0, running.length)
                .mapToObj(i -> new RunningTask(i, "task", running[i], null))
                .toList();
        WaitingTask waiting = oldest == null ? null : new WaitingTask(9, "task", oldest);
        return Stall.cause(new QueueReport(figures(state), tasks, waiting, List.of()), AFTER);
    }

    private static QueueSnapshot figures(State state) {
        return new QueueSnapshot("riot", 1, state, 2, 4, 3, 2, 0, 0, 5, 0, 5, 0, 0, 0, 0);
    }
}
