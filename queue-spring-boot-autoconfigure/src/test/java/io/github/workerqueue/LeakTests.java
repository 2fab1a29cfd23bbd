package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tests for leaked queues: rule 13 of {@code docs/reference/rules.md}. */
class LeakTests {

    private static void untilCollected(String what, WeakReference<?> reference) {
        Fixture.until(what + " is collected", () -> {
            System.gc();
            return reference.get() == null;
        });
    }

    private static QueueEngine engine(QueueFactory factory) {
        return ((DefaultQueueFactory) factory).engines().get(0);
    }

    /** Returns the events that name the leaked queue, since threads of earlier tests may log as well. */
    private static List<ILoggingEvent> loggedOfLostQueue(TaskAction action) throws Exception {
        return FailureTests.logged(action).stream()
                .filter(event -> event.getFormattedMessage().contains("'lost'"))
                .toList();
    }

    @QueueTest
    void leakedQueueRunsAcceptedTasksAndClosesWithWarning(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        Semaphore end = new Semaphore(0);
        AtomicInteger ran = new AtomicInteger();
        List<ILoggingEvent> events = loggedOfLostQueue(() -> {
            WeakReference<?> handle = lose(factory, "lost", end, ran);
            untilCollected("the handle", handle);
            Fixture.until("it is closing", () -> engine(factory).shutdown.isBegun());
            end.release(5);
            Fixture.until(
                    "it is closed",
                    () -> ((DefaultQueueFactory) factory).engines().isEmpty());
        });

        assertThat(ran).hasValue(5);
        assertThat(events)
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .singleElement()
                .asString()
                .startsWith("WARN Queue 'lost': leaked, with 5 unfinished tasks to run before it is closed; open");
        assertThat(events.get(0).getThrowableProxy()).isNull();
    }

    @QueueTest
    void leakWarningCountsUnfinishedTasks(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        Semaphore end = new Semaphore(0);
        List<ILoggingEvent> events = loggedOfLostQueue(() -> {
            WeakReference<?> handle = loseUsed(factory, end);
            untilCollected("the handle", handle);
            Fixture.until("it is closing", () -> engine(factory).shutdown.isBegun());
            end.release();
        });

        assertThat(fixture.failures).hasSize(2);
        assertThat(events)
                .singleElement()
                .asString()
                .contains("with 1 unfinished task to run", ", and set leak-trace to log where a queue was opened");
    }

    private static WeakReference<?> loseUsed(QueueFactory factory, Semaphore end) throws Exception {
        WorkerQueue<Integer> queue = factory.open("lost", settings -> settings.withWorkers(1));
        Blocker blocker = new Blocker();
        queue.execute(blocker);
        blocker.awaitStarted();
        queue.put(() -> 1);
        queue.cancel();
        queue.executeAll(List.of(1, 2), item -> {
            throw new IllegalStateException();
        });
        queue.putAll(List.of(1, 2, 3), item -> item);
        queue.join();
        queue.execute(end::acquire);
        return new WeakReference<>(queue);
    }

    @QueueTest
    void closedQueueIsNotReportedAsLeaked(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        assertThat(loggedOfLostQueue(() -> {
                    factory.open("lost").close();
                    WorkerQueue<Integer> aborted = factory.open("lost");
                    aborted.pause();
                    aborted.put(() -> 1);
                    aborted.close(Duration.ZERO);
                }))
                .noneMatch(event -> event.getFormattedMessage().contains("leaked"));
    }

    @QueueTest
    void leakWarningHasStackOfOpenWhenLeakTraceIsEnabled(Fixture fixture) throws Exception {
        QueueFactory factory =
                fixture.factory(builder -> builder.defaults(fixture.settings().withLeakTrace(true)));
        List<ILoggingEvent> events = loggedOfLostQueue(() -> {
            lose(factory, "lost", new Semaphore(5), new AtomicInteger());
            Fixture.until("it is closed", () -> {
                System.gc();
                return ((DefaultQueueFactory) factory).engines().isEmpty();
            });
        });

        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage()).endsWith("try-with-resources statement"))
                .satisfies(event -> assertThat(event.getThrowableProxy().getStackTraceElementProxyArray())
                        .anyMatch(element -> element.getSTEAsString().contains("LeakTests.lose")));
    }

    /** Opens a queue in a method of its own, so that no local variable refers to its handle. */
    private static WeakReference<?> lose(QueueFactory factory, String name, Semaphore end, AtomicInteger ran)
            throws Exception {
        WorkerQueue<Integer> queue = factory.open(name);
        for (int i = 0; i < 5; i++) {
            queue.put(() -> {
                end.acquire();
                return ran.incrementAndGet();
            });
        }
        return new WeakReference<>(queue);
    }

    @QueueTest
    void pausedQueueIsResumedWhenLeaked(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        AtomicInteger ran = new AtomicInteger();
        losePaused(factory, ran);

        Fixture.until("its task has run", () -> {
            System.gc();
            return ran.get() == 1;
        });
    }

    private static void losePaused(QueueFactory factory, AtomicInteger ran) throws Exception {
        WorkerQueue<Integer> queue = factory.open();
        queue.pause();
        queue.put(ran::incrementAndGet);
    }

    @QueueTest
    void queueIsNotLeakedWhenOnlyBlockedCallRefersToIt(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(
                builder -> builder.defaults(fixture.settings().withWorkers(1).withMaxsize(1)));
        Semaphore end = new Semaphore(0);
        List<Fork<?>> forks = List.of(
                fixture.forkAction(() -> full(factory, end).put(() -> 1)),
                fixture.fork(() -> full(factory, end).offer(() -> 1, Duration.ofDays(1))),
                fixture.forkAction(() -> full(factory, end).putAll(List.of(1, 2), item -> item)),
                fixture.fork(() -> full(factory, end).submit(() -> 1)),
                fixture.fork(() -> full(factory, end).join()),
                fixture.forkAction(() -> full(factory, end).putDelayed(() -> 1, Duration.ofMillis(50))),
                fixture.forkAction(() -> full(factory, end).asExecutorService().execute(() -> {})),
                fixture.forkAction(() -> full(factory, end).asExecutorService().invokeAll(List.of(() -> 1))));
        for (Fork<?> fork : forks) {
            fork.awaitBlocked();
        }
        for (int i = 0; i < 5; i++) {
            System.gc();
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> new CompletableFuture<>().get(10, TimeUnit.MILLISECONDS));
        }
        assertThat(((DefaultQueueFactory) factory).engines())
                .hasSize(forks.size())
                .noneMatch(engine -> engine.shutdown.isBegun());
        end.release(100);
        for (Fork<?> fork : forks) {
            fork.get();
        }
    }

    private static WorkerQueue<Integer> full(QueueFactory factory, Semaphore end) throws Exception {
        WorkerQueue<Integer> queue = factory.open();
        queue.execute(end::acquire);
        Fixture.until("it runs", () -> queue.active() == 1);
        queue.execute(() -> {});
        return queue;
    }

    @QueueTest
    void executorViewKeepsQueueOpen(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        ExecutorService view = view(factory);
        for (int i = 0; i < 5; i++) {
            System.gc();
            assertThat(view.submit(() -> 1).get()).isEqualTo(1);
        }
        view.shutdown();
    }

    private static ExecutorService view(QueueFactory factory) {
        return factory.open().asExecutorService();
    }

    @QueueTest
    void closedQueueIsCollectedWhenResultsAndFuturesAreKept(Fixture fixture) throws Exception {
        List<Supplier<QueueSnapshot>> figures = new ArrayList<>();
        List<Object> kept = new ArrayList<>();
        AtomicReference<@Nullable TaskFailure> failure = new AtomicReference<>();
        QueueFactory factory =
                fixture.factory(builder -> builder.defaults(fixture.settings().withExceptionHandler(failure::set))
                        .listener(new QueueListener() {
                            @Override
                            public void opened(String queue, long id, Supplier<QueueSnapshot> supplier) {
                                figures.add(supplier);
                            }
                        }));

        WeakReference<QueueEngine> engine = useAndClose(factory, kept);

        untilCollected("the engine", engine);
        assertThat(figures).singleElement().satisfies(supplier -> {
            QueueSnapshot last = supplier.get();
            assertThat(last.state()).isEqualTo(QueueSnapshot.State.CLOSED);
            assertThat(last.put()).isEqualTo(last.completed() + last.failed() + last.cancelled());
        });
        assertThat(kept).hasSize(4);
        assertThat(failure.get()).isNotNull();
    }

    private static WeakReference<QueueEngine> useAndClose(QueueFactory factory, List<Object> kept) throws Exception {
        WorkerQueue<Object> queue = factory.open();
        WeakReference<QueueEngine> engine = new WeakReference<>(engine(factory));
        CompletableFuture<Object> neverCompletes = new CompletableFuture<>();
        kept.add(neverCompletes);
        kept.add(queue.submit(() -> 1));
        kept.add(queue.submit(() -> {
            throw new IllegalStateException();
        }));
        queue.put(() -> {
            throw new IllegalStateException();
        });
        queue.putAsync(() -> neverCompletes.minimalCompletionStage());
        queue.putDelayed(() -> new Object(), Duration.ZERO);
        Fixture.until("only the stage is left", () -> queue.active() == 1 && queue.depth() == 0);
        queue.cancel();
        kept.add(queue.join());
        queue.close();
        return engine;
    }
}
