package io.github.workerqueue.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueLimit;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.RateLimit;
import io.github.workerqueue.RetryAfter;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.board.BoardDescriptor.LimitDescriptor;
import io.github.workerqueue.board.BoardDescriptor.NameDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests for the sentence that names the limit of a queue, each with a queue that has this limit. */
@Timeout(60)
class LimitSentenceTests {

    private static final String NAME = "prices";

    private static final QueueSnapshot OPEN =
            new QueueSnapshot(NAME, 1, QueueSnapshot.State.OPEN, 2, 4, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0);

    @Test
    void producerIsLimitWhenNoTaskWaits() {
        try (Recording recording = new Recording();
                WorkerQueue<?> queue = recording.factory.open(NAME)) {
            assertLimit(recording, queue, "producer", "Waiting for the producer");
        }
    }

    @Test
    void workersAreLimitWhenAllAreBusy() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<?> queue = recording.factory.open(NAME, settings -> settings.withWorkers(25));
            recording.block(queue, 25);
            assertLimit(recording, queue, "workers", "All 25 workers are busy");
            WorkerQueue<?> single = recording.factory.open("single", settings -> settings.withWorkers(1));
            recording.block(single, 1);
            assertLimit(recording, single, "workers", "The only worker is busy");
        }
    }

    @Test
    void pauseIsShownBeforeWorkers() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<?> queue = recording.factory.open(NAME, settings -> settings.withWorkers(2));
            recording.block(queue, 2);
            queue.pause();
            assertLimit(recording, queue, "paused", "Paused", "All 2 workers are busy");
        }
    }

    @Test
    void holdIsShownWithTimeOfItsEndBeforeStall() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<String> queue = recording.factory.open(NAME, settings -> settings.withWorkers(1));
            queue.put(() -> {
                throw new Later();
            });
            queue.join();
            queue.put(() -> "");
            recording.stalled.put(NAME + " (" + queue.snapshot().id() + ")", "the same tasks for 5 min");
            LimitDescriptor limit = limit(recording, queue);
            assertThat(limit.kind()).isEqualTo("hold");
            assertThat(limit.text()).matches("The server asked for a pause: next start in (1 min 5\\d s|2 min)");
            assertThat(limit.also()).containsExactly("Stuck: the same tasks for 5 min");
            queue.cancel();
        }
    }

    private static final class Later extends RuntimeException implements RetryAfter {

        private static final long serialVersionUID = 1;

        @Override
        public Duration retryAfter() {
            return Duration.ofMinutes(2);
        }
    }

    @Test
    void rateLimitIsShownWithTimeOfNextStart() throws Exception {
        try (Recording recording = withSettings(
                settings -> settings.withWorkers(3).withRateLimits(List.of(new RateLimit(2, Duration.ofMinutes(2)))))) {
            WorkerQueue<String> queue = recording.factory.open(NAME);
            queue.putAll(List.of("a", "b", "c"), item -> item);
            await().until(() -> limit(recording, queue).kind().equals("rate"));
            assertThat(limit(recording, queue).text())
                    .matches("Rate limit 2 per 2 min: next start in (1 min 5\\d s|2 min)");
            queue.cancel();
        }
    }

    @Test
    void permitsAreShownWithNumberThatOtherQueuesHold() throws Exception {
        try (Recording recording =
                withSettings(settings -> settings.withWorkers(5).withMaxsize(5).withTotalWorkers(6))) {
            WorkerQueue<?> first = recording.factory.open(NAME);
            WorkerQueue<?> second = recording.factory.open(NAME);
            recording.block(first, 4);
            recording.block(second, 2);
            second.execute(() -> {});
            assertLimit(recording, second, "permits", "Other queues hold 4 of the 6 permits");
        }
    }

    @Test
    void acceptedTasksAreCountedWhenQueueIsClosing() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<?> queue = recording.factory.open(NAME, settings -> settings.withWorkers(2));
            recording.block(queue, 2);
            queue.execute(() -> {});
            queue.asExecutorService().shutdown();
            assertLimit(recording, queue, "closing", "Closing: 3 accepted tasks are left", "All 2 workers are busy");
            recording.release();
        }
    }

    @Test
    void stallIsShownWithItsCauseBeforeWorkers() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<?> queue = recording.factory.open(NAME, settings -> settings.withWorkers(2));
            recording.block(queue, 2);
            String key = NAME + " (" + queue.snapshot().id() + ")";
            recording.stalled.put(key, "the same tasks for 5 min");
            assertLimit(recording, queue, "stalled", "Stuck: the same tasks for 5 min", "All 2 workers are busy");
            queue.pause();
            assertThat(limit(recording, queue).kind()).isEqualTo("paused");
        }
    }

    @Test
    void firstLimitOfAllQueuesIsShownInOverview() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<?> paused = recording.factory.open(NAME);
            WorkerQueue<?> busy = recording.factory.open(NAME, settings -> settings.withWorkers(1));
            recording.block(busy, 1);
            assertThat(overview(recording).limit())
                    .isEqualTo(new LimitDescriptor("workers", "The only worker is busy", null));
            paused.pause();
            assertThat(overview(recording).limit()).isEqualTo(new LimitDescriptor("paused", "Paused", null));
            recording.release();
            busy.close();
            paused.close();
            assertThat(overview(recording).limit()).isEqualTo(new LimitDescriptor("none", "No queue is open", null));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, PT1S, PT0.0504S, Rate limit 1 per 1 s: next start in 50 ms",
        "20, PT0.5S, PT1S, Rate limit 20 per 500 ms: next start in 1.0 s",
        "100, PT2M, PT3.24S, Rate limit 100 per 2 min: next start in 3.2 s",
        "100, PT90S, PT9.96S, Rate limit 100 per 90 s: next start in 10 s",
        "5, PT1H, PT59.7S, Rate limit 5 per 1 h: next start in 1 min",
        "1000, P1D, PT1H1S, 'Rate limit 1,000 per 1 d: next start in 60 min 1 s'"
    })
    void durationsOfRateLimitAreReadable(int permits, Duration per, Duration remaining, String text) {
        QueueLimit limit = new QueueLimit.Rate(new RateLimit(permits, per), remaining);
        assertThat(LimitSentence.of(OPEN, List.of(limit), null).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 0, This queue holds all 5 permits",
        "1, 0, This queue holds the only permit",
        "1, 1, Another queue holds the only permit",
        "1000, 1000, 'Other queues hold 1,000 of the 1,000 permits'"
    })
    void permitsAreReadable(int total, int heldElsewhere, String text) {
        QueueLimit limit = new QueueLimit.Permits(total, heldElsewhere);
        assertThat(LimitSentence.of(OPEN, List.of(limit), null).text()).isEqualTo(text);
    }

    @Test
    void everyLimitHasSentence() {
        assertThat(QueueLimit.class.getPermittedSubclasses())
                .extracting(Class::getSimpleName)
                .containsExactlyInAnyOrder("Paused", "Hold", "Rate", "Permits", "Workers", "Producer");
    }

    @Test
    void startIsShownWhenNothingLimitsQueue() {
        assertThat(LimitSentence.of(OPEN, List.of(), null).kind()).isEqualTo("starting");
    }

    private static Recording withSettings(UnaryOperator<QueueSettings> change) {
        QueueSettings settings = change.apply(QueueSettings.defaults());
        UnaryOperator<QueueFactory.Builder> instance = builder -> builder.instance(NAME, settings);
        return new Recording(instance);
    }

    private static void assertLimit(
            Recording recording, WorkerQueue<?> queue, String kind, String text, String... also) {
        @Nullable List<String> expected = also.length == 0 ? null : List.of(also);
        assertThat(limit(recording, queue)).isEqualTo(new LimitDescriptor(kind, text, expected));
    }

    private static LimitDescriptor limit(Recording recording, WorkerQueue<?> queue) {
        BoardQuery query = new BoardQuery(1, queue.name(), queue.snapshot().id(), 0, 0, true);
        return Objects.requireNonNull(recording.query(query).selected()).limit();
    }

    private static NameDescriptor overview(Recording recording) {
        return recording
                .query(new BoardQuery(1, null, null, 0, 0, true))
                .overview()
                .get(0);
    }
}
