package io.github.workerqueue.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tests for the detection and the reports of stalled queues: rule 13 of {@code docs/reference/rules.md}. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class StallWatchdogTests {

    private static final Duration AT_ONCE = Duration.ofNanos(1);

    /** Strong references to queues of a test, since an unreachable queue is closed. */
    private final List<WorkerQueue<?>> kept = new ArrayList<>();

    private final List<QueueFactory> factories = new ArrayList<>();

    private final List<QueueStalledEvent> events = new CopyOnWriteArrayList<>();

    private final AtomicLong now = new AtomicLong();

    private final CountDownLatch goOn = new CountDownLatch(1);

    private StallWatchdog watchdog = new StallWatchdog(factories, this::publish, AT_ONCE, now::get, Runnable::run);

    private final QueueFactory factory = QueueFactory.builder()
            .defaults(QueueSettings.defaults().withWorkers(1).withMaxsize(4).withLogLevel(null))
            .listener(watchdog)
            .build();

    StallWatchdogTests() {
        factories.add(factory);
    }

    @AfterEach
    void close() {
        goOn.countDown();
        watchdog.stop();
        factory.close();
    }

    private void publish(Object event) {
        events.add((QueueStalledEvent) event);
    }

    @Test
    void stallAndItsEndAreReportedOnce(CapturedOutput output) throws Exception {
        WorkerQueue<String> queue = stalled("riot");
        long id = queue.snapshot().id();
        watchdog.look();
        watchdog.look();
        assertThat(watchdog.stalled()).containsOnlyKeys("riot (" + id + ")");
        assertThat(watchdog.isStalled(id)).isTrue();
        assertThat(watchdog.isStalled(id + 1)).isFalse();
        assertThat(lines(output, "Queue 'riot'"))
                .singleElement()
                .asString()
                .contains(
                        "WARN",
                        "Queue 'riot' (" + id + ") has stalled: all workers (1) have been busy with the same tasks for "
                                + "at least 1ns; waiting tasks: 0");
        assertThat(output).contains("task 0 'match 17' has run for ", " on queue-riot-1", "CountDownLatch.await");
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.queue()).isEqualTo("riot");
            assertThat(event.id()).isEqualTo(id);
            assertThat(event.cause()).startsWith("all workers (1)");
            assertThat(event.report().running()).hasSize(1);
        });

        now.addAndGet(Duration.ofSeconds(90).toNanos());
        goOn.countDown();
        queue.join();
        watchdog.look();
        watchdog.look();
        assertThat(watchdog.stalled()).isEmpty();
        assertThat(watchdog.isStalled(id)).isFalse();
        assertThat(lines(output, "Queue 'riot'"))
                .hasSize(2)
                .last()
                .asString()
                .contains("INFO", "Queue 'riot' (" + id + ") continues, 1m30s after the stall was detected");
        assertThat(events).hasSize(1);
    }

    @Test
    void idleQueueIsNotStalled() {
        kept.add(factory.open("idle"));
        watchdog.look();
        assertThat(watchdog.stalled()).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void stallEndsWhenQueueIsPausedAndRecursWhenItIsResumed(CapturedOutput output) throws Exception {
        WorkerQueue<String> queue = stalled("riot");
        watchdog.look();
        queue.pause();
        watchdog.look();
        assertThat(watchdog.stalled()).isEmpty();
        assertThat(output).contains("is paused, 0s after");
        queue.resume();
        watchdog.look();
        assertThat(events).hasSize(2);
    }

    @Test
    void queueIsStalledWhenItsTaskWaitsForPermitOfAnotherQueue() throws Exception {
        watchdog = new StallWatchdog(factories, this::publish, AT_ONCE, now::get, Runnable::run);
        QueueFactory shared = QueueFactory.builder()
                .instance("shared", QueueSettings.defaults().withWorkers(2).withTotalWorkers(1))
                .listener(watchdog)
                .build();
        factories.add(shared);
        WorkerQueue<String> first = stalled(shared.open("shared"));
        WorkerQueue<String> second = shared.open("shared");
        second.put(() -> "");
        watchdog.look();
        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.cause()).startsWith("the oldest waiting task"));
        goOn.countDown();
        first.close();
        second.close();
        shared.close();
    }

    @Test
    void stallEndsAndQueueIsCollectedWhenQueueIsClosed(CapturedOutput output) throws Exception {
        WeakReference<WorkerQueue<String>> gone = closeStalled();
        assertThat(watchdog.stalled()).isEmpty();
        assertThat(output).contains("is closed, 0s after");
        events.clear();
        kept.clear();
        await().until(() -> {
            System.gc();
            return gone.get() == null;
        });
    }

    private WeakReference<WorkerQueue<String>> closeStalled() throws InterruptedException {
        WorkerQueue<String> queue = stalled("riot");
        watchdog.look();
        assertThat(watchdog.stalled()).hasSize(1);
        goOn.countDown();
        queue.close();
        watchdog.look();
        return new WeakReference<>(queue);
    }

    @Test
    void watchdogReportsOtherStallsWhenToStringOfItemBlocks() throws Exception {
        watchdog = new StallWatchdog(factories, this::publish, AT_ONCE);
        List<String> locked = Collections.synchronizedList(new ArrayList<>(List.of("locked")));
        CountDownLatch started = new CountDownLatch(1);
        WorkerQueue<String> queue = factory.open("locks");
        queue.executeAll(List.of(locked), item -> {
            synchronized (item) {
                started.countDown();
                goOn.await();
            }
        });
        started.await();
        watchdog.start();
        await().until(() -> watchdog.stalled().size() == 1 && isReported("locks"));
        stalled("riot");
        await().until(() -> watchdog.stalled().size() == 2 && isReported("riot"));
    }

    @Test
    void reportHasHintWhenTaskWaitsForCompletableFutureOfItsQueue(CapturedOutput output) throws Exception {
        WorkerQueue<String> queue = factory.open("riot");
        kept.add(queue);
        CompletableFuture<Thread> runner = new CompletableFuture<>();
        CompletableFuture<CompletableFuture<String>> child = new CompletableFuture<>();
        queue.execute(() -> {
            CompletableFuture<String> submitted = queue.submit(() -> "never starts");
            child.complete(submitted);
            runner.complete(Thread.currentThread());
            CompletableFuture.allOf(submitted).join();
        });
        await().until(() -> runner.get().getState() == Thread.State.WAITING);

        watchdog.look();

        assertThat(child.get().complete("by the test")).isTrue(); // it ignores interrupts
        assertThat(queue.join()).isEmpty();
        assertThat(output)
                .contains(
                        "Queue 'riot'",
                        "has stalled",
                        "This task waits for a CompletableFuture",
                        "java.util.concurrent.CompletableFuture.join");
    }

    @Test
    void reportHasNoHintWhenTaskWaitsForSomethingElse(CapturedOutput output) throws Exception {
        stalled("riot");

        watchdog.look();

        assertThat(output).contains("has stalled").doesNotContain("This task waits for");
    }

    private boolean isReported(String queue) {
        return events.stream().anyMatch(event -> event.queue().equals(queue));
    }

    @Test
    void watchdogLogsStallAndExceptionWhenListenerThrows(CapturedOutput output) throws Exception {
        watchdog = new StallWatchdog(
                factories,
                event -> {
                    throw new IllegalStateException("on purpose");
                },
                AT_ONCE,
                now::get,
                Runnable::run);
        stalled("riot");
        watchdog.look();
        assertThat(watchdog.stalled()).hasSize(1);
        assertThat(output).contains("has stalled", "on purpose");
    }

    @Test
    void watchdogContinuesWhenCheckFails(CapturedOutput output) throws Exception {
        CountDownLatch failed = new CountDownLatch(2);
        watchdog = new StallWatchdog(
                () -> {
                    failed.countDown();
                    throw new IllegalStateException("on purpose");
                },
                this::publish,
                AT_ONCE);
        watchdog.start();
        failed.await();
        watchdog.stop();
        assertThat(output).contains("The stall detection failed; retrying in 100ms");
    }

    @Test
    void watchdogHasThreadFromStartToStop() {
        assertThat(threads()).isEmpty();
        watchdog.start();
        watchdog.start();
        assertThat(watchdog.isRunning()).isTrue();
        assertThat(threads())
                .singleElement()
                .satisfies(thread -> assertThat(thread.isDaemon()).isTrue());
        watchdog.stop();
        assertThat(watchdog.isRunning()).isFalse();
        assertThat(threads()).isEmpty();
        watchdog.start();
        assertThat(threads()).hasSize(1);
    }

    @Test
    void timeMustBePositive() {
        Map.of(Duration.ZERO, "0s", Duration.ofSeconds(-1), "-1s")
                .forEach((after, text) -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> new StallWatchdog(factories, this::publish, after))
                        .withMessage("after must be positive, but was " + text));
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("queue-stall-watchdog") && thread.isAlive())
                .toList();
    }

    private static List<String> lines(CapturedOutput output, String with) {
        return output.getOut().lines().filter(line -> line.contains(with)).toList();
    }

    private WorkerQueue<String> stalled(String name) throws InterruptedException {
        return stalled(factory.open(name));
    }

    /** Puts a task that runs until {@code goOn} is open. */
    private WorkerQueue<String> stalled(WorkerQueue<String> queue) throws InterruptedException {
        CompletableFuture<Thread> runner = new CompletableFuture<>();
        queue.put(
                () -> {
                    runner.complete(Thread.currentThread());
                    goOn.await();
                    return "done";
                },
                TaskOptions.named("match 17"));
        await().until(() -> runner.get().getState() == Thread.State.WAITING);
        kept.add(queue);
        return queue;
    }
}
