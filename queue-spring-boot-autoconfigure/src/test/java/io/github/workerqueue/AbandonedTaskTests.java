package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Tests for the tasks that a close abandons: rule 6 of {@code docs/reference/rules.md}. */
class AbandonedTaskTests {

    private final List<AbandonedTask> abandoned = Collections.synchronizedList(new ArrayList<>());

    private UnaryOperator<QueueSettings> settings(int workers, int maxsize) {
        return settings -> settings.withWorkers(workers).withMaxsize(maxsize).withAbandonedTaskHandler(abandoned::add);
    }

    @QueueTest
    void abandonedTaskIsReportedAsStartedWhenItRanBefore(Fixture fixture) throws Exception {
        AtomicInteger heard = new AtomicInteger();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void abandoned(String queue) {
                heard.incrementAndGet();
            }
        }));
        WorkerQueue<String> queue = factory.open(
                settings -> settings(1, 2).apply(settings).withRetryPolicy((failure, attempts) -> Duration.ofHours(1)));
        RetryTests.putFailing(queue, TaskOptions.named("failed"));
        Blocker blocker = new Blocker();
        queue.put(
                () -> {
                    blocker.run();
                    return "";
                },
                TaskOptions.named("runs"));
        blocker.awaitStarted();
        queue.put(() -> "", TaskOptions.named("never ran"));

        assertThat(queue.close(Duration.ZERO)).isFalse();
        assertThat(abandoned)
                .containsExactly(
                        new AbandonedTask("default", 0, "failed", true),
                        new AbandonedTask("default", 1, "runs", true),
                        new AbandonedTask("default", 2, "never ran", false));
        assertThat(heard).hasValue(3);
    }

    @QueueTest
    void handlerReceivesAbandonedTasksInSubmissionOrderWhenTimeoutExpires(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings(3, 2));
        queue.put(() -> "of the round before");
        queue.join();
        CompletableFuture<String> stage = new CompletableFuture<>();
        Blocker blocker = new Blocker();
        queue.put(() -> "completed");
        queue.execute(() -> {
            throw new IOException("failed");
        });
        queue.putAsync(new Named<>("stage", () -> stage));
        Fixture.until("it is held", () -> queue.active() == 1 && stage.getNumberOfDependents() == 1);
        CompletableFuture<String> submitted = queue.submit(new Named<>("submitted", () -> {
            blocker.run();
            return "";
        }));
        blocker.awaitStarted();
        queue.put(
                () -> {
                    queue.putAll(List.of("child 1", "child 2", "child 3", "child 4"), item -> "");
                    blocker.run();
                    return "";
                },
                TaskOptions.named("parent"));
        blocker.awaitStarted();
        assertThat(queue.snapshot().overflow()).isEqualTo(2);

        assertThat(queue.close(Duration.ZERO)).isFalse();

        assertThat(abandoned)
                .containsExactly(
                        new AbandonedTask("default", 2, "stage", true),
                        new AbandonedTask("default", 3, "submitted", true),
                        new AbandonedTask("default", 4, "parent", true),
                        new AbandonedTask("default", 5, "child 1", false),
                        new AbandonedTask("default", 6, "child 2", false),
                        new AbandonedTask("default", 7, "child 3", false),
                        new AbandonedTask("default", 8, "child 4", false));
        assertThat(stage).isCancelled();
        assertThat(queue.join()).containsExactly("completed");
        assertThat(submitted).isCancelled();
        assertThat(queue.snapshot().cancelled()).isEqualTo(7);
    }

    private record Named<V>(String name, Callable<V> body) implements Callable<V> {

        @Override
        public V call() throws Exception {
            return body.call();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @QueueTest
    void handlerReceivesAbandonedTasksWhenCloseIsInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings(1, 2));
        fixture.blockAndFill(queue);
        Fork<?> closer = fixture.forkAction(queue::close);
        closer.awaitBlocked();

        closer.interrupt();

        closer.get();
        assertThat(abandoned).extracting(AbandonedTask::started).containsExactly(true, false, false);
    }

    @QueueTest
    void handlerReceivesAbandonedTasksOfAllQueuesWhenFactoryCloseTimesOut(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        fixture.blockAndFill(fixture.open(settings(1, 1)));
        fixture.blockAndFill(fixture.open(settings(1, 2)));

        assertThat(factory.close(Duration.ZERO)).isFalse();

        assertThat(abandoned).extracting(AbandonedTask::index).containsExactly(0L, 1L, 0L, 1L, 2L);
    }

    @QueueTest
    void handlerReceivesNoTasksWhenTheyEndedOrWereCancelledBeforeClose(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings(1, 10));
        ExecutorService view = queue.asExecutorService();
        queue.put(() -> "completed");
        fixture.blockAndFill(queue);
        queue.cancel();
        Fixture.until("it has ended", () -> queue.active() == 0);
        Blocker stubborn = new Blocker();
        CompletableFuture<?> running = queue.submit(stubborn::runStubbornly);
        stubborn.awaitStarted();
        queue.submit(() -> "").cancel(false);
        view.submit(() -> "").cancel(false);
        running.cancel(true);

        assertThat(queue.close(Duration.ZERO)).isTrue();

        assertThat(abandoned).isEmpty();
        stubborn.release();
    }

    @QueueTest
    void handlerReceivesNoTasksWhenQueueIsCancelledDuringClose(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings(1, 2));
        fixture.blockAndFill(queue);
        Fork<Boolean> closer = fixture.fork(() -> queue.close(Duration.ofMinutes(1)));
        closer.awaitBlocked();

        queue.cancel();

        assertThat(closer.get()).isTrue();
        assertThat(abandoned).isEmpty();
        assertThat(queue.snapshot().cancelled()).isEqualTo(3);
    }

    @QueueTest
    void closeLogsExceptionsAndCancelsAllTasksWhenHandlerThrows(Fixture fixture) throws Exception {
        AtomicInteger told = new AtomicInteger();
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withMaxsize(2).withAbandonedTaskHandler(task -> {
                    told.incrementAndGet();
                    throw new AssertionError("the handler's");
                }));
        fixture.block(queue);
        CompletableFuture<String> submitted = queue.submit(() -> "");
        fixture.fill(queue);

        List<ILoggingEvent> events =
                FailureTests.logged(() -> assertThat(queue.close(Duration.ZERO)).isFalse());

        assertThat(told).hasValue(3);
        assertThat(submitted).isCancelled();
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
        assertThat(events)
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .allSatisfy(event ->
                        assertThat(event.getThrowableProxy().getMessage()).isEqualTo("the handler's"))
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(3)
                .contains("Queue 'default': the handler of abandoned tasks failed for task 1");
    }

    @QueueTest
    void handlerReceivesAllAbandonedTasksWhenItsExceptionsCannotBeLogged(Fixture fixture) throws Exception {
        AtomicInteger told = new AtomicInteger();
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withMaxsize(2).withAbandonedTaskHandler(task -> {
                    told.incrementAndGet();
                    throw new FailureTests.UnprintableException();
                }));
        fixture.blockAndFill(queue);

        assertThat(queue.close(Duration.ZERO)).isFalse();

        assertThat(told).hasValue(3);
        queue.close();
    }

    @QueueTest
    void closeLogsCountsOfAllQueuesAndUnreportedTasksWhenHandlerBlocks(Fixture fixture) throws Exception {
        Blocker handling = new Blocker();
        QueueFactory factory = fixture.factory();
        for (String name : List.of("first", "second")) {
            fixture.block(factory.open(
                    name,
                    settings -> settings.withWorkers(1).withAbandonedTaskHandler(task -> {
                        abandoned.add(task);
                        handling.runStubbornly();
                    })));
        }

        List<ILoggingEvent> events = FailureTests.logged(
                () -> assertThat(factory.close(Duration.ZERO)).isFalse());

        handling.release();
        assertThat(abandoned).extracting(AbandonedTask::queue).containsExactly("first", "second");
        assertThat(events)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("Queue 'first': abandoned 1 unfinished task on close"),
                        second -> assertThat(second).startsWith("Queue 'second': abandoned 1 unfinished task on close"),
                        first -> assertThat(first).startsWith("Queue 'first'").contains("not returned for 1 task;"),
                        second ->
                                assertThat(second).startsWith("Queue 'second'").contains("not returned for 1 task;"));
    }

    @QueueTest
    void closesReturnAndNotifyListenerWhenHandlerHasReturned(Fixture fixture) throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void closed(String queue, long id) {
                closed.set(true);
            }
        }));
        Blocker handling = new Blocker();
        WorkerQueue<String> queue = fixture.open(
                factory,
                settings -> settings.withWorkers(1)
                        .withMaxsize(1)
                        .withAbandonedTaskHandler(task -> handling.runStubbornly()));
        fixture.block(queue);
        Fork<Boolean> first = fixture.fork(() -> queue.close(Duration.ZERO));
        handling.awaitStarted();
        Fixture.until("the interrupted task has ended", () -> queue.active() == 0);
        Fork<?> second = fixture.forkAction(queue::close);

        second.awaitBlocked();
        assertThat(closed).isFalse();
        assertThat(queue.asExecutorService().isTerminated()).isFalse();
        handling.release();
        assertThat(first.get()).isFalse();
        second.get();
        assertThat(closed).isTrue();
    }

    @QueueTest
    void closeReturnsAndAbandonsTaskWhenListenerBlocksItsStart(Fixture fixture) throws Exception {
        Blocker listener = new Blocker();
        AtomicInteger finished = new AtomicInteger();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void started(String queue, long index, long waited) {
                listener.runStubbornly();
            }

            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                finished.incrementAndGet();
            }
        }));
        WorkerQueue<String> queue = fixture.open(factory, settings(1, 5));
        AtomicBoolean ran = new AtomicBoolean();
        queue.put(() -> "" + ran.getAndSet(true), TaskOptions.named("announced"));
        queue.put(() -> "" + ran.getAndSet(true), TaskOptions.named("waiting"));
        listener.awaitStarted();

        assertThat(queue.close(Duration.ZERO)).isFalse();

        assertThat(abandoned)
                .containsExactly(
                        new AbandonedTask("default", 0, "announced", false),
                        new AbandonedTask("default", 1, "waiting", false));
        assertThat(finished).hasValue(2);
        listener.release();
        assertThat(queue.join()).isEmpty();
        assertThat(ran).isFalse();
        assertThat(finished).hasValue(2);
    }

    @QueueTest
    void taskFinishesOrIsAbandonedExactlyOnceWhenCloseRacesWithProducer(Fixture fixture) throws Exception {
        long seed = System.nanoTime();
        System.out.println("AbandonedTaskTests on " + fixture + " threads: seed " + seed);
        Random random = new Random(seed);
        QueueFactory heard = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void started(String queue, long index, long waited) {
                Thread.onSpinWait();
            }
        }));
        for (int round = 0; round < 500; round++) {
            abandoned.clear();
            WorkerQueue<String> queue = (random.nextBoolean() ? heard : fixture.factory())
                    .open(settings(1 + random.nextInt(3), 1 + random.nextInt(20)));
            Set<String> began = ConcurrentHashMap.newKeySet();
            Fork<?> producer = fixture.forkAction(() -> produce(queue, began));
            LockSupport.parkNanos(random.nextInt(300_000));

            queue.close(Duration.ZERO);

            int handedOver = abandoned.size();
            producer.get();
            Fixture.until("all have ended", () -> queue.active() == 0);
            QueueSnapshot figures = queue.snapshot();
            assertThat(figures.completed() + figures.failed() + handedOver)
                    .as("seed %d, round %d, %s", seed, round, figures)
                    .isEqualTo(figures.put());
            assertThat(abandoned)
                    .hasSize(handedOver)
                    .extracting(AbandonedTask::index)
                    .doesNotHaveDuplicates();
            assertThat(abandoned)
                    .as("seed %d, round %d", seed, round)
                    .noneMatch(task -> !task.started() && began.contains(task.task()));
        }
    }

    private static void produce(WorkerQueue<String> queue, Set<String> began) throws InterruptedException {
        try {
            for (int i = 0; ; i++) {
                String name = "task " + i;
                if (i % 3 == 0) {
                    queue.putAsync(new Named<>(name, () -> {
                        began.add(name);
                        return new CompletableFuture<String>().completeOnTimeout("", 10, TimeUnit.MICROSECONDS);
                    }));
                } else if (i % 3 == 1) {
                    assertThat(queue.submit(new Named<>(name, () -> began.add(name))))
                            .isNotNull();
                } else {
                    queue.put(() -> "" + began.add(name), TaskOptions.named(name));
                }
            }
        } catch (QueueClosedException ex) {
            // as expected
        }
    }
}
