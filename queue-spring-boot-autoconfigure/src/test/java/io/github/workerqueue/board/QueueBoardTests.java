package io.github.workerqueue.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.TaskRetryPolicy;
import io.github.workerqueue.WorkerQueue;
import io.github.workerqueue.board.BoardDescriptor.FailedTaskDescriptor;
import io.github.workerqueue.board.BoardDescriptor.FailureGroupDescriptor;
import io.github.workerqueue.board.BoardDescriptor.FailuresDescriptor;
import io.github.workerqueue.board.BoardDescriptor.LaneDescriptor;
import io.github.workerqueue.board.BoardDescriptor.NameDescriptor;
import io.github.workerqueue.board.BoardDescriptor.ProgressDescriptor;
import io.github.workerqueue.board.BoardDescriptor.QueueDescriptor;
import io.github.workerqueue.board.BoardDescriptor.RunningDescriptor;
import io.github.workerqueue.board.BoardDescriptor.SelectedDescriptor;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the recorder. */
@Timeout(60)
class QueueBoardTests {

    private static final String NAME = "prices";

    @Test
    void sampleHasSumsOfOpenQueuesAndTasksOfLastSecond() throws Exception {
        try (Recording recording = new Recording();
                WorkerQueue<String> first = recording.factory.open(NAME);
                WorkerQueue<String> second = recording.factory.open(NAME)) {
            first.putAll(List.of("a", "b", "c"), item -> item);
            first.join();
            recording.sample();
            second.putAll(List.of("d", "fails"), item -> {
                if (item.equals("fails")) {
                    throw new IllegalStateException("on purpose");
                }
                return item;
            });
            second.join();
            recording.sample();
            assertThat(samples(recording, 0))
                    .containsEntry("first", 1L)
                    .containsEntry("workers", List.of(50L, 50L))
                    .containsEntry("maxsize", List.of(100L, 100L))
                    .containsEntry("depth", List.of(0L, 0L))
                    .containsEntry("active", List.of(0L, 0L))
                    .containsEntry("succeeded", List.of(3L, 1L))
                    .containsEntry("failed", List.of(0L, 1L))
                    .containsEntry("cancelled", List.of(0L, 0L));
        }
    }

    @Test
    void tasksAreCountedWhenQueueOpensAndClosesBetweenSamples() throws Exception {
        try (Recording recording = new Recording()) {
            recording.sample();
            for (int i = 0; i < 10; i++) {
                try (WorkerQueue<String> queue = recording.factory.open(NAME)) {
                    queue.putAll(List.of("a", "b", "c"), item -> item);
                    queue.join();
                }
            }
            assertThat(recording.board.queues()).isZero();
            recording.sample();
            recording.sample();
            assertThat(samples(recording, 0)).containsEntry("succeeded", List.of(30L, 0L));
        }
    }

    @Test
    void tasksAreCountedOnceWhenTheyEndAfterClose() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<String> queue = recording.factory.open(NAME);
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            queue.execute(() -> {
                started.countDown();
                awaitUninterruptibly(goOn);
            });
            started.await();
            assertThat(queue.close(Duration.ZERO)).isFalse();
            recording.sample();
            goOn.countDown();
            assertThat(queue.close(Duration.ofSeconds(10))).isTrue();
            recording.sample();
            recording.sample();
            List<?> cancelled = (List<?>) samples(recording, 0).get("cancelled");
            assertThat(Objects.requireNonNull(cancelled).stream()
                            .mapToLong(number -> (Long) number)
                            .sum())
                    .isEqualTo(1);
            assertThat(recording.board.queue(queue.snapshot().id())).isNull();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException ex) {
                // the task ignores the interrupt
            }
        }
    }

    @Test
    void meansAreRecordedAlwaysAndQuantilesOnlyWhileNameIsWatched() throws Exception {
        try (Recording recording = new Recording();
                WorkerQueue<String> queue = recording.factory.open(NAME)) {
            run(queue);
            recording.sample();
            recording.board.watch(recording.name(NAME));
            run(queue);
            recording.sample();
            recording.pass(QueueBoard.WATCHED);
            recording.sample();
            run(queue);
            recording.sample();
            Map<String, Object> samples = recording.name(NAME).samples.after(0, 30);
            for (String mean : List.of("wait", "run")) {
                assertThat(present(samples, mean)).as(mean).containsExactly(true, true, false, true);
            }
            for (String quantile : List.of("waitMedian", "waitP95", "runMedian", "runP95")) {
                assertThat(present(samples, quantile)).as(quantile).containsExactly(false, true, false, false);
            }
        }
    }

    private static void run(WorkerQueue<String> queue) throws InterruptedException {
        queue.put(() -> "");
        queue.join();
    }

    private static List<Boolean> present(Map<String, Object> samples, String figure) {
        return ((List<?>) Objects.requireNonNull(samples.get(figure)))
                .stream().map(value -> value != null).toList();
    }

    @Test
    void blockedTimeIsThatOfProducersThatContinued() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<String> queue = recording.factory.open(
                    NAME, settings -> settings.withWorkers(1).withMaxsize(1));
            recording.block(queue, 1);
            queue.put(() -> "");
            Thread producer = new Thread(() -> {
                try {
                    queue.put(() -> "");
                } catch (InterruptedException ex) {
                    throw new AssertionError(ex);
                }
            });
            producer.start();
            await().until(() -> queue.snapshot().blockedProducers() == 1);
            SelectedDescriptor selected = recording.select(NAME);
            assertThat(selected.blocked()).singleElement().extracting("thread").isEqualTo(producer.getName());
            recording.release();
            producer.join();
            queue.join();
            recording.sample();
            assertThat(((List<?>) Objects.requireNonNull(samples(recording, 0).get("blocked"))).get(0))
                    .isNotEqualTo(0L);
        }
    }

    @Test
    void lanesAreRecordedPerQueueWhileNameIsWatched() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<String> queue = recording.factory.open(NAME, settings -> settings.withWorkers(2));
            recording.block(queue, 1);
            recording.sample();
            assertThat(recording.select(NAME).lanes()).isNotNull();
            WorkerQueue<String> other = recording.factory.open(NAME, settings -> settings.withWorkers(1));
            run(other);
            recording.sample();
            queue.put(() -> "");
            await().until(() -> queue.snapshot().completed() == 1 && queue.active() == 1);
            recording.sample();
            SelectedDescriptor first = selected(recording, queue);
            assertThat(Objects.requireNonNull(first.lanes()).shown())
                    .extracting(LaneDescriptor::cells)
                    .satisfiesExactly(
                            cells -> assertThat(cells).matches("[1-9]-\\.[1-9]-\\."),
                            cells -> assertThat(cells).isEqualTo("0-.1s."));
            assertThat(Objects.requireNonNull(selected(recording, other).lanes())
                            .shown())
                    .extracting(LaneDescriptor::cells)
                    .containsExactly("0-.");
            recording.pass(QueueBoard.WATCHED);
            recording.sample();
            assertThat(Objects.requireNonNull(recording.board.queue(first.id() == null ? 0 : first.id())).lanes)
                    .isNull();
        }
    }

    @Test
    void retriesAndStagesAreDistinguishedInLanes() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<String> queue = recording.factory.open(
                    NAME,
                    settings -> settings.withWorkers(1)
                            .withRetryPolicy((failure, attempts) -> attempts == 1 ? Duration.ZERO : null));
            recording.sample();
            recording.select(NAME);
            CountDownLatch again = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            boolean[] failed = new boolean[1];
            queue.execute(() -> {
                if (!failed[0]) {
                    failed[0] = true;
                    throw new IllegalStateException("on purpose");
                }
                again.countDown();
                goOn.await();
            });
            again.await();
            recording.sample();
            goOn.countDown();
            queue.join();
            CompletableFuture<String> stage = new CompletableFuture<>();
            queue.putAsync(() -> stage);
            await().until(() -> queue.report().running().stream().anyMatch(task -> task.thread() == null));
            recording.sample();
            SelectedDescriptor selected = recording.select(NAME);
            stage.complete("");
            assertThat(Objects.requireNonNull(selected.lanes()).shown())
                    .extracting(LaneDescriptor::cells)
                    .singleElement()
                    .asString()
                    .matches("\\dr2\\dsa");
            assertThat(selected.running())
                    .singleElement()
                    .extracting(RunningDescriptor::worker, RunningDescriptor::thread, RunningDescriptor::async)
                    .containsExactly(1, null, true);
        }
    }

    @Test
    void failureHasTaskAndItsAttempts() throws Exception {
        try (Recording recording = new Recording()) {
            TaskRetryPolicy policy = (failure, attempts) -> attempts < 3 ? Duration.ZERO : null;
            WorkerQueue<String> queue = recording.factory.open(NAME, settings -> settings.withRetryPolicy(policy));
            recording.sample();
            queue.put(
                    () -> {
                        throw new IllegalStateException("on purpose");
                    },
                    TaskOptions.named("price 17"));
            queue.join();
            FailureGroupDescriptor group = Objects.requireNonNull(
                            recording.select(NAME).failures())
                    .groups()
                    .get(0);
            assertThat(group.exception()).isEqualTo(IllegalStateException.class.getName());
            assertThat(group.message()).isEqualTo("on purpose");
            assertThat(group.tasks())
                    .containsExactly(new FailedTaskDescriptor(
                            "price 17", 0, 3, queue.snapshot().id()));
        }
    }

    @Test
    void failureHasTaskWhenItFailsBeforeFirstSampleOrWithFuture() throws Exception {
        try (Recording recording = new Recording();
                WorkerQueue<String> queue = recording.factory.open(NAME)) {
            recording.board.start();
            CompletableFuture<String> future = queue.submit(
                    () -> {
                        throw new IllegalStateException();
                    },
                    TaskOptions.named("price 17"));
            await().until(future::isDone);
            queue.join();
            recording.board.stop();
            FailureGroupDescriptor group = Objects.requireNonNull(
                            recording.select(NAME).failures())
                    .groups()
                    .get(0);
            assertThat(group.message()).isNull();
            assertThat(group.tasks()).extracting(FailedTaskDescriptor::task).containsExactly("price 17");
        }
    }

    @Test
    void onlyFirstFailuresOfSecondAreDescribed() throws Exception {
        try (Recording recording = new Recording();
                WorkerQueue<String> queue = recording.factory.open(NAME)) {
            recording.sample();
            for (int i = 0; i < 150; i++) {
                int number = i;
                queue.put(() -> {
                    throw new IllegalStateException("failure " + number);
                });
                queue.join();
            }
            FailureGroupDescriptor group = Objects.requireNonNull(
                            recording.select(NAME).failures())
                    .groups()
                    .get(0);
            assertThat(group.count()).isEqualTo(150);
            assertThat(group.message()).isEqualTo("failure 99");
        }
    }

    @Test
    void failureIsRecordedWhenMessageAndNameThrow() throws Exception {
        try (Recording recording = new Recording();
                WorkerQueue<String> queue = recording.factory.open(NAME)) {
            recording.sample();
            queue.executeAll(List.of(new Hostile()), item -> {
                throw new HostileException();
            });
            queue.join();
            FailureGroupDescriptor group = Objects.requireNonNull(
                            recording.select(NAME).failures())
                    .groups()
                    .get(0);
            assertThat(group.exception()).isEqualTo(HostileException.class.getName());
            assertThat(group.message()).isNull();
            assertThat(group.tasks()).hasSize(1);
        }
    }

    private static final class Hostile {

        @Override
        public String toString() {
            throw new IllegalStateException("on purpose");
        }
    }

    private static final class HostileException extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    void progressHasTimeAtRateOfLastSeconds() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<String> queue = recording.factory.open(
                    NAME, settings -> settings.withWorkers(1).withMaxsize(100));
            recording.sample();
            for (int i = 0; i < 10; i++) {
                queue.put(() -> "");
            }
            await().until(() -> queue.snapshot().completed() == 10);
            recording.sample();
            recording.block(queue, 1);
            for (int i = 0; i < 29; i++) {
                queue.put(() -> "");
            }
            assertThat(recording.select(NAME).progress()).isEqualTo(new ProgressDescriptor(10, 40, 3.0));
            for (int i = 0; i < 10; i++) {
                recording.sample();
            }
            assertThat(recording.select(NAME).progress()).isEqualTo(new ProgressDescriptor(10, 40, null));
            recording.release();
            queue.join();
            assertThat(recording.select(NAME).progress()).isEqualTo(new ProgressDescriptor(0, 0, null));
        }
    }

    @Test
    void oldestRunningTasksAreShownFirst() throws Exception {
        try (Recording recording = new Recording()) {
            WorkerQueue<String> queue = recording.factory.open(NAME, settings -> settings.withWorkers(30));
            for (int i = 0; i < 12; i++) {
                recording.block(queue, 1);
            }
            SelectedDescriptor selected = recording.select(NAME);
            assertThat(selected.running())
                    .extracting(RunningDescriptor::index)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 10).mapToObj(Long::valueOf).toList());
            assertThat(selected.runningMore()).isEqualTo(2);
            assertThat(selected.running())
                    .first()
                    .extracting(RunningDescriptor::thread)
                    .isEqualTo("queue-prices-1");
        }
    }

    @Test
    void newestQueueIsSelectedUnlessIdIsThatOfOpenQueue() {
        try (Recording recording = new Recording()) {
            List<WorkerQueue<?>> queues = new ArrayList<>();
            for (int i = 0; i < 22; i++) {
                queues.add(recording.factory.open(NAME));
            }
            List<Long> ids = queues.stream().map(queue -> queue.snapshot().id()).toList();
            SelectedDescriptor newest = recording.select(NAME);
            assertThat(newest.queues()).extracting(QueueDescriptor::id).isEqualTo(ids.subList(2, 22));
            assertThat(newest.id()).isEqualTo(ids.get(21));
            assertThat(selected(recording, queues.get(0)).id()).isEqualTo(ids.get(0));
            queues.get(0).close();
            assertThat(selected(recording, queues.get(0)).id()).isEqualTo(ids.get(21));
            queues.forEach(WorkerQueue::close);
            SelectedDescriptor none = recording.select(NAME);
            assertThat(none.id()).isNull();
            assertThat(none.figures()).isNull();
            assertThat(none.queues()).isEmpty();
        }
    }

    @Test
    void overviewHasPagesOfSortedNames() {
        try (Recording recording = new Recording()) {
            for (int i = 44; i >= 0; i--) {
                recording.factory.open("name " + (100 + i)).close();
            }
            BoardDescriptor second = recording.query(new BoardQuery(2, null, null, 0, 0, true));
            assertThat(second.page()).isEqualTo(2);
            assertThat(second.pages()).isEqualTo(3);
            assertThat(second.names()).isEqualTo(45);
            assertThat(second.overview())
                    .extracting(NameDescriptor::name)
                    .hasSize(20)
                    .startsWith("name 120")
                    .endsWith("name 139");
            assertThat(recording
                            .query(new BoardQuery(9, null, null, 0, 0, true))
                            .page())
                    .isEqualTo(3);
            assertThat(recording
                            .query(new BoardQuery(-1, null, null, 0, 0, true))
                            .page())
                    .isEqualTo(1);
        }
    }

    @Test
    void nameIsDroppedAfterTenMinutesWithoutOpenQueue() {
        try (Recording recording = new Recording()) {
            recording.factory.open(NAME).close();
            WorkerQueue<?> kept = recording.factory.open("kept");
            for (int i = 0; i < 601; i++) {
                recording.sample();
            }
            assertThat(recording.board.names()).extracting(name -> name.name).containsExactly("kept");
            kept.close();
        }
    }

    @Test
    void namesBeyondMaximumAreNotRecorded() throws Exception {
        try (Recording recording = new Recording()) {
            for (int i = 0; i < QueueBoard.MAX_NAMES; i++) {
                recording.factory.open("name " + i).close();
            }
            try (WorkerQueue<String> queue = recording.factory.open("one more")) {
                run(queue);
                recording.sample();
                assertThat(recording.board.names()).hasSize(QueueBoard.MAX_NAMES);
                assertThat(recording.board.name("one more")).isNull();
            }
        }
    }

    @Test
    void figuresAreRecordedWhenRecorderIsNoListener() throws Exception {
        QueueFactory factory = QueueFactory.create(QueueSettings.defaults());
        QueueBoard board = new QueueBoard(List.of(factory), Map::of);
        try (WorkerQueue<String> queue = factory.open(NAME)) {
            run(queue);
            board.takeSample();
            run(queue);
            board.takeSample();
            NameRecord name = Objects.requireNonNull(board.name(NAME));
            assertThat(name.samples.after(0, 30)).containsEntry("succeeded", List.of(0L, 1L));
        }
        board.takeSample();
        assertThat(Objects.requireNonNull(board.name(NAME)).samples.after(2, 30))
                .containsEntry("workers", List.of(0L));
        factory.close();
    }

    @Test
    void closedQueueIsNotKeptAlive() throws Exception {
        try (Recording recording = new Recording()) {
            WeakReference<WorkerQueue<String>> reference = useQueue(recording);
            await().until(() -> {
                System.gc();
                return reference.get() == null;
            });
            assertThat(recording.select(NAME).failures())
                    .extracting(FailuresDescriptor::total)
                    .isEqualTo(1L);
        }
    }

    private static WeakReference<WorkerQueue<String>> useQueue(Recording recording) throws InterruptedException {
        WorkerQueue<String> queue = recording.factory.open(NAME);
        recording.sample();
        recording.select(NAME);
        queue.put(() -> {
            throw new IllegalStateException("on purpose");
        });
        queue.join();
        recording.sample();
        recording.select(NAME);
        queue.close();
        return new WeakReference<>(queue);
    }

    @Test
    void samplerTakesSampleEachSecondUntilItIsStopped() throws Exception {
        try (QueueFactory factory = QueueFactory.create(QueueSettings.defaults())) {
            QueueBoard board = new QueueBoard(List.of(factory), Map::of);
            board.start();
            Thread sampler = sampler();
            await().until(() -> board.second() >= 2);
            board.stop();
            assertThat(sampler.isAlive()).isFalse();
            assertThat(board.isRunning()).isFalse();
            board.start();
            long second = board.second();
            await().until(() -> board.second() > second);
            board.stop();
        }
    }

    private static Thread sampler() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("queue-board-sampler"))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> samples(Recording recording, long since) {
        return recording.name(NAME).samples.after(since, 30);
    }

    private static SelectedDescriptor selected(Recording recording, WorkerQueue<?> queue) {
        QueueSnapshot figures = queue.snapshot();
        return Objects.requireNonNull(recording
                .query(new BoardQuery(1, figures.name(), figures.id(), 0, 0, true))
                .selected());
    }
}
