package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.LoggerFactory;

/** Tests for the warning about tasks that return an incomplete stage: rule 11 of {@code docs/reference/rules.md}. */
@SuppressWarnings("FutureReturnValueIgnored") // the mistake under test
class UnfinishedStageWarningTests {

    private static final String LOGGER = WorkerQueue.class.getName() + ".async";

    @QueueTest
    void warningNamesTaskOfAnyPutMethodWhenItReturnsUnfinishedStage(Fixture fixture) throws Exception {
        Starting task = new Starting(new CompletableFuture<>());
        List<Put> puts = List.of(
                queue -> queue.put(task),
                queue -> queue.put(task, TaskOptions.named("starts")),
                queue -> queue.putDelayed(task, Duration.ZERO),
                queue -> queue.putAll(List.of("starts"), item -> task.call()),
                queue -> assertThat(queue.offer(task)).isTrue(),
                queue -> assertThat(queue.offer(task, Duration.ofSeconds(5))).isTrue(),
                queue -> queue.submit(task).get(),
                queue -> queue.asExecutorService().submit(task).get(),
                queue -> queue.asExecutorService().invokeAll(List.of(task)),
                queue -> queue.asExecutorService().invokeAny(List.of(task)));
        for (Put put : puts) {
            WorkerQueue<Object> queue = open(fixture);
            assertThat(warnings(queue, put)).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage())
                        .startsWith("Queue 'default': task 'starts' returned an incomplete stage")
                        .contains(CompletableFuture.class.getName(), "putAsync");
            });
        }
    }

    @QueueTest
    void warningIsLoggedOncePerNameOfQueue(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        Starting task = new Starting(new CompletableFuture<>());
        List<ILoggingEvent> events = FailureTests.logged(() -> {
            for (String name : List.of("first", "second", "first")) {
                try (WorkerQueue<Object> queue = factory.open(name)) {
                    queue.put(task);
                    queue.put(task);
                    queue.join();
                }
            }
        });

        assertThat(events)
                .filteredOn(event -> event.getLoggerName().equals(LOGGER))
                .extracting(event -> event.getFormattedMessage().substring(0, 14))
                .containsExactly("Queue 'first':", "Queue 'second'");
    }

    @QueueTest
    void finishedStageAndTaskOfPutAsyncAndExecuteLogNothing(Fixture fixture) throws Exception {
        CompletableFuture<Object> pending = new CompletableFuture<>();
        CompletableFuture<Object> stage = new CompletableFuture<>();
        WorkerQueue<Object> queue = open(fixture);

        List<ILoggingEvent> warnings = warnings(queue, each -> {
            each.put(() -> CompletableFuture.completedFuture("done"));
            each.put(() -> CompletableFuture.failedFuture(new IOException("failed")));
            each.put(() -> null);
            each.putAsync(() -> CompletableFuture.completedFuture(pending));
            each.putAsync(() -> stage);
            each.execute(() -> new Starting(pending).call());
            stage.complete("late");
        });

        assertThat(warnings).isEmpty();
    }

    @QueueTest
    void unfinishedStageIsCollectedLikeAnyResult(Fixture fixture) throws Exception {
        CompletableFuture<String> pending = new CompletableFuture<>();
        WorkerQueue<CompletableFuture<String>> queue = fixture.open(1, 5);

        queue.put(() -> pending);

        assertThat(queue.join()).singleElement().isSameAs(pending);
    }

    @QueueTest
    void stageWithoutToCompletableFutureIsCollectedWithoutWarning(Fixture fixture) throws Exception {
        CompletionStage<String> opaque = new CompletableFuture<>() {
            @Override
            public CompletableFuture<String> toCompletableFuture() {
                throw new UnsupportedOperationException("opaque");
            }
        };
        WorkerQueue<Object> queue = open(fixture);

        List<ILoggingEvent> warnings = warnings(queue, each -> {
            each.put(() -> opaque);
            assertThat((Object) each.submit(() -> opaque).get()).isSameAs(opaque);
            assertThat((Object) each.asExecutorService().submit(() -> opaque).get())
                    .isSameAs(opaque);
            assertThat(each.join()).containsExactly(opaque);
        });

        assertThat(warnings).isEmpty();
        assertThat(queue.snapshot().completed()).isEqualTo(3);
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void warningIsNotLoggedWhenItsLoggerIsOff(Fixture fixture) throws Exception {
        ch.qos.logback.classic.Logger logger = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(LOGGER);
        logger.setLevel(Level.OFF);
        try {
            WorkerQueue<Object> queue = open(fixture);
            assertThat(warnings(queue, each -> each.put(new Starting(new CompletableFuture<>()))))
                    .isEmpty();
        } finally {
            logger.setLevel(null);
        }
    }

    private static WorkerQueue<Object> open(Fixture fixture) {
        return fixture.open(fixture.factory(builder -> builder), 1, 10);
    }

    private static List<ILoggingEvent> warnings(WorkerQueue<Object> queue, Put put) throws Exception {
        return FailureTests.logged(() -> {
                    put.into(queue);
                    queue.join();
                })
                .stream()
                .filter(event -> event.getLoggerName().equals(LOGGER))
                .toList();
    }

    private interface Put {

        void into(WorkerQueue<Object> queue) throws Exception;
    }

    /** Task that returns a stage, which may be incomplete. */
    private record Starting(CompletableFuture<?> stage) implements Callable<Object> {

        @Override
        public Object call() {
            return stage;
        }

        @Override
        public String toString() {
            return "starts";
        }
    }
}
