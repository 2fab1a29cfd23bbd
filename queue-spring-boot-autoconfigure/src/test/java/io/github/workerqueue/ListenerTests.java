package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Tests for the notifications of queue listeners. */
class ListenerTests {

    private static final class Recorder implements QueueListener {

        private final List<String> told = new CopyOnWriteArrayList<>();

        private final List<Long> waits = new CopyOnWriteArrayList<>();

        private final List<Long> runs = new CopyOnWriteArrayList<>();

        private final List<Long> blocks = new CopyOnWriteArrayList<>();

        @Override
        public void started(String queue, long index, long waited) {
            told.add("started " + index);
            waits.add(waited);
        }

        @Override
        public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
            told.add(outcome + " " + index + (exception == null ? "" : " " + exception.getMessage()));
            runs.add(ran);
        }

        @Override
        public void blocked(String queue, long blocked) {
            blocks.add(blocked);
        }

        @Override
        public void rejected(String queue) {
            told.add("rejected");
        }
    }

    private static WorkerQueue<String> open(Fixture fixture, Recorder recorder) {
        return fixture.open(fixture.factory(builder -> builder.listener(recorder)), 1, 2);
    }

    @QueueTest
    void listenerIsNotifiedOnceOfStartAndOutcomeOfEachTask(Fixture fixture) throws Exception {
        Recorder recorder = new Recorder();
        WorkerQueue<String> queue = open(fixture, recorder);

        queue.put(() -> "");
        queue.join();
        queue.put(() -> "");
        queue.put(() -> {
            throw new IllegalStateException("failed");
        });
        queue.join();
        Blocker blocker = fixture.blockAndFill(queue);
        assertThat(queue.offer(() -> "")).isFalse();
        queue.cancel();
        blocker.release();
        queue.join();
        queue.close();
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> queue.put(() -> ""));

        assertThat(recorder.told)
                .containsExactlyInAnyOrder(
                        "started 0",
                        "SUCCESS 0",
                        "started 0",
                        "SUCCESS 0",
                        "started 1",
                        "FAILURE 1 failed",
                        "started 0",
                        "rejected",
                        "CANCELLED 1",
                        "CANCELLED 2",
                        "CANCELLED 0",
                        "rejected")
                .endsWith("rejected");
    }

    @QueueTest
    void listenerIsNotifiedOfEndWhenTaskNeverStarted(Fixture fixture) throws Exception {
        Recorder recorder = new Recorder();
        WorkerQueue<String> queue = open(fixture, recorder);
        fixture.blockAndFill(queue);

        assertThat(queue.asExecutorService().shutdownNow()).hasSize(2);

        Fixture.until("the task that ran has ended", () -> recorder.told.size() == 4);
        assertThat(recorder.told).containsExactlyInAnyOrder("started 0", "CANCELLED 0", "CANCELLED 1", "CANCELLED 2");
    }

    @QueueTest
    void listenerIsNotifiedWhenEarlierListenerThrows(Fixture fixture) throws Exception {
        Recorder recorder = new Recorder();
        QueueListener throwing = new QueueListener() {
            @Override
            public void started(String queue, long index, long waited) {
                throw new IllegalStateException("started");
            }

            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                throw new IllegalStateException("finished");
            }

            @Override
            public void rejected(String queue) {
                throw new IllegalStateException("rejected");
            }
        };
        WorkerQueue<String> queue = fixture.open(
                fixture.factory(builder -> builder.listener(throwing).listener(recorder)), 1, 1);

        assertThat(FailureTests.logged(() -> {
                    queue.put(() -> "");
                    assertThat(queue.join()).containsExactly("");
                    queue.close();
                    assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> queue.put(() -> ""));
                }))
                .extracting(event -> event.getThrowableProxy().getMessage())
                .containsExactly("started", "finished", "rejected");
        assertThat(recorder.told).containsExactly("started 0", "SUCCESS 0", "rejected");
    }

    @QueueTest
    void listenerReceivesTimesOfWaitingRunningAndBlocking(Fixture fixture) throws Exception {
        Recorder recorder = new Recorder();
        WorkerQueue<String> queue = open(fixture, recorder);
        long start = System.nanoTime();
        Blocker blocker = fixture.block(queue);
        long before = System.nanoTime();
        fixture.fill(queue);
        Fork<?> producer = fixture.forkAction(() -> queue.put(() -> ""));
        Fixture.awaitBlockedProducers(queue, 1);
        long between = System.nanoTime();
        Fixture.until("a moment has passed", () -> System.nanoTime() - between > 1_000_000);
        blocker.release();
        producer.get();
        queue.join();
        long total = System.nanoTime() - start;
        long filled = System.nanoTime() - before;

        assertThat(recorder.waits)
                .hasSize(4)
                .allSatisfy(waited -> assertThat(waited).isBetween(0L, total));
        assertThat(recorder.waits.get(1)).isBetween(1_000_000L, filled);
        assertThat(recorder.runs).hasSize(4).allSatisfy(ran -> assertThat(ran).isBetween(0L, total));
        assertThat(recorder.runs.get(0)).isBetween(1_000_000L, total);
        assertThat(recorder.blocks)
                .singleElement()
                .satisfies(blocked -> assertThat(blocked).isBetween(1_000_000L, filled));
    }

    @QueueTest
    void listenerIsNotNotifiedOfBlockingWhenOfferDoesNotWait(Fixture fixture) throws Exception {
        Recorder recorder = new Recorder();
        WorkerQueue<String> queue = open(fixture, recorder);
        fixture.blockAndFill(queue);

        assertThat(queue.offer(() -> "", Duration.ZERO)).isFalse();
        assertThat(queue.offer(() -> "", Duration.ofSeconds(-1))).isFalse();
        assertThat(recorder.blocks).isEmpty();
        assertThat(queue.offer(() -> "", Duration.ofNanos(1))).isFalse();
        assertThat(recorder.blocks).hasSize(1);
    }

    @QueueTest
    void queueMeasuresNoTimesWhenListenersIgnoreTasks(Fixture fixture) throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        QueueListener hearsQueues = new QueueListener() {
            @Override
            public boolean hearsTasks() {
                return false;
            }

            @Override
            public void started(String queue, long index, long waited) {
                told.add("started");
            }

            @Override
            public void closed(String queue, long id) {
                told.add("closed");
            }
        };
        WorkerQueue<String> queue = fixture.open(fixture.factory(builder -> builder.listener(hearsQueues)), 1, 2);
        Blocker blocker = fixture.block(queue);
        assertThat(queue.report().running())
                .singleElement()
                .extracting(QueueReport.RunningTask::age)
                .isNull();
        blocker.release();
        queue.close();
        assertThat(told).containsExactly("closed");

        Recorder recorder = new Recorder();
        WorkerQueue<String> heard = fixture.open(
                fixture.factory(builder -> builder.listener(hearsQueues).listener(recorder)), 1, 2);
        heard.put(() -> "");
        heard.join();
        assertThat(recorder.told).contains("started 0");
    }

    @QueueTest
    void listenerReceivesQueueAndWorkerOfEachTask(Fixture fixture) throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        QueueListener workers = new QueueListener() {
            @Override
            public void started(String queue, long id, int worker, long index, long waited) {
                told.add("started " + queue + " " + id + " " + worker + " " + index + " " + workerOfThread());
            }

            @Override
            public void retried(
                    String queue, long id, int worker, long index, int attempts, long delay, Throwable exception) {
                told.add("retried " + queue + " " + id + " " + worker + " " + index + " " + attempts + " " + delay + " "
                        + exception.getMessage());
            }

            @Override
            public void finished(
                    String queue,
                    long id,
                    int worker,
                    long index,
                    long ran,
                    Outcome outcome,
                    @Nullable Throwable exception) {
                told.add(outcome + " " + queue + " " + id + " " + worker + " " + index + " " + (ran > 0));
            }
        };
        QueueFactory factory = fixture.factory(builder -> builder.listener(workers));
        WorkerQueue<String> queue = factory.open(settings -> settings.withWorkers(2)
                .withMaxsize(2)
                .withRetryPolicy((failure, attempts) -> attempts == 1 ? Duration.ZERO : null));
        Blocker first = new Blocker();
        queue.execute(first);
        first.awaitStarted();
        Blocker second = new Blocker();
        queue.execute(second);
        second.awaitStarted();
        long id = queue.snapshot().id();
        assertThat(told).containsExactly("started default " + id + " 1 0 1", "started default " + id + " 2 1 2");
        told.clear();

        queue.put(() -> "");
        second.release();
        Fixture.until("both have ended", () -> told.size() == 3);
        assertThat(told)
                .containsExactly(
                        "SUCCESS default " + id + " 2 1 true",
                        "started default " + id + " 2 2 2",
                        "SUCCESS default " + id + " 2 2 true");
        told.clear();

        queue.put(() -> {
            throw new IllegalStateException("failed");
        });
        Fixture.until("it has failed", () -> told.size() == 4);
        assertThat(told)
                .containsExactly(
                        "started default " + id + " 2 3 2",
                        "retried default " + id + " 2 3 1 0 failed",
                        "started default " + id + " 2 3 2",
                        "FAILURE default " + id + " 2 3 true");
        told.clear();

        queue.pause();
        queue.put(() -> "");
        queue.cancel();
        first.release();
        queue.resume();
        queue.join();
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "CANCELLED default " + id + " 1 0 true", "CANCELLED default " + id + " 0 4 false");
    }

    private static int workerOfThread() {
        String name = Thread.currentThread().getName();
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }
}
