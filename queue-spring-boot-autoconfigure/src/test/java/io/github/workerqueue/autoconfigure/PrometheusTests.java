package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.workerqueue.AbandonedTaskHandler;
import io.github.workerqueue.QueueExceptionHandler;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.WorkerQueue;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tests for a scrape by Prometheus, which is compared with the reference of meters. */
@Timeout(60)
class PrometheusTests {

    private static final Pattern TYPE = Pattern.compile("# TYPE (queue_\\S+) (\\S+)");

    private static final Pattern SAMPLE = Pattern.compile("(queue_\\w+)\\{([^}]*)} (\\S+)");

    private static final Pattern ROW =
            Pattern.compile("\\| `(queue\\.\\S+)` \\| (\\w+) \\| (\\w+) \\| ([^|]+) \\| .+ \\|");

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void scrapeHasMetersOfReference() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            useQueue(context);
            Scrape scrape = scrape(context);
            List<Row> table = readTable();
            assertThat(table).hasSizeGreaterThan(10);
            assertThat(scrape.kinds)
                    .isEqualTo(table.stream()
                            .flatMap(row -> row.families().entrySet().stream())
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
            for (Row row : table) {
                assertThat(scrape.samplesOf(row.family()))
                        .as(row.meter)
                        .isNotEmpty()
                        .allSatisfy(sample -> assertThat(sample.tags.keySet()).isEqualTo(row.tags))
                        .allSatisfy(sample -> assertThat(sample.tags).containsEntry("name", "riot"));
            }
        }
    }

    @Test
    void scrapeHasDescriptionOfEachMeter() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            useQueue(context);
            Scrape scrape = scrape(context);
            assertThat(scrape.kinds).hasSizeGreaterThan(10);
            assertThat(scrape.kinds.keySet())
                    .allSatisfy(family ->
                            assertThat(scrape.lines).anyMatch(line -> line.matches("# HELP " + family + " \\w.+")));
        }
    }

    @Test
    void scrapeHasMetersOfObservationWhenApplicationReplacesFilter() throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class, NoFilter.class)
                .run("--server.port=0", "--management.endpoints.web.exposure.include=prometheus")) {
            WorkerQueue<String> queue = context.getBean(QueueFactory.class).open("riot");
            queue.put(() -> "done");
            queue.join();
            assertThat(scrape(context).kinds).containsKeys("queue_task_seconds", "queue_tasks_seconds");
        }
    }

    @Test
    void scrapeHasValuesOfUsedQueues() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            useQueue(context);
            assertThat(scrape(context).lines)
                    .contains(
                            "queue_open_queues{name=\"riot\"} 1.0",
                            "queue_stalled_queues{name=\"riot\"} 0.0",
                            "queue_workers{name=\"riot\"} 1.0",
                            "queue_maxsize_tasks{name=\"riot\"} 1.0",
                            "queue_depth_tasks{name=\"riot\"} 2.0",
                            "queue_overflow_tasks{name=\"riot\"} 1.0",
                            "queue_active_tasks{name=\"riot\"} 1.0",
                            "queue_counter_tasks{name=\"riot\"} 3.0",
                            "queue_tasks_seconds_count{exception=\"none\",name=\"riot\",outcome=\"success\"} 1",
                            "queue_tasks_seconds_count{exception=\"IOException\",name=\"riot\",outcome=\"failure\"} 1",
                            "queue_tasks_seconds_count{exception=\"none\",name=\"riot\",outcome=\"cancelled\"} 2",
                            "queue_wait_seconds_count{name=\"riot\"} 5",
                            "queue_put_blocked_seconds_count{name=\"riot\"} 1",
                            "queue_rejected_tasks_total{name=\"riot\"} 1.0",
                            "queue_retried_attempts_total{name=\"riot\"} 1.0",
                            "queue_abandoned_tasks_total{name=\"riot\"} 2.0");
        }
    }

    @Test
    void seriesStayWhenQueuesAreClosed() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            useQueue(context);
            Scrape before = scrape(context);
            context.getBean(QueueFactory.class).close(Duration.ZERO);
            Scrape after = scrape(context);
            assertThat(after.kinds).isEqualTo(before.kinds);
            assertThat(after.lines)
                    .contains(
                            "queue_open_queues{name=\"riot\"} 0.0",
                            "queue_depth_tasks{name=\"riot\"} 0.0",
                            "queue_active_tasks{name=\"riot\"} 0.0",
                            "queue_workers{name=\"riot\"} 0.0",
                            "queue_retried_attempts_total{name=\"riot\"} 1.0",
                            "queue_abandoned_tasks_total{name=\"riot\"} 5.0");
        }
    }

    @Test
    void metersCountTasksOfDrainWhenApplicationStops() throws Exception {
        ConfigurableApplicationContext context = start("--queue.shutdown.await-termination-period=10s");
        PrometheusMeterRegistry registry = context.getBean(PrometheusMeterRegistry.class);
        WorkerQueue<String> queue = context.getBean(QueueFactory.class).open("riot");
        CountDownLatch closing = new CountDownLatch(1);
        queue.put(() -> {
            closing.await();
            return "drained";
        });
        queue.put(() -> "drained");
        Thread closer = new Thread(context::close);
        closer.start();
        await().until(registry::isClosed);
        closing.countDown();
        closer.join();
        assertThat(registry.scrape().lines())
                .contains(
                        "queue_tasks_seconds_count{exception=\"none\",name=\"riot\",outcome=\"success\"} 2",
                        "queue_open_queues{name=\"riot\"} 0.0");
    }

    @Test
    void timersHaveNoHistogramByDefault() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            useQueue(context);
            assertThat(scrape(context).lines).noneMatch(line -> line.contains("_bucket"));
        }
    }

    @Test
    void timerHasHistogramWhenPropertyEnablesIt() throws Exception {
        try (ConfigurableApplicationContext context =
                start("--management.metrics.distribution.percentiles-histogram.queue.tasks=true")) {
            useQueue(context);
            Scrape scrape = scrape(context);
            assertThat(scrape.kinds)
                    .containsEntry("queue_tasks_seconds", "histogram")
                    .containsEntry("queue_wait_seconds", "summary")
                    .containsEntry("queue_put_blocked_seconds", "summary");
            assertThat(scrape.lines)
                    .contains("queue_tasks_seconds_bucket{exception=\"none\",name=\"riot\",outcome=\"success\","
                            + "le=\"+Inf\"}"
                            + " 1");
        }
    }

    /** Uses queues so that each meter has a value. */
    private static void useQueue(ConfigurableApplicationContext context) throws Exception {
        QueueFactory factory = context.getBean(QueueFactory.class);
        CountDownLatch never = new CountDownLatch(1);
        WorkerQueue<String> abandoned = factory.open("riot");
        CountDownLatch started = new CountDownLatch(1);
        abandoned.execute(() -> {
            started.countDown();
            never.await();
        });
        started.await();
        abandoned.put(() -> "never");
        abandoned.offer(() -> "held back", Duration.ofMillis(1));
        abandoned.close(Duration.ZERO);
        abandoned.asExecutorService().awaitTermination(10, TimeUnit.SECONDS);
        WorkerQueue<String> queue = factory.open(
                "riot",
                settings -> settings.withRetryPolicy((failure, attempts) -> attempts == 1 ? Duration.ZERO : null));
        queue.put(() -> "done");
        queue.join();
        queue.put(() -> {
            throw new IOException();
        });
        queue.join();
        CountDownLatch put = new CountDownLatch(1);
        queue.execute(() -> {
            queue.put(() -> "child");
            queue.put(() -> "child");
            put.countDown();
            never.await();
        });
        put.await();
    }

    private static ConfigurableApplicationContext start(String... properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.endpoints.web.exposure.include=prometheus",
                "--queue.stall.after=1h",
                "--queue.instances.riot.workers=1",
                "--queue.instances.riot.maxsize=1"));
        arguments.addAll(List.of(properties));
        return new SpringApplicationBuilder(Application.class)
                .properties("queue.shutdown.await-termination-period=0s")
                .run(arguments.toArray(String[]::new));
    }

    private Scrape scrape(ConfigurableApplicationContext context) throws IOException, InterruptedException {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        URI uri = URI.create("http://localhost:" + port + "/actuator/prometheus");
        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return new Scrape(response.body().lines().toList());
    }

    private static List<Row> readTable() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("../queue-spring-boot-starter/docs/reference/meters.md"))) {
            Matcher matcher = ROW.matcher(line);
            if (matcher.matches()) {
                Set<String> tags = Pattern.compile("`(\\w+)`")
                        .matcher(matcher.group(4))
                        .results()
                        .map(result -> result.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
                rows.add(new Row(matcher.group(1), matcher.group(2), matcher.group(3), tags));
            }
        }
        return rows;
    }

    /** Row of the reference. */
    private record Row(String meter, String kind, String unit, Set<String> tags) {

        /** Returns the name in Prometheus: the reference says that the unit is appended, unless the name ends in it. */
        String family() {
            String name = meter.replace('.', '_');
            return name.endsWith("_" + unit) ? name : name + "_" + unit;
        }

        Map<String, String> families() {
            return switch (kind) {
                case "gauge" -> Map.of(family(), "gauge");
                case "counter" -> Map.of(family() + "_total", "counter");
                case "timer" -> Map.of(family(), "summary", family() + "_max", "gauge");
                default -> throw new AssertionError(meter + " is of no kind: " + kind);
            };
        }
    }

    private record Sample(String name, Map<String, String> tags) {}

    /** The lines of a scrape, with the kinds and samples of the meters of queues. */
    private static final class Scrape {

        final List<String> lines;

        /** Kind of meter by family. */
        final Map<String, String> kinds = new TreeMap<>();

        private final List<Sample> samples = new ArrayList<>();

        Scrape(List<String> lines) {
            this.lines = lines;
            for (String line : lines) {
                Matcher type = TYPE.matcher(line);
                Matcher sample = SAMPLE.matcher(line);
                if (type.matches()) {
                    kinds.put(type.group(1), type.group(2));
                } else if (sample.matches()) {
                    samples.add(new Sample(sample.group(1), tags(sample.group(2))));
                }
            }
        }

        private static Map<String, String> tags(String text) {
            return Pattern.compile("(\\w+)=\"([^\"]*)\"")
                    .matcher(text)
                    .results()
                    .collect(Collectors.toMap(result -> result.group(1), result -> result.group(2)));
        }

        List<Sample> samplesOf(String family) {
            return samples.stream()
                    .filter(sample -> sample.name.matches(family + "(_total|_count|_sum|_max)?"))
                    .toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NoFilter {

        @Bean
        MeterFilter queueTaskMeterFilter() {
            return new MeterFilter() {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        QueueExceptionHandler ignoring() {
            return failure -> {};
        }

        @Bean
        AbandonedTaskHandler dropping() {
            return task -> {};
        }
    }
}
