package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** Tests for the log of a drain, the rejection of puts during a drain, and the format of durations. */
class DrainLogTests {

    @QueueTest
    void drainLogsItsStartAndItsEndWhenTasksAreUnfinished(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue =
                factory.open("import", settings -> settings.withWorkers(3).withMaxsize(6));
        Blocker blocker = fixture.blockAndFill(queue);

        List<ILoggingEvent> events = FailureTests.logged(logged -> {
            Fork<Boolean> closer = fixture.fork(() -> factory.close(Duration.ofSeconds(20)));
            Fixture.until("the drain has begun", () -> !logged.isEmpty());
            closer.awaitBlocked();
            blocker.release();
            assertThat(closer.get()).isTrue();
        });

        assertThat(events).extracting(ILoggingEvent::getLevel).hasSize(2).containsOnly(Level.INFO);
        assertThat(events.get(0).getFormattedMessage())
                .isEqualTo("Queue 'import': draining 3 running and 6 waiting tasks, for up to 20 s");
        assertThat(events.get(1).getFormattedMessage()).matches("Queue 'import': drained in [0-9.]+ m?s");
    }

    @QueueTest
    void drainLogsUnfinishedTasksWhenItsTimeIsUp(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        List<WorkerQueue<?>> open = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            open.add(factory.open("queue-" + i % 11, settings -> settings.withWorkers(1)));
            fixture.block(open.get(i));
        }

        List<ILoggingEvent> events = FailureTests.logged(() -> factory.close(Duration.ofMillis(20)));

        List<String> lines = events.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> !line.contains("abandoned 1 unfinished task on close"))
                .toList();
        String queues =
                "12 queues 'queue-0', 'queue-1', 'queue-2', 'queue-3', 'queue-4', 'queue-5', 'queue-6', 'queue-7', "
                        + "'queue-8', 'queue-9' and 1 more";
        assertThat(lines.get(0)).matches(queues + ": draining 12 running and 0 waiting tasks, for up to [0-9]+ ms");
        assertThat(lines.get(1)).matches(queues + ": stopped draining after [0-9.]+ m?s, with unfinished tasks");
        assertThat(lines).hasSize(2);
        Fixture.until(
                "the interrupted tasks have ended",
                () -> open.stream().allMatch(queue -> queue.snapshot().cancelled() == 1));
    }

    @QueueTest
    void drainLogsNothingWhenQueuesAreQuiescent(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        factory.open("idle");

        assertThat(FailureTests.logged(() -> factory.close(Duration.ofSeconds(20))))
                .isEmpty();
    }

    @QueueTest
    void putIsRejectedWithReasonWhenFactoryCloses(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = fixture.open(factory, 1, 1);
        Blocker blocker = fixture.block(queue);
        Fork<?> closer = fixture.forkAction(factory::close);
        closer.awaitBlocked();

        assertThatThrownBy(() -> queue.put(() -> ""))
                .isInstanceOf(QueueClosedException.class)
                .hasMessage(
                        "Queue 'default' is closing and does not accept tasks because its factory or the application "
                                + "stops; put tasks before the stop begins");
        blocker.release();
        closer.get();
        assertThatThrownBy(() -> queue.put(() -> ""))
                .hasMessageStartingWith("Queue 'default' is closed and does not accept tasks because its factory");
    }

    @QueueTest
    void closesReturnWhenLoggerThrows(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<Integer> unjoined = fixture.open(factory, 1, 10);
        WorkerQueue<Integer> busy = fixture.open(factory, 1, 10);
        unjoined.put(() -> 1);
        LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
        TurboFilter throwing = new TurboFilter() {
            @Override
            public FilterReply decide(
                    @Nullable Marker marker,
                    @Nullable Logger logger,
                    @Nullable Level level,
                    @Nullable String format,
                    Object @Nullable [] arguments,
                    @Nullable Throwable failure) {
                if (format != null) {
                    throw new IllegalStateException("logger");
                }
                return FilterReply.NEUTRAL;
            }
        };
        loggers.addTurboFilter(throwing);
        try {
            unjoined.close();
            assertThat(factory.queues()).hasSize(1);
            Blocker blocker = new Blocker();
            busy.execute(blocker);
            blocker.awaitStarted();
            Fork<Boolean> closer = fixture.fork(() -> factory.close(Duration.ofSeconds(10)));
            closer.awaitBlocked();
            blocker.release();
            assertThat(closer.get()).isTrue();
        } finally {
            loggers.getTurboFilterList().remove(throwing);
        }
    }

    @QueueTest
    void timedCloseLogsNoErrorWhenRoundHasEndedBefore(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(2, 10);
        queue.putAll(List.of(1, 2, 3, 4, 5), item -> item);
        queue.join();
        Blocker blocker = new Blocker();
        queue.execute(blocker);
        blocker.awaitStarted();

        assertThat(FailureTests.logged(() -> queue.close(Duration.ZERO)))
                .extracting(ILoggingEvent::getLevel)
                .doesNotContain(Level.ERROR);
        blocker.release();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT0.217S, 217 ms",
        "PT0.999S, 999 ms",
        "PT1S, 1 s",
        "PT1.5S, 1.5 s",
        "PT1.25S, 1.25 s",
        "PT59.999999999S, 59.999 s",
        "PT5M, 5 min",
        "PT1M30.5S, 1 min 30.5 s",
        "PT20H, '1,200 min'",
        "PT0.0005S, 0.5 ms",
        "PT0.000000001S, 0.000001 ms",
        "PT-1S, -1 s",
        "PT-0.000000001S, -0.000001 ms",
        "PT-9223372036854775808S, '-153,722,867,280,912,930 min 7 s'"
    })
    void durationIsFormattedExactlyInReadableUnits(Duration duration, String text) {
        assertThat(Durations.text(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT0.2174S, 217 ms",
        "PT0.9996S, 1 s",
        "PT2.349S, 2.3 s",
        "PT19.9999S, 20 s",
        "PT59.96S, 1 min",
        "PT5M12.614S, 5 min 12.6 s"
    })
    void measuredDurationIsRounded(Duration duration, String text) {
        assertThat(Durations.roundedText(duration)).isEqualTo(text);
    }

    @Test
    @Timeout(20)
    void drainOfSeveralFactoriesLogsStartAndEndOnce() throws Exception {
        QueueFactory first = QueueFactory.create(QueueSettings.defaults().withWorkers(1));
        QueueFactory second = QueueFactory.create(QueueSettings.defaults().withWorkers(1));
        Blocker blocker = new Blocker();
        first.open("first").execute(blocker);
        second.open("second").execute(blocker);
        blocker.awaitStarted(2);

        List<ILoggingEvent> events = FailureTests.logged(logged -> {
            Thread releaser = new Thread(() -> {
                Fixture.until("the drain has begun", () -> !logged.isEmpty());
                blocker.release();
            });
            releaser.start();
            QueueFactory.closeAll(List.of(first, second), Duration.ofSeconds(20));
            releaser.join();
        });

        assertThat(events)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(2)
                .first()
                .isEqualTo("2 queues 'first', 'second': draining 2 running and 0 waiting tasks, for up to 20 s");
    }
}
