package io.github.workerqueue.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tests for the trace of a request whose tasks run in a queue. */
@Timeout(60)
class QueueTracingTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    QueueAutoConfiguration.class,
                    QueueContextAutoConfiguration.class,
                    QueueObservationAutoConfiguration.class,
                    ObservationAutoConfiguration.class,
                    MicrometerTracingAutoConfiguration.class,
                    OpenTelemetrySdkAutoConfiguration.class,
                    OpenTelemetryTracingAutoConfiguration.class))
            .withUserConfiguration(Spans.class)
            .withPropertyValues("management.tracing.sampling.probability=1.0");

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void traceHasSpanOfEachTaskBelowSpanOfItsProducer(boolean propagateContext, boolean virtualThreads) {
        contextRunner
                .withPropertyValues(
                        "queue.propagate-context=" + propagateContext,
                        "spring.threads.virtual.enabled=" + virtualThreads)
                .run(context -> {
                    request(context, queue -> {
                        queue.putAll(List.of(1, 2, 3, 4, 5), item -> "done");
                        queue.putAsync(() -> CompletableFuture.completedFuture("done"));
                        queue.put(
                                () -> {
                                    queue.put(() -> "done", TaskOptions.named("child"));
                                    return "done";
                                },
                                TaskOptions.named("parent"));
                        queue.put(
                                () -> {
                                    throw new IOException("failed");
                                },
                                TaskOptions.named("failing"));
                    });
                    List<SpanData> spans = context.getBean(Spans.class).exporter.getFinishedSpanItems();
                    SpanData request = only(spans, span -> span.getName().equals("request"));
                    SpanData parent = only(spans, span -> "parent".equals(attribute(span, "task.name")));
                    SpanData child = only(spans, span -> "child".equals(attribute(span, "task.name")));
                    SpanData failing = only(spans, span -> "failing".equals(attribute(span, "task.name")));
                    assertThat(spans).hasSize(10);
                    assertThat(spans).extracting(SpanData::getTraceId).containsOnly(request.getTraceId());
                    assertThat(spans)
                            .filteredOn(span -> span.getParentSpanId().equals(request.getSpanId()))
                            .hasSize(8)
                            .extracting(SpanData::getName)
                            .containsOnly("task riot");
                    assertThat(child.getParentSpanId()).isEqualTo(parent.getSpanId());
                    assertThat(attribute(child, "queue.name")).isEqualTo("riot");
                    assertThat(attribute(child, "outcome")).isEqualTo("success");
                    assertThat(failing.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
                    assertThat(attribute(failing, "outcome")).isEqualTo("failure");
                    assertThat(attribute(failing, "exception")).isEqualTo("IOException");
                });
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void spanShowsRetriesAndIsCurrentInEachAttempt(boolean propagateContext) {
        contextRunner
                .withPropertyValues("queue.propagate-context=" + propagateContext, "queue.workers=1")
                .run(context -> {
                    Tracer tracer = context.getBean(Tracer.class);
                    List<String> current = new CopyOnWriteArrayList<>();
                    int[] attempts = {0};
                    request(
                            context,
                            queue -> queue.put(
                                    () -> {
                                        current.add(Objects.requireNonNull(tracer.currentSpan())
                                                .context()
                                                .spanId());
                                        if (++attempts[0] < 3) {
                                            throw new IOException("not yet");
                                        }
                                        return "done";
                                    },
                                    TaskOptions.defaults().withRetryPolicy((failure, attempt) -> Duration.ZERO)));
                    SpanData task = only(
                            context.getBean(Spans.class).exporter.getFinishedSpanItems(),
                            span -> span.getName().equals("task riot"));
                    assertThat(task.getEvents()).extracting(EventData::getName).containsExactly("retry", "retry");
                    assertThat(task.getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
                    assertThat(attribute(task, "task.attempts")).isEqualTo("3");
                    assertThat(current).hasSize(3).containsOnly(task.getSpanId());
                });
    }

    /** Puts tasks while a request is observed. */
    private static void request(BeanFactory context, Puts puts) throws Exception {
        Observation request = Observation.start("request", context.getBean(ObservationRegistry.class));
        try (WorkerQueue<String> queue = context.getBean(QueueFactory.class).open("riot")) {
            request.scopedChecked(() -> puts.into(queue));
            queue.join();
        } finally {
            request.stop();
        }
    }

    private static SpanData only(List<SpanData> spans, Predicate<SpanData> which) {
        List<SpanData> found = spans.stream().filter(which).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static @Nullable String attribute(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }

    private interface Puts {

        void into(WorkerQueue<String> queue) throws Exception;
    }

    @Configuration(proxyBeanMethods = false)
    static class Spans {

        /** Not a bean, to which Boot would export each span a second time. */
        private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

        @Bean
        SpanProcessor spanProcessor() {
            return SimpleSpanProcessor.create(exporter);
        }
    }
}
