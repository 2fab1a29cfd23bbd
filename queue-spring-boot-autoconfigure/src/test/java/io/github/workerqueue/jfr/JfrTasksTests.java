package io.github.workerqueue.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.TaskAction;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Tests for the events of tasks in recordings of Java Flight Recorder. */
@Timeout(60)
class JfrTasksTests {

    private static final Duration MOMENT = Duration.ofMillis(5);

    /** Tolerance, since the recorder and {@code System.nanoTime()} use different clocks. */
    private static final Duration DRIFT = Duration.ofMillis(1);

    private final QueueFactory factory = QueueFactory.create(QueueSettings.defaults()
            .withWorkers(1)
            .withExceptionHandler(failure -> {})
            .withInterceptors(List.of(new JfrTasks())));

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        factory.close();
    }

    @Test
    void eventHasQueueNameTimesAndOutcomeOfTask() throws Exception {
        WorkerQueue<String> queue = factory.open("riot");
        RecordedEvent event = recordOne(() -> {
            queue.put(
                    () -> {
                        pass(MOMENT);
                        return "done";
                    },
                    TaskOptions.named("match 17"));
            queue.join();
        });
        assertThat(event.getString("queue")).isEqualTo("riot");
        assertThat(event.getString("task")).isEqualTo("match 17");
        assertThat(event.getInt("attempts")).isEqualTo(1);
        assertThat(event.getString("outcome")).isEqualTo("success");
        assertThat(event.getDuration("wait")).isPositive();
        assertThat(event.getDuration("run"))
                .isBetween(MOMENT, event.getDuration().plus(DRIFT));
        assertThat(event.getThread().getJavaName()).startsWith("queue-");
        assertThat(event.getStackTrace()).isNull();
    }

    @Test
    void waitLastsFromPutToFirstStartAndEventBeginsThere() throws Exception {
        WorkerQueue<String> queue = factory.open("riot");
        List<RecordedEvent> events = record(() -> {
            CountDownLatch put = new CountDownLatch(1);
            queue.put(
                    () -> {
                        put.await();
                        pass(MOMENT);
                        return null;
                    },
                    TaskOptions.named("first"));
            queue.put(() -> "second", TaskOptions.named("second"));
            put.countDown();
            queue.join();
        });
        RecordedEvent second = named(events, "second");
        assertThat(second.getDuration("wait")).isGreaterThanOrEqualTo(MOMENT);
        assertThat(second.getStartTime())
                .isAfterOrEqualTo(named(events, "first").getEndTime());
    }

    @Test
    void eventIncludesExceptionHandlerButRunDoesNot() throws Exception {
        WorkerQueue<String> queue =
                factory.open("riot", settings -> settings.withExceptionHandler(failure -> pass(MOMENT)));
        RecordedEvent event = recordOne(() -> {
            queue.put(() -> {
                throw new IOException();
            });
            queue.join();
        });
        assertThat(event.getString("outcome")).isEqualTo("failure");
        assertThat(event.getDuration().minus(event.getDuration("run"))).isGreaterThanOrEqualTo(MOMENT.minus(DRIFT));
    }

    @Test
    void eventIncludesAttemptsAndDelaysButRunExcludesDelays() throws Exception {
        WorkerQueue<String> queue = factory.open("riot", retried(2, MOMENT));
        AtomicInteger runs = new AtomicInteger();
        RecordedEvent event = recordOne(() -> {
            queue.put(() -> {
                pass(MOMENT);
                if (runs.incrementAndGet() <= 2) {
                    throw new IOException();
                }
                return "third";
            });
            assertThat(queue.join()).containsExactly("third");
        });
        assertThat(event.getInt("attempts")).isEqualTo(3);
        assertThat(event.getString("outcome")).isEqualTo("success");
        assertThat(event.getDuration("run")).isGreaterThanOrEqualTo(MOMENT.multipliedBy(3));
        assertThat(event.getDuration().minus(event.getDuration("run")))
                .isGreaterThanOrEqualTo(MOMENT.multipliedBy(2).minus(DRIFT));
    }

    @Test
    void runIncludesStageAndEventEndsOnWorkerThread() throws Exception {
        WorkerQueue<String> queue = factory.open("riot");
        RecordedEvent event = recordOne(() -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            CountDownLatch started = new CountDownLatch(1);
            queue.putAsync(() -> {
                started.countDown();
                return stage;
            });
            started.await();
            pass(MOMENT);
            stage.complete("completed");
            queue.join();
        });
        assertThat(event.getString("outcome")).isEqualTo("success");
        assertThat(event.getDuration("run"))
                .isBetween(MOMENT, event.getDuration().plus(DRIFT));
        assertThat(event.getThread().getJavaName()).startsWith("queue-");
    }

    @Test
    void asynchronousTaskHasOneEventWhenItIsRetried() throws Exception {
        WorkerQueue<String> queue = factory.open("riot", retried(1, Duration.ZERO));
        RecordedEvent event = recordOne(() -> {
            queue.putAsync(() -> CompletableFuture.failedFuture(new IOException()));
            queue.join();
        });
        assertThat(event.getInt("attempts")).isEqualTo(2);
        assertThat(event.getString("outcome")).isEqualTo("failure");
    }

    @Test
    void eventHasNoDurationWhenTaskIsCancelledBeforeItStarts() throws Exception {
        WorkerQueue<String> queue = factory.open("riot");
        List<RecordedEvent> events = record(() -> {
            CountDownLatch started = new CountDownLatch(1);
            queue.put(
                    () -> {
                        started.countDown();
                        new CountDownLatch(1).await();
                        return "never";
                    },
                    TaskOptions.named("runs"));
            started.await();
            queue.put(() -> "never", TaskOptions.named("waits"));
            pass(MOMENT);
            queue.cancel();
            queue.join();
        });
        RecordedEvent waits = named(events, "waits");
        assertThat(waits.getString("outcome")).isEqualTo("cancelled");
        assertThat(waits.getInt("attempts")).isZero();
        assertThat(waits.getDuration()).isZero();
        assertThat(waits.getDuration("run")).isZero();
        assertThat(waits.getDuration("wait")).isGreaterThanOrEqualTo(MOMENT);
        RecordedEvent runs = named(events, "runs");
        assertThat(runs.getString("outcome")).isEqualTo("cancelled");
        assertThat(runs.getInt("attempts")).isEqualTo(1);
        assertThat(runs.getDuration("run")).isGreaterThanOrEqualTo(MOMENT);
    }

    @Test
    void tasksOfAllPutMethodsAreRecordedOnce() throws Exception {
        WorkerQueue<String> queue = factory.open("riot", settings -> settings.withMaxsize(10));
        List<RecordedEvent> events = record(() -> {
            queue.put(() -> "a");
            queue.putAll(List.of("b"), item -> item);
            assertThat(queue.offer(() -> "c")).isTrue();
            queue.execute(() -> {});
            queue.submit(() -> "d").get();
            queue.putAsync(() -> CompletableFuture.completedFuture("e"));
            queue.asExecutorService().execute(() -> {});
            queue.asExecutorService().submit(() -> "f").get();
            queue.join();
        });
        assertThat(events)
                .hasSize(8)
                .allSatisfy(event -> assertThat(event.getString("outcome")).isEqualTo("success"));
        assertThat(named(events, "b").getString("queue")).isEqualTo("riot");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void eventHasVirtualThread() throws Exception {
        WorkerQueue<String> queue = factory.open("riot", settings -> settings.withVirtualThreads(true));
        RecordedEvent event = recordOne(() -> {
            queue.put(() -> "done");
            queue.join();
        });
        assertThat(event.getThread().getJavaName()).startsWith("queue-");
    }

    @Test
    void eventIsDisabledUntilRecordingEnablesIt() throws Exception {
        WorkerQueue<String> queue = factory.open("riot");
        AtomicInteger named = new AtomicInteger();
        try (Recording recording = new Recording()) {
            recording.start();
            queue.putAll(List.of(new Item(named)), item -> "done");
            queue.join();
            recording.stop();
            assertThat(events(recording)).isEmpty();
        }
        assertThat(named).hasValue(0);
    }

    @Test
    void nameIsComputedOnlyWhenEventIsWritten() throws Exception {
        WorkerQueue<String> queue = factory.open("riot");
        AtomicInteger named = new AtomicInteger();
        try (Recording recording = new Recording()) {
            recording.enable(JfrTasks.EVENT).withThreshold(Duration.ofMinutes(1));
            recording.start();
            queue.putAll(List.of(new Item(named)), item -> "done");
            queue.join();
            recording.stop();
            assertThat(events(recording)).isEmpty();
        }
        assertThat(named).hasValue(0);
        record(() -> {
            queue.putAll(List.of(new Item(named)), item -> "done");
            queue.join();
        });
        assertThat(named).hasValue(1);
    }

    @Test
    void taskIsNotWrappedWithoutRecording() throws Exception {
        WorkerQueue<StackTraceElement[]> bare = factory.open("bare", settings -> settings.withInterceptors(List.of()));
        WorkerQueue<StackTraceElement[]> tapped = factory.open("tapped");
        for (WorkerQueue<StackTraceElement[]> queue : List.of(bare, tapped)) {
            queue.put(() -> Thread.currentThread().getStackTrace());
        }
        assertThat(tapped.join().get(0)).hasSameSizeAs(bare.join().get(0));
    }

    @Test
    void putAllocatesNoEventsWithoutRecording() throws Exception {
        record(() -> {}); // initializes the recorder and the class of the event
        WorkerQueue<String> queue = factory.open("riot", settings -> settings.withMaxsize(200_000));
        queue.pause();
        Callable<String> task = () -> null;
        queue.put(task);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        threads.getThreadAllocatedBytes(thread);
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 100_000; i++) {
            queue.put(task);
        }
        assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(100_000);
    }

    @Test
    void eventClassIsNotLoadedBeforeFlightRecorder() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Unrecorded.class.getName())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains(JfrTasks.class.getName())
                .doesNotContain(TaskEvent.class.getName());
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void eventAndItsFieldsAreDescribed() {
        EventType type = EventType.getEventType(TaskEvent.class);
        assertThat(type.getName()).isEqualTo("workerqueue.Task");
        assertThat(type.getLabel()).isNotBlank();
        assertThat(type.getDescription()).isNotBlank();
        assertThat(type.getCategoryNames()).containsExactly("Worker Queue");
        assertThat(type.getFields())
                .extracting(ValueDescriptor::getName)
                .contains("queue", "task", "wait", "run", "attempts", "outcome");
        assertThat(type.getFields()).extracting(ValueDescriptor::getLabel).doesNotContainNull();
    }

    private static UnaryOperator<QueueSettings> retried(int times, Duration delay) {
        return settings -> settings.withRetryPolicy((failure, attempts) -> attempts <= times ? delay : null);
    }

    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private RecordedEvent recordOne(TaskAction action) throws Exception {
        List<RecordedEvent> events = record(action);
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private List<RecordedEvent> record(TaskAction action) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable(JfrTasks.EVENT);
            recording.start();
            action.run();
            recording.stop();
            return events(recording);
        }
    }

    private List<RecordedEvent> events(Recording recording) throws IOException {
        Path file = Files.createTempFile(directory, "tasks", ".jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(JfrTasks.EVENT))
                .toList();
    }

    private static RecordedEvent named(List<RecordedEvent> events, String task) {
        return events.stream()
                .filter(event -> event.getString("task").equals(task))
                .findFirst()
                .orElseThrow();
    }

    /** Item that counts the calls of its {@code toString}. */
    private record Item(AtomicInteger named) {

        @Override
        public String toString() {
            return "item " + named.incrementAndGet();
        }
    }

    /** A program that records nothing. */
    static final class Unrecorded {

        private Unrecorded() {}

        public static void main(String[] args) throws Exception {
            QueueSettings settings = QueueSettings.defaults().withInterceptors(List.of(new JfrTasks()));
            try (WorkerQueue<String> queue = QueueFactory.create(settings).open()) {
                queue.put(() -> "done");
                queue.join();
            }
        }
    }
}
