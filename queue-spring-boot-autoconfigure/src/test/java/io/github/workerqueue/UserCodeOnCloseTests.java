package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tests for user code that a close or a cancel calls: its threads, and the time limit of the close. */
class UserCodeOnCloseTests {

    private static final Duration TIMEOUT = Duration.ofMillis(200);

    /** Timeout of a close, plus the second for which it may wait for user code, plus a margin. */
    private static final Duration LONGEST_CLOSE = TIMEOUT.plusSeconds(1).plusMillis(500);

    private static final Duration LONGEST_CANCEL = Duration.ofMillis(1_500);

    private static final int TASKS = 50;

    /** Close methods with a timeout. */
    private static final List<Close> CLOSES =
            List.of((factory, queue) -> queue.close(TIMEOUT), (factory, queue) -> factory.close(TIMEOUT));

    private final List<AbandonedTask> abandoned = Collections.synchronizedList(new ArrayList<>());

    /** Threads that have called user code. */
    private final Queue<Thread> callers = new ConcurrentLinkedQueue<>();

    private UnaryOperator<QueueSettings> settings(int workers, int maxsize) {
        return settings -> settings.withWorkers(workers).withMaxsize(maxsize).withAbandonedTaskHandler(abandoned::add);
    }

    private static void assertReturnsFalseInTime(Fixture fixture, Callable<Boolean> close) throws Exception {
        Fork<Duration> closer = fixture.fork(() -> {
            long start = System.nanoTime();
            assertThat(close.call()).isFalse();
            return Duration.ofNanos(System.nanoTime() - start);
        });
        assertThat(closer.get()).isLessThan(LONGEST_CLOSE);
    }

    /** Asserts that the close of a queue and the close of a factory return in time while user code blocks. */
    private void assertClosesInTime(Fixture fixture, Scenario scenario) throws Exception {
        for (Close close : CLOSES) {
            Blocker blocked = new Blocker();
            abandoned.clear();
            QueueListener listener = scenario.listener(blocked);
            QueueFactory factory = fixture.factory(builder -> listener == null ? builder : builder.listener(listener));
            WorkerQueue<String> queue = fixture.open(
                    factory, settings -> scenario.settings(settings(1, TASKS).apply(settings), blocked));
            try {
                scenario.put(fixture, queue, blocked);

                assertReturnsFalseInTime(fixture, () -> close.close(factory, queue));

                scenario.check(queue, blocked);
            } finally {
                blocked.release();
            }
            Fixture.until(
                    "all tasks have ended", () -> queue.asExecutorService().isTerminated());
            QueueSnapshot snapshot = queue.snapshot();
            assertThat(snapshot.put()).isEqualTo(snapshot.completed() + snapshot.failed() + snapshot.cancelled());
        }
    }

    @QueueTest
    void closeReturnsInTimeWhenRunningTaskHoldsMonitorOfToString(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new Scenario() {

            @Override
            public void put(Fixture fixture, WorkerQueue<String> queue, Blocker blocked) throws Exception {
                Guarded guarded = new Guarded();
                queue.putAll(List.of(guarded, guarded, guarded), item -> {
                    synchronized (item) {
                        blocked.runStubbornly();
                    }
                    return "";
                });
                blocked.awaitStarted();
            }

            @Override
            public void check(WorkerQueue<String> queue, Blocker blocked) {
                assertThat(abandoned).extracting(AbandonedTask::index).containsExactly(0L, 1L, 2L);
                assertThat(abandoned)
                        .extracting(AbandonedTask::task)
                        .allMatch(name -> name.matches(".*UserCodeOnCloseTests\\$Guarded@[0-9a-f]+"));
            }
        });
    }

    @QueueTest
    void closeReturnsInTimeWhenCancelOfStageBlocks(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new Scenario() {

            @Override
            public void put(Fixture fixture, WorkerQueue<String> queue, Blocker blocked) throws Exception {
                CompletableFuture<String> stage = new Stage(blocked::runStubbornly);
                queue.putAsync(() -> stage);
                Fixture.until("it is held", () -> stage.getNumberOfDependents() == 1);
                queue.put(() -> "");
            }

            @Override
            public void check(WorkerQueue<String> queue, Blocker blocked) {
                assertThat(blocked.isStarted()).isTrue();
                assertThat(abandoned).extracting(AbandonedTask::started).containsExactly(true, false);
            }
        });
    }

    @QueueTest
    void closeReturnsInTimeWhenRetryPolicyBlocks(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new FailingTask() {

            @Override
            public QueueSettings settings(QueueSettings settings, Blocker blocked) {
                return settings.withRetryPolicy((failure, attempts) -> {
                    blocked.runStubbornly();
                    return Duration.ZERO;
                });
            }
        });
    }

    @QueueTest
    void closeReturnsInTimeWhenRetryNoticeOfListenerBlocks(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new FailingTask() {

            @Override
            public QueueListener listener(Blocker blocked) {
                return new QueueListener() {
                    @Override
                    public void retried(String queue, int attempts, long delay, Throwable exception) {
                        blocked.runStubbornly();
                    }
                };
            }

            @Override
            public QueueSettings settings(QueueSettings settings, Blocker blocked) {
                return settings.withRetryPolicy((failure, attempts) -> Duration.ZERO);
            }
        });
    }

    @QueueTest
    void closeReturnsInTimeWhenRetryNoticeOfScopeBlocks(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new FailingTask() {

            @Override
            public QueueSettings settings(QueueSettings settings, Blocker blocked) {
                return settings.withRetryPolicy((failure, attempts) -> Duration.ZERO)
                        .withInterceptors(List.of(task -> new Scope() {
                            @Override
                            public void retried(int attempts, Throwable failure) {
                                blocked.runStubbornly();
                            }
                        }));
            }
        });
    }

    @QueueTest
    void closeReturnsInTimeWhenDependentsOfManyFuturesBlock(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new Scenario() {

            @Override
            public void put(Fixture fixture, WorkerQueue<String> queue, Blocker blocked) throws Exception {
                fixture.block(queue);
                for (int i = 0; i < TASKS; i++) {
                    CompletableFuture<?> unused =
                            queue.submit(() -> "").whenComplete((value, failure) -> blocked.runStubbornly());
                }
            }

            @Override
            public void check(WorkerQueue<String> queue, Blocker blocked) throws Exception {
                blocked.awaitStarted(TASKS);
                assertAllAbandoned();
            }
        });
    }

    @QueueTest
    void closeReturnsInTimeWhenAbandonedTaskHandlerBlocks(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new WaitingTasks() {

            @Override
            public QueueSettings settings(QueueSettings settings, Blocker blocked) {
                return settings.withAbandonedTaskHandler(task -> {
                    abandoned.add(task);
                    blocked.runStubbornly();
                });
            }

            @Override
            public void check(WorkerQueue<String> queue, Blocker blocked) throws Exception {
                blocked.awaitStarted(TASKS + 1);
                assertAllAbandoned();
            }
        });
    }

    @QueueTest
    void handlerReceivesRestInOrderWhenItsFirstCallBlocks(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new WaitingTasks() {

            @Override
            public QueueSettings settings(QueueSettings settings, Blocker blocked) {
                return settings.withAbandonedTaskHandler(task -> {
                    abandoned.add(task);
                    if (task.index() == 0) {
                        blocked.runStubbornly();
                    }
                });
            }

            @Override
            public void check(WorkerQueue<String> queue, Blocker blocked) {
                Fixture.until("all are handed over", () -> abandoned.size() == TASKS + 1);
                assertAllAbandoned();
            }
        });
    }

    @QueueTest
    void closeReturnsInTimeWhenFinishNoticeOfListenerBlocks(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new WaitingTasks() {

            @Override
            public QueueListener listener(Blocker blocked) {
                return new QueueListener() {
                    @Override
                    public void finished(
                            String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                        blocked.runStubbornly();
                    }
                };
            }

            @Override
            public void check(WorkerQueue<String> queue, Blocker blocked) throws Exception {
                blocked.awaitStarted(TASKS + 1);
                assertAllAbandoned();
            }
        });
    }

    @QueueTest
    void closeReturnsInTimeWhenAbandonNoticeOfListenerBlocks(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new WaitingTasks() {

            @Override
            public QueueListener listener(Blocker blocked) {
                return new QueueListener() {
                    @Override
                    public void abandoned(String queue) {
                        blocked.runStubbornly();
                    }
                };
            }

            @Override
            public void check(WorkerQueue<String> queue, Blocker blocked) throws Exception {
                blocked.awaitStarted(TASKS + 1);
                blocked.release();
                Fixture.until("all are handed over", () -> abandoned.size() == TASKS + 1);
            }
        });
    }

    @QueueTest
    void closeReturnsInTimeWhenCloseNoticeOfListenerBlocks(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new WaitingTasks() {

            @Override
            public QueueListener listener(Blocker blocked) {
                return new QueueListener() {
                    @Override
                    public void closed(String queue, long id) {
                        blocked.runStubbornly();
                    }
                };
            }

            @Override
            public void check(WorkerQueue<String> queue, Blocker blocked) {
                assertThat(blocked.isStarted()).isTrue();
                assertAllAbandoned();
            }
        });
    }

    @QueueTest
    void closeReturnsInTimeWhenEndNoticeOfScopeBlocks(Fixture fixture) throws Exception {
        assertClosesInTime(fixture, new WaitingTasks() {

            @Override
            public QueueSettings settings(QueueSettings settings, Blocker blocked) {
                return settings.withInterceptors(List.of(task -> new Scope() {
                    @Override
                    public void ended(QueueListener.Outcome outcome, @Nullable Throwable failure) {
                        blocked.runStubbornly();
                    }
                }));
            }

            @Override
            public void check(WorkerQueue<String> queue, Blocker blocked) throws Exception {
                blocked.awaitStarted(TASKS + 1);
                assertAllAbandoned();
            }
        });
    }

    private void assertAllAbandoned() {
        assertThat(abandoned)
                .extracting(AbandonedTask::index)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(0, TASKS).mapToObj(Long::valueOf).toList());
    }

    @QueueTest
    void factoryInterruptsAllQueuesBeforeItCallsUserCode(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        CountDownLatch interrupted = new CountDownLatch(1);
        List<Boolean> before = Collections.synchronizedList(new ArrayList<>());
        WorkerQueue<String> first = fixture.open(
                factory,
                settings -> settings.withWorkers(2).withAbandonedTaskHandler(task -> before.add(isOpen(interrupted))));
        WorkerQueue<String> second = fixture.open(factory, settings(1, 1));
        Blocker blocker = new Blocker();
        CompletableFuture<String> stage = new Stage(() -> before.add(isOpen(interrupted)));
        first.executeAll(List.of(new Item(() -> before.add(isOpen(interrupted)))), item -> blocker.run());
        first.putAsync(() -> stage);
        second.execute(() -> {
            try {
                blocker.run();
            } catch (InterruptedException ex) {
                interrupted.countDown();
            }
        });
        blocker.awaitStarted(2);
        Fixture.until("it is held", () -> stage.getNumberOfDependents() == 1);

        assertThat(factory.close(Duration.ZERO)).isFalse();

        Fixture.until("both are handed over", () -> before.size() == 4);
        assertThat(before).containsOnly(true);
    }

    private static boolean isOpen(CountDownLatch latch) {
        try {
            return latch.await(3, TimeUnit.SECONDS);
        } catch (InterruptedException ex) {
            return false;
        }
    }

    @QueueTest
    void noUserCodeRunsOnThreadThatCloses(Fixture fixture) throws Exception {
        List<Close> closes = List.of(
                (factory, queue) -> queue.close(Duration.ZERO),
                (factory, queue) -> factory.close(Duration.ZERO),
                (factory, queue) -> QueueFactory.closeAll(List.of(queue), Duration.ZERO),
                (factory, queue) -> {
                    Thread.currentThread().interrupt();
                    queue.close();
                    return Thread.interrupted();
                },
                (factory, queue) -> {
                    queue.cancel();
                    return false;
                },
                (factory, queue) -> {
                    queue.asExecutorService().shutdownNow();
                    return false;
                });
        for (Close close : closes) {
            callers.clear();
            QueueFactory factory = fixture.factory(builder -> builder.listener(new Recorder()));
            WorkerQueue<String> queue = fixture.open(factory, settings -> recording(settings.withWorkers(2)));
            putRecorded(queue);

            close.close(factory, queue);

            queue.close(Duration.ZERO);
            assertThat(callers).isNotEmpty().doesNotContain(Thread.currentThread());
        }
    }

    @QueueTest
    void noUserCodeRunsOnThreadOfDeadline(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder -> builder.listener(new Recorder()));
        Queue<String> names = new ConcurrentLinkedQueue<>();
        WorkerQueue<String> queue = fixture.open(
                factory, settings -> recording(settings.withWorkers(2)).withDeadline(Duration.ofMillis(300)));
        putRecorded(queue);
        CompletableFuture<?> unused = queue.submit(() -> "")
                .whenComplete(
                        (value, failure) -> names.add(Thread.currentThread().getName()));

        Fixture.until("the deadline has passed", () -> !names.isEmpty());
        Fixture.until(
                "it is cancelled",
                () -> queue.snapshot().cancelled() == queue.snapshot().put());

        assertThat(callers).isNotEmpty();
        assertThat(callers).extracting(Thread::getName).noneMatch(name -> name.startsWith("queue-deadline"));
        assertThat(names).singleElement().asString().startsWith("queue-callbacks");
    }

    @QueueTest
    void noUserCodeOfOtherTasksRunsOnThreadOfFailureThatEndsRound(Fixture fixture) throws Exception {
        CompletableFuture<Thread> failing = new CompletableFuture<>();
        WorkerQueue<String> queue = fixture.open(settings -> settings.withWorkers(2)
                .withFailFast(true)
                .withExceptionHandler(failure -> failing.complete(Thread.currentThread())));
        Blocker blocker = new Blocker();
        CompletableFuture<String> stage = new Stage(() -> callers.add(Thread.currentThread()));
        queue.putAsync(() -> stage);
        Fixture.until("it is held", () -> stage.getNumberOfDependents() == 1);
        queue.put(() -> {
            blocker.run();
            throw new IOException("ends the round");
        });
        blocker.awaitStarted();
        CompletableFuture<?> dropped =
                queue.submit(() -> "").whenComplete((value, failure) -> callers.add(Thread.currentThread()));

        blocker.release();

        Thread ofFailure = failing.get(Fixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        Fixture.until("both are cancelled", () -> callers.size() == 2);
        assertThat(dropped).isCompletedExceptionally();
        assertThat(callers).doesNotContain(ofFailure);
        assertThatThrownBy(queue::join).isInstanceOf(QueueFailedException.class);
    }

    /** Puts a running task, a stage in flight and three waiting tasks, which all record their callers. */
    private void putRecorded(WorkerQueue<String> queue) throws InterruptedException {
        Blocker blocker = new Blocker();
        CompletableFuture<String> stage = new Stage(this::record);
        queue.executeAll(List.of(new Item(this::record)), item -> blocker.run());
        queue.putAsync(() -> stage);
        blocker.awaitStarted();
        Fixture.until("it is held", () -> stage.getNumberOfDependents() == 1);
        callers.clear();
        CompletableFuture<?> unused = queue.submit(() -> "").whenComplete((value, failure) -> record());
        queue.executeAll(List.of(new Item(this::record), new Item(this::record)), item -> {});
    }

    private QueueSettings recording(QueueSettings settings) {
        return settings.withMaxsize(TASKS)
                .withAbandonedTaskHandler(task -> record())
                .withInterceptors(List.of(task -> new Scope() {
                    @Override
                    public void ended(QueueListener.Outcome outcome, @Nullable Throwable failure) {
                        record();
                    }
                }));
    }

    private void record() {
        callers.add(Thread.currentThread());
    }

    @QueueTest
    void cancelReturnsInTimeWhenUserCodeBlocks(Fixture fixture) throws Exception {
        Blocker blocked = new Blocker();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                blocked.runStubbornly();
            }
        }));
        WorkerQueue<String> queue = fixture.open(factory, 1, TASKS);
        Blocker running = fixture.block(queue);
        for (int i = 0; i < TASKS; i++) {
            CompletableFuture<?> unused =
                    queue.submit(() -> "").whenComplete((value, failure) -> blocked.runStubbornly());
        }

        Fork<Duration> canceller = fixture.fork(() -> {
            long start = System.nanoTime();
            queue.cancel();
            return Duration.ofNanos(System.nanoTime() - start);
        });

        try {
            assertThat(canceller.get()).isLessThan(LONGEST_CANCEL);
            blocked.awaitStarted(TASKS);
            assertThat(queue.snapshot().depth()).isZero();
        } finally {
            blocked.release();
            running.release();
        }
        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().cancelled()).isEqualTo(TASKS + 1);
    }

    @QueueTest
    void cancelReturnsImmediatelyWhenDependentJoinsQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        fixture.block(queue);
        CompletableFuture<List<String>> joined =
                queue.submit(() -> "").handle((value, failure) -> joinUnchecked(queue));

        Fork<Duration> canceller = fixture.fork(() -> {
            long start = System.nanoTime();
            queue.cancel();
            return Duration.ofNanos(System.nanoTime() - start);
        });

        assertThat(canceller.get()).isLessThan(Duration.ofMillis(800));
        assertThat(joined).isCompletedWithValue(List.of());
        queue.put(() -> "next");
        assertThat(queue.join()).containsExactly("next");
    }

    private static List<String> joinUnchecked(WorkerQueue<String> queue) {
        try {
            return queue.join();
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @QueueTest
    void shutdownNowReturnsWhenRetryPolicyCallsIt(Fixture fixture) throws Exception {
        CompletableFuture<ExecutorService> view = new CompletableFuture<>();
        CompletableFuture<List<Runnable>> returned = new CompletableFuture<>();
        WorkerQueue<String> queue = fixture.open(
                settings -> settings.withWorkers(1).withMaxsize(10).withRetryPolicy((failure, attempts) -> {
                    returned.complete(view.join().shutdownNow());
                    return Duration.ofHours(1);
                }));
        Blocker blocker = new Blocker();
        queue.put(() -> {
            blocker.run();
            throw new IOException("on purpose");
        });
        blocker.awaitStarted();
        queue.put(() -> "never started");
        view.complete(queue.asExecutorService());

        blocker.release();

        assertThat(returned).succeedsWithin(Duration.ofSeconds(2));
        assertThat(returned.join()).hasSize(1);
        assertThat(queue.asExecutorService().awaitTermination(Fixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(queue.snapshot().cancelled()).isEqualTo(2);
    }

    @QueueTest
    void closeReturnsImmediatelyAfterTimedCloseGaveUp(Fixture fixture) throws Exception {
        for (Close giveUp : CLOSES) {
            QueueFactory factory = fixture.factory(builder -> builder);
            WorkerQueue<String> queue = fixture.open(factory, settings(1, 10));
            Blocker stubborn = new Blocker();
            queue.execute(stubborn::runStubbornly);
            stubborn.awaitStarted();
            assertThat(giveUp.close(factory, queue)).isFalse();

            Fork<Boolean> again = fixture.fork(() -> {
                queue.close();
                ((QueueExecutorService) queue.asExecutorService()).close();
                factory.close();
                return queue.close(Duration.ofMillis(2));
            });

            assertThat(again.get()).isFalse();
            stubborn.release();
        }
    }

    @QueueTest
    void closeReturnsImmediatelyAfterTimedCloseGaveUpOnListener(Fixture fixture) throws Exception {
        Blocker listener = new Blocker();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void closed(String queue, long id) {
                listener.runStubbornly();
            }
        }));
        WorkerQueue<String> queue = fixture.open(factory, settings(1, 10));
        Blocker stubborn = new Blocker();
        queue.execute(stubborn::runStubbornly);
        stubborn.awaitStarted();
        assertThat(queue.close(Duration.ZERO)).isFalse();

        Fork<?> again = fixture.forkAction(queue::close);

        again.get();
        assertThat(listener.isStarted()).isTrue();
        listener.release();
        stubborn.release();
    }

    @QueueTest
    void closeReturnsWhenListenerClosesItsQueue(Fixture fixture) throws Exception {
        List<WorkerQueue<String>> opened = new CopyOnWriteArrayList<>();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void closed(String queue, long id) {
                opened.forEach(WorkerQueue::close);
            }
        }));
        WorkerQueue<String> queue = fixture.open(factory, settings(1, 10));
        opened.add(queue);

        Fork<?> closer = fixture.forkAction(queue::close);

        closer.get();
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
    }

    @QueueTest
    void timedCloseWaitsForCancelledTasksAfterTimedCloseGaveUp(Fixture fixture) throws Exception {
        List<Close> closes = List.of(
                (factory, queue) -> queue.close(Duration.ofMinutes(1)),
                (factory, queue) -> factory.close(Duration.ofMinutes(1)),
                (factory, queue) -> QueueFactory.closeAll(List.of(factory), Duration.ofMinutes(1)));
        for (Close close : closes) {
            QueueFactory factory = fixture.factory(builder -> builder);
            WorkerQueue<String> queue = fixture.open(factory, settings(1, 10));
            Blocker stubborn = new Blocker();
            queue.execute(stubborn::runStubbornly);
            stubborn.awaitStarted();
            assertThat(factory.close(Duration.ZERO)).isFalse();
            assertThat(factory.close(Duration.ofMillis(2))).isFalse();
            factory.close();
            queue.close();

            Fork<Boolean> again = fixture.fork(() -> close.close(factory, queue));
            again.awaitBlocked();
            stubborn.release();

            assertThat(again.get()).isTrue();
            assertThat(queue.asExecutorService().isTerminated()).isTrue();
        }
    }

    @QueueTest
    void closeRestoresInterruptWhenUserCodeRuns(Fixture fixture) throws Exception {
        for (Close close : List.<Close>of(
                (factory, queue) -> queue.close(Duration.ofMinutes(1)),
                (factory, queue) -> factory.close(Duration.ofMinutes(1)))) {
            AtomicInteger interruptedCallbacks = new AtomicInteger();
            Blocker handling = new Blocker();
            QueueFactory factory = fixture.factory(builder -> builder);
            WorkerQueue<String> queue = fixture.open(
                    factory,
                    settings -> settings.withWorkers(1).withMaxsize(10).withAbandonedTaskHandler(task -> {
                        if (handling.runStubbornly() || Thread.currentThread().isInterrupted()) {
                            interruptedCallbacks.incrementAndGet();
                        }
                    }));
            fixture.blockAndFill(queue);
            Fork<String> closer = fixture.fork(() ->
                    close.close(factory, queue) + " " + Thread.currentThread().isInterrupted());
            closer.awaitBlocked();

            closer.interrupt();
            handling.awaitStarted();
            closer.interrupt();
            handling.release();

            assertThat(closer.get()).isEqualTo("false true");
            assertThat(interruptedCallbacks).hasValue(0);
            Fixture.until("all are cancelled", () -> queue.snapshot().cancelled() == 11);
        }
    }

    /** Close of a queue or of its factory. Returns true if no task was abandoned. */
    @FunctionalInterface
    private interface Close {

        boolean close(QueueFactory factory, WorkerQueue<String> queue) throws Exception;
    }

    /** User code that blocks during a close. */
    private interface Scenario {

        default @Nullable QueueListener listener(Blocker unused) {
            return null;
        }

        default QueueSettings settings(QueueSettings settings, Blocker unused) {
            return settings;
        }

        void put(Fixture fixture, WorkerQueue<String> queue, Blocker blocked) throws Exception;

        void check(WorkerQueue<String> queue, Blocker blocked) throws Exception;
    }

    /** Scenario with one running task and a full queue. */
    private abstract static class WaitingTasks implements Scenario {

        @Override
        public void put(Fixture fixture, WorkerQueue<String> queue, Blocker blocked) throws Exception {
            fixture.blockAndFill(queue);
        }
    }

    /** Scenario with a failed task whose retry is blocked by user code. */
    private abstract class FailingTask implements Scenario {

        @Override
        public void put(Fixture fixture, WorkerQueue<String> queue, Blocker blocked) throws Exception {
            queue.put(() -> {
                throw new IOException("on purpose");
            });
            blocked.awaitStarted();
            queue.put(() -> "never started");
        }

        @Override
        public void check(WorkerQueue<String> queue, Blocker blocked) {
            assertThat(abandoned).extracting(AbandonedTask::started).containsExactly(true, false);
        }
    }

    private abstract static class Scope implements TaskScope {

        @Override
        public <R extends @Nullable Object> R call(Callable<R> task) throws Exception {
            return task.call();
        }
    }

    private final class Recorder implements QueueListener {

        @Override
        public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
            record();
        }

        @Override
        public void abandoned(String queue) {
            record();
        }

        @Override
        public void closed(String queue, long id) {
            record();
        }
    }

    private static final class Guarded {

        @Override
        public synchronized String toString() {
            return "guarded";
        }
    }

    private record Item(Runnable onToString) {

        @Override
        public String toString() {
            onToString.run();
            return "item";
        }
    }

    private static final class Stage extends CompletableFuture<String> {

        private final Runnable onCancel;

        Stage(Runnable onCancel) {
            this.onCancel = onCancel;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            onCancel.run();
            return super.cancel(mayInterruptIfRunning);
        }
    }
}
