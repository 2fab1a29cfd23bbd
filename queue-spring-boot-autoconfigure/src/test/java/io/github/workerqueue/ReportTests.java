package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.workerqueue.QueueReport.BlockedProducer;
import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.QueueReport.WaitingTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for reports: running tasks, waiting tasks and blocked producers. */
class ReportTests {

    private static final QueueListener HEARS = new QueueListener() {};

    private static <T> WorkerQueue<T> openTimed(Fixture fixture, int workers, int maxsize) {
        return fixture.open(fixture.factory(builder -> builder.listener(HEARS)), workers, maxsize);
    }

    @QueueTest
    void reportIsEmptyWhenQueueIsIdleOrClosed(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 2);
        assertThat(queue).hasToString(queue.snapshot().toString());
        assertThat(queue.report()).isEqualTo(new QueueReport(queue.snapshot(), List.of(), null, List.of()));

        queue.put(() -> "");
        queue.join();
        assertThat(queue.report()).isEqualTo(new QueueReport(queue.snapshot(), List.of(), null, List.of()));

        queue.close();
        assertThat(queue.report()).isEqualTo(new QueueReport(queue.snapshot(), List.of(), null, List.of()));
    }

    @QueueTest
    void reportShowsRunningTasksInSubmissionOrderWithNameThreadAndAge(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = openTimed(fixture, 3, 4);
        Blocker blocker = new Blocker();
        Thread[] threads = new Thread[3];
        long start = System.nanoTime();
        queue.put(() -> run(blocker, threads, 0), TaskOptions.named("match 17"));
        queue.putAll(Arrays.asList(1, 2), i -> run(blocker, threads, i));
        blocker.awaitStarted(3);
        Fixture.until("a moment has passed", () -> System.nanoTime() - start > 1_000_000);

        QueueReport report = queue.report();
        Duration most = Duration.ofNanos(System.nanoTime() - start);
        blocker.release();

        assertThat(report.running()).extracting(RunningTask::index).containsExactly(0L, 1L, 2L);
        assertThat(report.running()).extracting(RunningTask::name).containsExactly("match 17", "1", "2");
        assertThat(report.running()).extracting(RunningTask::named).containsExactly(true, false, false);
        assertThat(report.running())
                .extracting(RunningTask::type)
                .containsExactly(TaskOptions.class.getName(), Integer.class.getName(), Integer.class.getName());
        assertThat(report.running()).extracting(RunningTask::thread).containsExactly(threads);
        assertThat(report.running())
                .extracting(RunningTask::age)
                .allSatisfy(age -> assertThat(age).isPositive().isLessThanOrEqualTo(most));
        assertThat(report.figures().active()).isEqualTo(3);
        assertThat(report.oldest()).isNull();
    }

    private static String run(Blocker blocker, Thread[] threads, int i) throws InterruptedException {
        threads[i] = Thread.currentThread();
        blocker.run();
        return "";
    }

    @Test
    @Timeout(20)
    void reportShowsAgesInUnitsForPeople() {
        Thread thread = Thread.currentThread();
        Duration age = Duration.ofNanos(72_640_000_001L);
        assertThat(new RunningTask(0, "item", age, thread))
                .hasToString("RunningTask[index=0, name=item, age=1 min 12.6 s, thread=" + thread + "]");
        assertThat(new WaitingTask(1, "item", age)).hasToString("WaitingTask[index=1, name=item, age=1 min 12.6 s]");
        assertThat(new BlockedProducer(thread, age))
                .hasToString("BlockedProducer[thread=" + thread + ", age=1 min 12.6 s]");
    }

    @QueueTest
    void reportNamesTaskNullWhenItemIsNull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.block(queue);
        queue.executeAll(Collections.singletonList(null), item -> {});
        WaitingTask oldest = Objects.requireNonNull(queue.report().oldest());

        assertThat(oldest.type()).isEqualTo("null");
        assertThat(oldest).hasToString("WaitingTask[index=1, name=null, age=null]");
        blocker.release();
    }

    @QueueTest
    void reportShowsOldestWaitingTask(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = openTimed(fixture, 1, 3);
        queue.put(() -> "");
        queue.join();
        Blocker blocker = fixture.block(queue);
        long start = System.nanoTime();
        queue.put(() -> "", TaskOptions.named("next"));
        queue.put(() -> "", TaskOptions.named("last"));
        Fixture.until("a moment has passed", () -> System.nanoTime() - start > 1_000_000);

        WaitingTask oldest = Objects.requireNonNull(queue.report().oldest());
        assertThat(oldest.index()).isEqualTo(1);
        assertThat(oldest.name()).isEqualTo("next");
        assertThat(oldest.named()).isTrue();
        assertThat(oldest.age()).isPositive().isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - start));
        blocker.release();
        queue.join();
        assertThat(queue.report().oldest()).isNull();
    }

    @QueueTest
    void reportShowsWaitingTaskWhenQueueIsPaused(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 3);
        queue.pause();
        queue.put(() -> "", TaskOptions.named("next"));

        QueueReport report = queue.report();
        assertThat(report.running()).isEmpty();
        assertThat(report.oldest()).isEqualTo(new WaitingTask(0, TaskOptions.named("next"), null));
        queue.resume();
    }

    @QueueTest
    void reportShowsDueRetryAsOldestWaitingTask(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder -> builder.listener(HEARS));
        WorkerQueue<String> queue = factory.open(settings ->
                settings.withWorkers(1).withMaxsize(3).withRetryPolicy((failure, attempts) -> Duration.ZERO));
        AtomicBoolean failed = new AtomicBoolean();
        CountDownLatch put = new CountDownLatch(1);
        queue.put(
                () -> {
                    if (failed.getAndSet(true)) {
                        return "again";
                    }
                    put.await();
                    queue.pause();
                    throw new IllegalStateException("the first time");
                },
                TaskOptions.named("fails once"));
        queue.put(() -> "next", TaskOptions.named("next"));
        put.countDown();
        Fixture.until("it has failed", () -> failed.get() && queue.active() == 0);
        Fixture.until(
                "its time has come",
                () -> Objects.requireNonNull(queue.report().oldest()).index() == 0);

        WaitingTask oldest = Objects.requireNonNull(queue.report().oldest());
        assertThat(oldest.name()).isEqualTo("fails once");
        assertThat(oldest.age()).isPositive();
        queue.resume();
        assertThat(queue.join()).containsExactly("again", "next");
        assertThat(queue.report().oldest()).isNull();
    }

    @QueueTest
    void reportShowsNoWaitingTaskWhenRetryIsNotDue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.factory()
                .open(settings -> settings.withWorkers(1)
                        .withMaxsize(3)
                        .withRetryPolicy((failure, attempts) -> Duration.ofHours(1)));
        RetryTests.putFailing(queue, TaskOptions.defaults());
        assertThat(queue.report().oldest()).isNull();
        queue.cancel();
    }

    @QueueTest
    void reportShowsBlockedProducersInOrderWithAge(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(queue);
        long start = System.nanoTime();
        Fork<?> first = fixture.forkAction(() -> queue.put(() -> ""));
        Fixture.awaitBlockedProducers(queue, 1);
        Fork<?> second = fixture.forkAction(() -> queue.put(() -> ""));
        Fixture.awaitBlockedProducers(queue, 2);
        Fork<?> sleeps = fixture.forkAction(() -> queue.putDelayed(() -> "", Duration.ofDays(1)));
        sleeps.awaitBlocked();

        List<BlockedProducer> blocked = queue.report().blocked();
        assertThat(blocked).extracting(BlockedProducer::thread).containsExactly(first.thread(), second.thread());
        assertThat(blocked.get(0).age()).isGreaterThanOrEqualTo(blocked.get(1).age());
        assertThat(blocked.get(0).age()).isBetween(Duration.ZERO, Duration.ofNanos(System.nanoTime() - start));
        blocker.release();
        first.get();
        second.get();
        assertThat(queue.report().blocked()).isEmpty();
    }

    @QueueTest
    void reportHasNoAgesWhenNoListenerIsNotifiedOfTasks(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        Blocker blocker = fixture.blockAndFill(queue);

        QueueReport report = queue.report();
        assertThat(report.running())
                .singleElement()
                .extracting(RunningTask::age)
                .isNull();
        assertThat(Objects.requireNonNull(report.oldest()).age()).isNull();
        blocker.release();
    }

    @QueueTest
    void reportShowsStageInFlightWithoutThread(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = openTimed(fixture, 1, 1);
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(new Asynchronous(stage));
        Fixture.until(
                "the stage holds the slot",
                () -> queue.report().running().stream().anyMatch(task -> task.thread() == null));

        RunningTask task = queue.report().running().get(0);
        assertThat(task.name()).isEqualTo("fetch");
        assertThat(task.type()).isEqualTo(Asynchronous.class.getName());
        assertThat(task.age()).isNotNull();
        assertThat(queue.report().stacks(queue)).isEmpty();
        stage.complete("");
        queue.join();
        assertThat(queue.report().running()).isEmpty();
    }

    private record Asynchronous(CompletableFuture<String> stage) implements Callable<CompletableFuture<String>> {

        @Override
        public CompletableFuture<String> call() {
            return stage;
        }

        @Override
        public String toString() {
            return "fetch";
        }
    }

    @QueueTest
    void reportShowsTaskWhenItsExceptionHandlerRuns(Fixture fixture) throws Exception {
        Blocker handler = new Blocker();
        WorkerQueue<String> queue = fixture.open(
                settings -> settings.withWorkers(2).withExceptionHandler(failure -> handler.runStubbornly()));
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        queue.put(
                () -> {
                    throw new IllegalStateException();
                },
                TaskOptions.named("fails"));
        stage.completeExceptionally(new IllegalStateException());
        handler.awaitStarted(2);

        assertThat(queue.report().running())
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.thread()).isNotNull())
                .anySatisfy(task -> assertThat(task.name()).isEqualTo("fails"));
        handler.release();
        queue.join();
        assertThat(queue.report().running()).isEmpty();
    }

    @QueueTest
    void reportShowsWorkerAndAttemptsOfRunningTasks(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings -> settings.withWorkers(2)
                .withMaxsize(2)
                .withRetryPolicy((failure, attempts) -> attempts < 3 ? Duration.ZERO : null));
        Blocker first = new Blocker();
        queue.execute(first);
        first.awaitStarted();
        assertThat(queue.report().running()).singleElement().satisfies(task -> {
            assertThat(task.worker()).isEqualTo(1);
            assertThat(task.attempts()).isEqualTo(1);
        });

        Blocker third = new Blocker();
        AtomicInteger runs = new AtomicInteger();
        queue.put(() -> {
            if (runs.incrementAndGet() < 3) {
                throw new IllegalStateException();
            }
            third.run();
            return "";
        });
        third.awaitStarted();
        assertThat(queue.report().running()).element(1).satisfies(task -> {
            assertThat(task.worker()).isEqualTo(2);
            assertThat(task.attempts()).isEqualTo(3);
        });
        Blocker next = new Blocker();
        queue.execute(next);
        third.release();
        next.awaitStarted();
        assertThat(queue.report().running()).element(1).satisfies(task -> {
            assertThat(task.index()).isEqualTo(2);
            assertThat(task.worker()).isEqualTo(2);
            assertThat(task.attempts()).isEqualTo(1);
        });
        first.release();
        next.release();
        queue.join();
    }

    @QueueTest
    void reportShowsAttemptsOfRetriedStageInFlight(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(settings -> settings.withWorkers(1)
                .withMaxsize(2)
                .withRetryPolicy((failure, attempts) -> attempts < 2 ? Duration.ZERO : null));
        CompletableFuture<String> stage = new CompletableFuture<>();
        AtomicInteger runs = new AtomicInteger();
        queue.putAsync(() ->
                runs.incrementAndGet() == 1 ? CompletableFuture.failedFuture(new IllegalStateException()) : stage);
        Fixture.until(
                "the second stage holds the slot",
                () -> runs.get() == 2 && queue.report().running().stream().anyMatch(task -> task.thread() == null));
        assertThat(queue.report().running())
                .singleElement()
                .extracting(RunningTask::attempts)
                .isEqualTo(2);
        stage.complete("");
        assertThat(queue.join()).hasSize(1);
    }

    @QueueTest
    void reportNamesFailedTaskWhenListenerIsNotifiedOfItsEnd(Fixture fixture) throws Exception {
        List<String> reported = new CopyOnWriteArrayList<>();
        AtomicReference<WorkerQueue<String>> opened = new AtomicReference<>();
        QueueListener reporting = new QueueListener() {
            @Override
            public void finished(
                    String queue,
                    long id,
                    int worker,
                    long index,
                    long ran,
                    Outcome outcome,
                    @Nullable Throwable exception) {
                Objects.requireNonNull(opened.get()).report().running().stream()
                        .filter(task -> task.index() == index && task.worker() == worker)
                        .forEach(task -> reported.add(outcome + " " + task.name() + " " + task.attempts()));
            }
        };
        WorkerQueue<String> queue = fixture.open(
                fixture.factory(builder -> builder.listener(reporting)),
                settings -> settings.withWorkers(1)
                        .withRetryPolicy((failure, attempts) -> attempts < 2 ? Duration.ZERO : null));
        opened.set(queue);
        TaskOptions named = TaskOptions.named("fails");
        CompletableFuture<String> failed = CompletableFuture.failedFuture(new IllegalStateException());
        CompletableFuture<String> later = new CompletableFuture<>();

        queue.put(ReportTests::fail, named.withRetryPolicy(TaskRetryPolicy.NEVER));
        queue.put(ReportTests::fail, named);
        CompletableFuture<?> unused = queue.submit(ReportTests::fail, named);
        queue.putAsync(() -> failed, named);
        queue.putAsync(() -> later, named);
        queue.putAll(List.of("item"), item -> fail());
        Fixture.until(
                "the stage is in flight",
                () -> queue.report().running().stream().anyMatch(task -> task.index() == 4 && task.thread() == null));
        later.completeExceptionally(new IllegalStateException());
        queue.join();

        assertThat(reported)
                .containsExactly(
                        "FAILURE fails 1",
                        "FAILURE fails 2",
                        "FAILURE fails 2",
                        "FAILURE fails 2",
                        "FAILURE fails 2",
                        "FAILURE item 2");
    }

    private static String fail() {
        throw new IllegalStateException();
    }

    @QueueTest
    void reportShowsEndedTaskWhenDependentOfFutureRuns(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker task = new Blocker();
        Blocker dependent = new Blocker();
        CompletableFuture<?> future = queue.submit(() -> {
            task.run();
            return "";
        });
        CompletableFuture<Void> after = future.thenRun(dependent::runStubbornly);
        task.release();
        dependent.awaitStarted();

        assertThat(queue.report().running()).singleElement().satisfies(shown -> {
            assertThat(shown.name()).isEqualTo("(ended)");
            assertThat(shown.thread()).isNotNull();
        });
        dependent.release();
        after.get();
    }

    @QueueTest
    void reportBuildsNameOfTaskOnlyWhenRequested(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        AtomicBoolean built = new AtomicBoolean();
        Object item = new Object() {
            @Override
            public String toString() {
                built.set(true);
                return "item";
            }
        };
        Blocker blocker = new Blocker();
        queue.executeAll(List.of(item, item), any -> blocker.run());
        blocker.awaitStarted();

        QueueReport report = queue.report();
        assertThat(report.running().get(0).type()).isEqualTo(item.getClass().getName());
        assertThat(report.running().get(0).named()).isFalse();
        assertThat(built).isFalse();
        assertThat(Objects.requireNonNull(report.oldest()).name()).isEqualTo("item");
        assertThat(report.running().get(0))
                .hasToString("RunningTask[index=0, name=item, age=null, thread="
                        + report.running().get(0).thread() + "]");
        blocker.release();
    }

    /** Each task records its start and its thread. A report must not combine data of two tasks. */
    @QueueTest
    void reportMixesNoDataOfTasksWhenTasksKeepEnding(Fixture fixture) throws Exception {
        int tasks = 30_000;
        WorkerQueue<Integer> queue = openTimed(fixture, 3, 5);
        AtomicReferenceArray<@Nullable Thread> threads = new AtomicReferenceArray<>(tasks);
        AtomicLongArray put = new AtomicLongArray(tasks);
        AtomicLongArray entered = new AtomicLongArray(tasks);
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch ready = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        Fork<List<Seen>> reporter = fixture.fork(() -> {
            List<Seen> seen = new ArrayList<>();
            ready.countDown();
            while (!done.get()) {
                long before = System.nanoTime();
                QueueReport report = queue.report();
                seen.add(new Seen(before, report, System.nanoTime()));
                running.addAndGet(report.running().size());
            }
            return seen;
        });
        Fixture.await(ready);
        for (int i = 0; i < tasks; i++) {
            int number = i;
            put.set(i, System.nanoTime());
            queue.executeAll(List.of(number), item -> {
                threads.set(number, Thread.currentThread());
                entered.set(number, System.nanoTime());
                if (number == tasks - 1) {
                    Fixture.until("a task was seen running", () -> running.get() > 0);
                }
            });
        }
        queue.join();
        done.set(true);

        int compared = 0;
        for (Seen seen : reporter.get()) {
            for (RunningTask task : seen.report.running()) {
                int number = (Integer) Objects.requireNonNull(task.source());
                assertThat(task.index()).isEqualTo(number);
                Thread thread = threads.get(number);
                assertThat(thread == null || thread == task.thread()).isTrue();
                long age = Objects.requireNonNull(task.age()).toNanos();
                assertThat(age).isBetween(0L, seen.after - put.get(number));
                assertThat(age).isGreaterThanOrEqualTo(Math.max(0, seen.before - entered.get(number)));
                compared++;
            }
            WaitingTask oldest = seen.report.oldest();
            if (oldest != null) {
                int number = (Integer) Objects.requireNonNull(oldest.source());
                assertThat(oldest.index()).isEqualTo(number);
                long age = Objects.requireNonNull(oldest.age()).toNanos();
                assertThat(age).isBetween(0L, seen.after - put.get(number));
                assertThat(age).isGreaterThanOrEqualTo(Math.max(0, seen.before - entered.get(number)));
            }
        }
        assertThat(compared).isPositive();
    }

    private record Seen(long before, QueueReport report, long after) {}

    /** All rounds put the same item, so only the tickets distinguish the tasks. */
    @QueueTest
    void reportDistinguishesTasksOfSameItem(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = openTimed(fixture, 1, 1);
        AtomicBoolean done = new AtomicBoolean();
        Fork<List<QueueReport>> reporter = fixture.fork(() -> {
            List<QueueReport> seen = new ArrayList<>();
            while (!done.get()) {
                seen.add(queue.report());
            }
            return seen;
        });
        Object item = new Object();
        for (int round = 0; round < 3_000; round++) {
            for (int i = 0; i < 3; i++) {
                queue.executeAll(List.of(item), any -> {});
            }
            queue.join();
        }
        done.set(true);

        assertThat(reporter.get()).allSatisfy(report -> {
            assertThat(report.running()).allSatisfy(task -> {
                assertThat(task.index()).isBetween(0L, 2L);
                assertThat(task.source()).isSameAs(item);
            });
            assertThat(report.oldest() == null || report.oldest().index() < 3).isTrue();
        });
    }

    @QueueTest
    void reportShowsStackOnlyWhenTaskStillRuns(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = openTimed(fixture, 1, 1);
        Blocker blocker = fixture.block(queue);
        QueueReport report = queue.report();
        RunningTask task = report.running().get(0);
        Duration age = Objects.requireNonNull(task.age());

        assertThat(report.stacks(queue)).containsOnlyKeys(0L);
        assertThat(report.stacks(queue).get(0L))
                .anyMatch(frame -> frame.getClassName().equals(Blocker.class.getName()));
        assertThat(stacks(queue, new RunningTask(0, task.source(), null, task.thread())))
                .hasSize(1);
        for (RunningTask other : List.of(
                new RunningTask(1, task.source(), age, task.thread()),
                new RunningTask(0, new Object(), age, task.thread()),
                new RunningTask(0, task.source(), age, new Thread()),
                new RunningTask(0, task.source(), age.plusDays(1), task.thread()))) {
            assertThat(stacks(queue, other)).isEmpty();
        }
        blocker.release();
        queue.join();
        assertThat(report.stacks(queue)).isEmpty();
    }

    private static Map<Long, List<StackTraceElement>> stacks(WorkerQueue<?> queue, RunningTask shown) {
        return new QueueReport(queue.snapshot(), List.of(shown), null, List.of()).stacks(queue);
    }

    @QueueTest
    void reportHasStacksOfMostTasksWhenTasksKeepEnding(Fixture fixture) throws Exception {
        int workers = 20;
        WorkerQueue<String> queue = openTimed(fixture, workers, workers);
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch ready = new CountDownLatch(workers);
        Fork<?> producer = fixture.forkAction(() -> {
            while (!done.get()) {
                queue.execute(() -> {
                    ready.countDown();
                    LockSupport.parkNanos(2_000_000);
                });
            }
        });
        Fixture.await(ready);
        int shown = 0;
        int ended = 0;
        while (shown < 50 * workers) {
            for (RunningTask task : queue.reportWithStacks().running()) {
                shown++;
                ended += Objects.requireNonNull(task.stack()).isEmpty() ? 1 : 0;
            }
        }
        done.set(true);
        producer.get();

        assertThat(ended).as("of %d tasks", shown).isLessThan(shown / 10);
    }

    /** Each item runs in a method of its own, which distinguishes the stacks of the two items. */
    @QueueTest
    void stackBelongsToItsTaskWhenTasksAlternate(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = openTimed(fixture, 2, 2);
        AtomicBoolean done = new AtomicBoolean();
        Fork<?> producer = fixture.forkAction(() -> {
            for (int i = 0; !done.get(); i++) {
                queue.executeAll(List.of(i % 2 == 0 ? "even" : "odd"), ReportTests::runAs);
            }
        });
        AtomicInteger seen = new AtomicInteger();
        Fixture.until("stacks were seen", () -> {
            for (RunningTask task : queue.reportWithStacks().running()) {
                List<String> methods = Objects.requireNonNull(task.stack()).stream()
                        .map(StackTraceElement::getMethodName)
                        .filter(List.of("even", "odd")::contains)
                        .toList();
                if (!methods.isEmpty()) {
                    assertThat(methods).containsOnly(String.valueOf(task.source()));
                    seen.incrementAndGet();
                }
            }
            return seen.get() > 200;
        });
        done.set(true);
        producer.get();
    }

    private static void runAs(String item) {
        if (item.equals("even")) {
            even();
        } else {
            odd();
        }
    }

    private static void even() {
        LockSupport.parkNanos(100_000);
    }

    private static void odd() {
        LockSupport.parkNanos(100_000);
    }

    @QueueTest
    void stackIsEmptyWhenTaskEndsWhileStackIsTaken(Fixture fixture) throws Exception {
        Blocker only = new Blocker();
        RunningTask task = reportWhileTasksEnd(only);

        assertThat(task.index()).isZero();
        assertThat(task.stack()).isEmpty();
    }

    @QueueTest
    void reportShowsNextTaskWhenFirstEndsWhileStackIsTaken(Fixture fixture) throws Exception {
        Blocker first = new Blocker();
        Blocker next = new Blocker();
        RunningTask task = reportWhileTasksEnd(first, next);

        assertThat(task.index()).isOne();
        assertThat(task.stack()).anyMatch(frame -> frame.getClassName().equals(Blocker.class.getName()));
        next.release();
    }

    /** Ends the first task and starts the next one after the stack was taken and before the task is checked again. */
    private static RunningTask reportWhileTasksEnd(Blocker first, Blocker... others) throws InterruptedException {
        HeldThreads threads = new HeldThreads();
        QueueEngine engine = threads.engine(1, 2);
        engine.admission.put(NamedTask.ofAction(first), Ring.ANY_EPOCH);
        for (Blocker other : others) {
            engine.admission.put(NamedTask.ofAction(other), Ring.ANY_EPOCH);
        }
        Thread slot = new Thread(threads.started.remove()) {
            @Override
            public StackTraceElement[] getStackTrace() {
                StackTraceElement[] stack = super.getStackTrace();
                if (first.release()) {
                    Fixture.until(
                            "it has ended", () -> SnapshotSource.of(engine).completed() == 1);
                    Fixture.until(
                            "the next one runs",
                            () -> others.length == 0 ? engine.slots.active() == 0 : others[0].isStarted());
                }
                return stack;
            }
        };
        slot.start();
        first.awaitStarted();
        List<RunningTask> running = ReportBuilder.withStacks(engine).running();
        assertThat(running).hasSize(1);
        return running.get(0);
    }

    @QueueTest
    void stageHasNoStackWhenStacksAreTaken(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = openTimed(fixture, 1, 1);
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        Fixture.until(
                "the stage holds the slot",
                () -> queue.report().running().stream().anyMatch(task -> task.thread() == null));

        assertThat(queue.reportWithStacks().running())
                .singleElement()
                .extracting(RunningTask::stack)
                .isNull();
        stage.complete("");
        queue.join();
    }

    @QueueTest
    void reportHasNoStacksWhenNotRequested(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.block(queue);
        assertThat(queue.report().running())
                .singleElement()
                .extracting(RunningTask::stack)
                .isNull();
        blocker.release();
    }

    @QueueTest
    void snapshotCountsTasksThatWaitForRetryAsPartOfDepth(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.factory()
                .open(settings -> settings.withWorkers(1)
                        .withMaxsize(2)
                        .withRetryPolicy((failure, attempts) -> Duration.ofHours(1)));
        for (int i = 0; i < 5; i++) {
            queue.execute(() -> {
                throw new IllegalStateException();
            });
        }
        Fixture.until("all wait for their retry", () -> queue.snapshot().retrying() == 5);
        assertThat(queue.snapshot().depth()).isEqualTo(5);
        assertThat(queue).asString().contains("depth=5", "retrying=5");

        queue.pause();
        queue.put(() -> "");
        assertThat(queue.snapshot().depth()).isEqualTo(6);
        assertThat(queue.snapshot().retrying()).isEqualTo(5);
        queue.cancel();
        assertThat(queue.snapshot().retrying()).isZero();
    }

    /** The first task ends while the report inspects it, and the second one starts in its place. */
    @QueueTest
    void reportOmitsTaskWhenItEndsDuringInspection(Fixture fixture) throws Exception {
        HeldThreads threads = new HeldThreads();
        QueueEngine engine = threads.engine(1, 2);
        Blocker first = new Blocker();
        Blocker second = new Blocker();
        engine.admission.put(
                new Watched(first, () -> {
                    first.release();
                    second.awaitStarted();
                }),
                Ring.ANY_EPOCH);
        engine.admission.put(new Watched(second, () -> {}), Ring.ANY_EPOCH);
        Fork<?> slot = fixture.forkAction(threads.started.remove()::run);
        first.awaitStarted();

        assertThat(ReportBuilder.of(engine).running()).singleElement().satisfies(task -> {
            assertThat(task.index()).isEqualTo(1);
            assertThat(task.source()).isSameAs(second);
        });
        second.release();
        slot.get();
    }

    /** Task that runs an action when its source is requested. */
    private static final class Watched extends QueuedTask {

        private final Blocker blocker;

        private final TaskAction whenAsked;

        Watched(Blocker blocker, TaskAction whenAsked) {
            super(null, null);
            this.blocker = blocker;
            this.whenAsked = whenAsked;
        }

        @Override
        @Nullable
        Object run() throws Exception {
            blocker.run();
            return null;
        }

        @Override
        Object source() {
            try {
                whenAsked.run();
            } catch (Exception ex) {
                throw new AssertionError(ex);
            }
            return blocker;
        }
    }
}
