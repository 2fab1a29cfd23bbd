package io.github.workerqueue.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueListener.Outcome;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.WorkerQueue;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests for the meters of queues and tasks. */
@Timeout(60)
class QueueMetricsTests {

    private static final Callable<String> RETURNS = () -> "done";

    /** Strong references to queues of a test, since an unreachable queue is closed. */
    private final List<WorkerQueue<?>> kept = new ArrayList<>();

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private final Set<Long> stalled = new HashSet<>();

    private final QueueMetrics metrics =
            new QueueMetrics(registry, Set.of(), QueueMetrics.DEFAULT_MAX_NAMES, stalled::contains);

    private final QueueFactory factory = QueueFactory.builder()
            .defaults(QueueSettings.defaults().withWorkers(1).withMaxsize(2).withExceptionHandler(failure -> {}))
            .listener(metrics)
            .build();

    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        factory.close();
    }

    @Test
    void depthIsNumberOfWaitingTasks() throws InterruptedException {
        WorkerQueue<String> queue = openOccupiedQueue("riot");
        queue.put(RETURNS);
        queue.put(RETURNS);
        assertThat(gauge("queue.depth", "riot")).isEqualTo(2);
    }

    @Test
    void counterIsNumberOfTasksSinceLastJoin() throws InterruptedException {
        WorkerQueue<String> queue = openOccupiedQueue("riot");
        queue.put(RETURNS);
        assertThat(gauge("queue.counter", "riot")).isEqualTo(2);
        release.countDown();
        queue.join();
        assertThat(gauge("queue.counter", "riot")).isZero();
    }

    @Test
    void activeIsNumberOfRunningTasks() throws InterruptedException {
        openOccupiedQueue("riot");
        assertThat(gauge("queue.active", "riot")).isEqualTo(1);
    }

    @Test
    void workersAndMaxsizeAreThoseOfSettings() {
        kept.add(factory.open("riot"));
        assertThat(gauge("queue.workers", "riot")).isEqualTo(1);
        assertThat(gauge("queue.maxsize", "riot")).isEqualTo(2);
    }

    @Test
    void overflowIsNumberOfChildTasksBeyondCapacity() throws InterruptedException {
        WorkerQueue<String> queue = factory.open("riot");
        CountDownLatch put = new CountDownLatch(1);
        queue.execute(() -> {
            for (int i = 0; i < 5; i++) {
                queue.put(RETURNS);
            }
            put.countDown();
            release.await();
        });
        put.await();
        assertThat(gauge("queue.overflow", "riot"))
                .isEqualTo(3)
                .isEqualTo(queue.snapshot().overflow());
        assertThat(gauge("queue.depth", "riot")).isEqualTo(5);
    }

    @Test
    void gaugesAreSumsOverOpenQueuesOfName() throws InterruptedException {
        openOccupiedQueue("riot");
        openOccupiedQueue("riot");
        kept.add(factory.open("valve"));
        assertThat(gauge("queue.open", "riot")).isEqualTo(2);
        assertThat(gauge("queue.active", "riot")).isEqualTo(2);
        assertThat(gauge("queue.workers", "riot")).isEqualTo(2);
        assertThat(gauge("queue.maxsize", "riot")).isEqualTo(4);
        assertThat(gauge("queue.counter", "riot")).isEqualTo(2);
        assertThat(gauge("queue.open", "valve")).isEqualTo(1);
    }

    @Test
    void closedQueuesDoNotCount() {
        factory.open("riot").close();
        assertThat(gauge("queue.open", "riot")).isZero();
        assertThat(gauge("queue.workers", "riot")).isZero();
    }

    @Test
    void stalledIsNumberOfOpenQueuesThatHaveStalled() {
        WorkerQueue<String> closed = factory.open("riot");
        WorkerQueue<String> open = factory.open("riot");
        kept.add(factory.open("riot"));
        kept.add(factory.open("valve"));
        stalled.add(closed.snapshot().id());
        stalled.add(open.snapshot().id());
        assertThat(gauge("queue.stalled", "riot")).isEqualTo(2);
        assertThat(gauge("queue.stalled", "valve")).isZero();
        closed.close();
        assertThat(gauge("queue.stalled", "riot")).isEqualTo(1);
    }

    @Test
    void stalledIsSumOverNamesOfSharedSeries() {
        QueueMetrics metrics = new QueueMetrics(registry, Set.of(), 0, stalled::contains);
        QueueFactory factory = QueueFactory.builder().listener(metrics).build();
        for (String name : List.of("riot", "valve", "blizzard")) {
            kept.add(factory.open(name));
        }
        stalled.add(kept.get(0).snapshot().id());
        stalled.add(kept.get(1).snapshot().id());
        assertThat(gauge("queue.stalled", "other")).isEqualTo(2);
    }

    @Test
    void stalledIsNotRegisteredWithoutStallDetection() {
        QueueFactory factory =
                QueueFactory.builder().listener(new QueueMetrics(registry)).build();
        kept.add(factory.open("riot"));
        assertThat(registry.getMeters()).hasSize(15);
        assertThat(registry.find("queue.stalled").gauges()).isEmpty();
    }

    @Test
    void tasksAreTimedByOutcome() throws InterruptedException {
        WorkerQueue<String> queue = openOccupiedQueue("riot");
        queue.put(RETURNS);
        queue.put(() -> {
            throw new IOException();
        });
        release.countDown();
        queue.join();
        assertThat(tasks("riot", "success", "none").count()).isEqualTo(2);
        assertThat(tasks("riot", "success", "none").totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
        assertThat(tasks("riot", "failure", "IOException").count()).isEqualTo(1);
        assertThat(tasks("riot", "cancelled", "none").count()).isZero();
    }

    @Test
    void cancelledTasksAreCounted() throws InterruptedException {
        WorkerQueue<String> queue = openOccupiedQueue("riot");
        queue.put(RETURNS);
        queue.cancel();
        queue.join();
        assertThat(tasks("riot", "cancelled", "none").count()).isEqualTo(2);
        assertThat(tasks("riot", "success", "none").count()).isZero();
    }

    @Test
    void exceptionTagIsFullNameWhenSimpleNameIsEmpty() throws InterruptedException {
        Exception anonymous = new Exception() {
            private static final long serialVersionUID = 1L;
        };
        WorkerQueue<String> queue = factory.open("riot");
        queue.put(() -> {
            throw anonymous;
        });
        queue.join();
        assertThat(tasks("riot", "failure", anonymous.getClass().getName()).count())
                .isEqualTo(1);
    }

    @Test
    void exceptionTagsAreBounded() throws IOException {
        kept.add(factory.open("riot"));
        kept.add(factory.open("valve"));
        List<Throwable> exceptions = exceptionsOfJava();
        assertThat(exceptions).hasSizeGreaterThan(60);
        for (Throwable exception : exceptions) {
            metrics.finished("riot", 0, 1, Outcome.FAILURE, exception);
            metrics.finished("valve", 0, 1, Outcome.FAILURE, exception);
        }
        assertThat(tagValues("queue.tasks", "exception")).hasSize(52).contains("none", "other");
        assertThat(tasks("riot", "failure", "other").count()).isEqualTo(exceptions.size() - 50);
    }

    @Test
    void waitIsTimedOncePerTask() throws InterruptedException {
        WorkerQueue<String> queue = openOccupiedQueue("riot");
        queue.put(RETURNS);
        release.countDown();
        queue.join();
        assertThat(timer("queue.wait", "riot").count()).isEqualTo(2);
        assertThat(timer("queue.wait", "riot").totalTime(TimeUnit.NANOSECONDS)).isPositive();
    }

    @Test
    void blockedProducersAreTimed() throws InterruptedException {
        WorkerQueue<String> queue = openOccupiedQueue("riot");
        queue.put(RETURNS);
        queue.put(RETURNS);
        assertThat(timer("queue.put.blocked", "riot").count()).isZero();
        assertThat(queue.offer(RETURNS, Duration.ofMillis(1))).isFalse();
        assertThat(timer("queue.put.blocked", "riot").count()).isEqualTo(1);
        assertThat(timer("queue.put.blocked", "riot").totalTime(TimeUnit.MILLISECONDS))
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void rejectedTasksAreCounted() throws InterruptedException {
        WorkerQueue<String> queue = openOccupiedQueue("riot");
        queue.put(RETURNS);
        queue.put(RETURNS);
        queue.offer(RETURNS);
        assertThat(counter("queue.rejected", "riot")).isEqualTo(1);
    }

    @Test
    void retriesAndTheirWaitsAreCountedAndTaskIsTimedOnce() throws InterruptedException {
        WorkerQueue<String> queue = factory.open(
                "riot",
                settings -> settings.withRetryPolicy((failure, attempts) -> attempts <= 2 ? Duration.ZERO : null));
        AtomicInteger runs = new AtomicInteger();
        queue.put(() -> {
            if (runs.incrementAndGet() <= 2) {
                throw new IOException();
            }
            return "third";
        });
        assertThat(queue.join()).containsExactly("third");
        assertThat(counter("queue.retried", "riot")).isEqualTo(2);
        assertThat(timer("queue.wait", "riot").count()).isEqualTo(3);
        assertThat(registry.get("queue.tasks").tag("name", "riot").timers())
                .filteredOn(timer -> timer.count() > 0)
                .singleElement()
                .satisfies(timer -> {
                    assertThat(timer.getId().getTag("outcome")).isEqualTo("success");
                    assertThat(timer.count()).isEqualTo(1);
                });
    }

    @Test
    void taskCountsAsOneFailureWhenAllRetriesFail() throws InterruptedException {
        WorkerQueue<String> queue = factory.open(
                "riot",
                settings -> settings.withRetryPolicy((failure, attempts) -> attempts <= 2 ? Duration.ZERO : null));
        queue.put(() -> {
            throw new IOException();
        });
        queue.join();
        assertThat(counter("queue.retried", "riot")).isEqualTo(2);
        assertThat(tasks("riot", "failure", "IOException").count()).isEqualTo(1);
    }

    @Test
    void abandonedTasksCountAsAbandonedAndCancelled() throws InterruptedException {
        WorkerQueue<String> queue = openOccupiedQueue("riot");
        queue.put(RETURNS);
        queue.put(RETURNS);
        assertThat(queue.close(Duration.ZERO)).isFalse();
        assertThat(counter("queue.abandoned", "riot")).isEqualTo(3);
        await().untilAsserted(() ->
                assertThat(tasks("riot", "cancelled", "none").count()).isEqualTo(3));
    }

    @Test
    void cancelledTasksDoNotCountAsAbandoned() throws InterruptedException {
        WorkerQueue<String> queue = openOccupiedQueue("riot");
        queue.put(RETURNS);
        queue.cancel();
        queue.close();
        assertThat(counter("queue.abandoned", "riot")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "queue.depth, tasks",
        "queue.counter, tasks",
        "queue.active, tasks",
        "queue.overflow, tasks",
        "queue.workers, workers",
        "queue.maxsize, tasks",
        "queue.open, queues",
        "queue.stalled, queues",
        "queue.rejected, tasks",
        "queue.retried, attempts",
        "queue.abandoned, tasks",
        "queue.tasks, seconds",
        "queue.wait, seconds",
        "queue.put.blocked, seconds"
    })
    void meterHasDescriptionAndBaseUnit(String meter, String unit) {
        kept.add(factory.open("riot"));
        assertThat(registry.get(meter).meters()).isNotEmpty().allSatisfy(found -> {
            assertThat(found.getId().getDescription()).isNotBlank();
            assertThat(found.getId().getBaseUnit()).isEqualTo(unit);
        });
    }

    @Test
    void metersAreRegisteredWhenFirstQueueOpens() throws InterruptedException {
        WorkerQueue<String> queue = factory.open("riot");
        int before = registry.getMeters().size();
        for (Outcome outcome : Outcome.values()) {
            metrics.finished("riot", 0, 1, outcome, null);
        }
        queue.put(RETURNS);
        queue.join();
        queue.close();
        assertThat(registry.getMeters()).hasSize(before).hasSize(16);
    }

    @Test
    void metersDoNotAccumulateWhenQueuesOpenAndClose() throws InterruptedException {
        factory.open("riot").close();
        int before = registry.getMeters().size();
        for (int i = 0; i < 10_000; i++) {
            try (WorkerQueue<String> queue = factory.open("riot")) {
                queue.put(RETURNS);
                queue.join();
            }
        }
        assertThat(registry.getMeters()).hasSize(before);
        assertThat(gauge("queue.open", "riot")).isZero();
        assertThat(tasks("riot", "success", "none").count()).isEqualTo(10_000);
    }

    @Test
    void closedQueueIsCollected() {
        kept.add(factory.open("riot"));
        WeakReference<Supplier<QueueSnapshot>> figures = openAndClose();
        await().untilAsserted(() -> {
            System.gc();
            assertThat(figures.get()).isNull();
        });
    }

    @Test
    void namesShareOneSeriesBeyondLimit() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> opening = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(part -> threads.submit(() -> {
                        for (int i = part; i < 10_000; i += 4) {
                            try (WorkerQueue<String> queue = factory.open("user-" + i)) {
                                queue.put(RETURNS);
                            }
                        }
                        return null;
                    }))
                    .toList();
            for (Future<?> each : opening) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(tagValues("queue.depth", "name")).hasSize(101).contains("other");
        assertThat(registry.getMeters()).hasSize(101 * 16);
        assertThat(registry.get("queue.tasks").tag("outcome", "success").timers().stream()
                        .mapToLong(Timer::count)
                        .sum())
                .isEqualTo(10_000);
        assertThat(tasks("other", "success", "none").count()).isEqualTo(9_900);
        assertThat(gauge("queue.open", "other")).isZero();
    }

    @Test
    void configuredNamesHaveSeriesOfTheirOwn() {
        MeterRegistry registry = new SimpleMeterRegistry();
        QueueMetrics metrics = new QueueMetrics(registry, Set.of("riot"), 0);
        QueueFactory factory = QueueFactory.builder().listener(metrics).build();
        factory.open("valve").close();
        factory.open("riot").close();
        assertThat(tagValues(registry, "queue.depth", "name")).containsExactlyInAnyOrder("riot", "other");
    }

    @Test
    void queueNamedOtherUsesSharedSeries() {
        QueueMetrics metrics = new QueueMetrics(registry, Set.of(), 1);
        QueueFactory factory = QueueFactory.builder().listener(metrics).build();
        kept.add(factory.open("other"));
        kept.add(factory.open("riot"));
        kept.add(factory.open("valve"));
        assertThat(gauge("queue.open", "other")).isEqualTo(2);
        assertThat(gauge("queue.open", "riot")).isEqualTo(1);
    }

    @Test
    void seriesOfReturnsNameUnderWhichQueueIsCounted() {
        QueueMetrics metrics = new QueueMetrics(registry, Set.of(), 1);
        QueueFactory factory = QueueFactory.builder().listener(metrics).build();
        kept.add(factory.open("riot"));
        kept.add(factory.open("valve"));
        assertThat(metrics.seriesOf("riot")).isEqualTo("riot");
        assertThat(metrics.seriesOf("valve")).isEqualTo("other");
    }

    @Test
    void negativeMaxNamesAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueueMetrics(registry, Set.of(), -1))
                .withMessage("maxNames must be zero or positive, but was -1");
    }

    @Test
    void metersCountWhenRegistryIsClosed() throws InterruptedException {
        WorkerQueue<String> queue = factory.open("riot");
        metrics.finished("riot", 0, 1, Outcome.FAILURE, new IOException());
        Timer success = tasks("riot", "success", "none");
        Timer known = tasks("riot", "failure", "IOException");
        Timer other = tasks("riot", "failure", "other");
        Timer waited = timer("queue.wait", "riot");
        registry.close();
        queue.put(RETURNS);
        queue.put(() -> {
            throw new IOException();
        });
        queue.put(() -> {
            throw new IllegalStateException();
        });
        queue.join();
        assertThat(success.count()).isEqualTo(1);
        assertThat(known.count()).isEqualTo(2);
        assertThat(other.count()).isEqualTo(1);
        assertThat(waited.count()).isEqualTo(3);
    }

    @Test
    void prometheusScrapesEveryMeter() throws InterruptedException {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        QueueFactory factory = QueueFactory.builder()
                .defaults(QueueSettings.defaults().withExceptionHandler(failure -> {}))
                .listener(new QueueMetrics(prometheus))
                .build();
        try (WorkerQueue<String> queue = factory.open("riot")) {
            queue.put(RETURNS);
            queue.put(() -> {
                throw new IOException();
            });
            queue.join();
            assertThat(prometheus.scrape().lines())
                    .contains(
                            "queue_depth_tasks{name=\"riot\"} 0.0",
                            "queue_counter_tasks{name=\"riot\"} 0.0",
                            "queue_active_tasks{name=\"riot\"} 0.0",
                            "queue_overflow_tasks{name=\"riot\"} 0.0",
                            "queue_workers{name=\"riot\"} 25.0",
                            "queue_maxsize_tasks{name=\"riot\"} 50.0",
                            "queue_open_queues{name=\"riot\"} 1.0",
                            "queue_rejected_tasks_total{name=\"riot\"} 0.0",
                            "queue_retried_attempts_total{name=\"riot\"} 0.0",
                            "queue_abandoned_tasks_total{name=\"riot\"} 0.0",
                            "queue_tasks_seconds_count{exception=\"none\",name=\"riot\",outcome=\"success\"} 1",
                            "queue_tasks_seconds_count{exception=\"IOException\",name=\"riot\",outcome=\"failure\"} 1",
                            "queue_tasks_seconds_count{exception=\"none\",name=\"riot\",outcome=\"cancelled\"} 0",
                            "queue_wait_seconds_count{name=\"riot\"} 2",
                            "queue_put_blocked_seconds_count{name=\"riot\"} 0");
        }
    }

    /** Returns exceptions of the JDK, all with different simple names. */
    private static List<Throwable> exceptionsOfJava() throws IOException {
        Path base = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", "java.base", "java");
        Map<String, Throwable> exceptions = new TreeMap<>();
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file :
                    (Iterable<Path>) files.filter(path -> path.toString().endsWith("Exception.class"))::iterator) {
                String name = "java/" + base.relativize(file).toString().replace(".class", "");
                try {
                    Class<?> type = Class.forName(name.replace('/', '.'));
                    exceptions.put(type.getSimpleName(), (Throwable)
                            type.getConstructor().newInstance());
                } catch (ReflectiveOperationException ex) {
                    // The class has no public constructor without parameters.
                }
            }
        }
        return List.copyOf(exceptions.values());
    }

    /** Opens a queue whose only worker is busy until {@code release} is open. */
    private WorkerQueue<String> openOccupiedQueue(String name) throws InterruptedException {
        WorkerQueue<String> queue = factory.open(name);
        kept.add(queue);
        CountDownLatch started = new CountDownLatch(1);
        queue.put(() -> {
            started.countDown();
            release.await();
            return "released";
        });
        started.await();
        return queue;
    }

    private WeakReference<Supplier<QueueSnapshot>> openAndClose() {
        WorkerQueue<String> queue = factory.open("elsewhere");
        Supplier<QueueSnapshot> figures = queue::snapshot;
        metrics.opened("riot", 1_000, figures);
        metrics.closed("riot", 1_000);
        return new WeakReference<>(figures);
    }

    private double gauge(String meter, String name) {
        return registry.get(meter).tag("name", name).gauge().value();
    }

    private double counter(String meter, String name) {
        return registry.get(meter).tag("name", name).counter().count();
    }

    private Timer timer(String meter, String name) {
        return registry.get(meter).tag("name", name).timer();
    }

    private Timer tasks(String name, String outcome, String exception) {
        return registry.get("queue.tasks")
                .tags("name", name, "outcome", outcome, "exception", exception)
                .timer();
    }

    private Set<String> tagValues(String meter, String tag) {
        return tagValues(registry, meter, tag);
    }

    private static Set<String> tagValues(MeterRegistry registry, String meter, String tag) {
        return registry.get(meter).meters().stream()
                .map(Meter::getId)
                .map(id -> String.valueOf(id.getTag(tag)))
                .collect(Collectors.toSet());
    }
}
