package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests for the options of tasks. */
class TaskOptionsTests {

    private static final Duration SHORT = Duration.ofMillis(20);

    private static final Duration LONG = Duration.ofMinutes(1);

    private static final TaskOptions BRIEF = TaskOptions.defaults().withTimeout(SHORT);

    /** Duration shorter than the time to the next sweep, if no timeout is due earlier. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    @Test
    @Timeout(20)
    void timeoutCountsInEqualsHashCodeAndToString() {
        assertThat(BRIEF)
                .isEqualTo(TaskOptions.defaults().withTimeout(Duration.ofMillis(20)))
                .hasSameHashCodeAs(TaskOptions.defaults().withTimeout(Duration.ofMillis(20)))
                .isNotEqualTo(TaskOptions.defaults())
                .isNotEqualTo(BRIEF.withTimeout(LONG))
                .hasToString("TaskOptions[timeout=20 ms]");
        assertThat(TaskOptions.named("a").withTimeout(Duration.ZERO)).hasToString("TaskOptions[name=a, timeout=0 ms]");
        assertThat(TaskOptions.defaults().timeout()).isNull();
        assertThat(BRIEF.withName("a").withRetryPolicy(TaskRetryPolicy.NEVER).timeout())
                .isEqualTo(SHORT);
        assertThat(BRIEF.withName("a").withTimeout(LONG).name()).isEqualTo("a");
        assertThat(BRIEF.withRetryPolicy(TaskRetryPolicy.NEVER)
                        .withTimeout(LONG)
                        .retryPolicy())
                .isEqualTo(TaskRetryPolicy.NEVER);
    }

    @Test
    @Timeout(20)
    @SuppressWarnings("NullAway")
    void timeoutIsRejectedWhenNegativeOrNull() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskOptions.defaults().withTimeout(Duration.ofSeconds(-3)))
                .withMessage("timeout must be zero or positive, but was -3 s; "
                        + "zero switches the task timeout of the queue off");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskOptions.defaults().withTimeout(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskOptions.defaults().withTimeout(Duration.ofSeconds(Long.MIN_VALUE)));
        assertThatNullPointerException().isThrownBy(() -> TaskOptions.defaults().withTimeout(null));
    }

    @QueueTest
    void ownTimeoutEndsTasksOfEachKindOfPutWhenQueueHasNone(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 10);
        Blocker blocker = new Blocker();
        CompletableFuture<String> stage = new CompletableFuture<>();

        queue.put(() -> blocked(blocker), BRIEF);
        queue.putAsync(() -> stage, BRIEF);
        queue.putAsync(() -> CompletableFuture.completedFuture(blocked(blocker)), BRIEF);
        queue.putAll(List.of(1, 2), item -> blocked(blocker), BRIEF);
        queue.executeAll(List.of(1, 2), item -> blocker.run(), BRIEF);
        CompletableFuture<String> submitted = queue.submit(() -> blocked(blocker), BRIEF);

        assertThat(queue.join()).isEmpty();
        assertThat(fixture.failures)
                .extracting(TaskFailure::exception)
                .hasSize(7)
                .hasOnlyElementsOfType(TimeoutException.class)
                .allSatisfy(exception -> assertThat(exception).hasMessageContaining("its timeout of 20 ms"));
        assertThatThrownBy(submitted::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
        Fixture.until("the stage is cancelled", stage::isCancelled);
    }

    @QueueTest
    void ownTimeoutReplacesThatOfQueueWhenItIsShorter(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, LONG);

        queue.put(() -> blocked(new Blocker()), BRIEF);

        queue.join();
        assertThat(fixture.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).hasMessageContaining("its timeout of 20 ms"));
    }

    @QueueTest
    void ownTimeoutReplacesThatOfQueueWhenItIsLongerOrZero(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, SHORT);
        Blocker blocker = new Blocker();
        CompletableFuture<String> stage = new CompletableFuture<>();
        TaskOptions none = BRIEF.withTimeout(Duration.ZERO);
        queue.put(() -> blocked(blocker), BRIEF.withTimeout(LONG));
        queue.put(() -> blocked(blocker), none);
        queue.putAsync(() -> stage, none);
        queue.putAll(List.of(1), item -> blocked(blocker), none);
        queue.executeAll(List.of(1), item -> blocker.run(), none);
        CompletableFuture<String> submitted = queue.submit(() -> blocked(blocker), none);
        blocker.awaitStarted(5);

        queue.put(() -> blocked(blocker));
        Fixture.until("the limit of the queue has passed", () -> !fixture.failures.isEmpty());
        blocker.release();
        stage.complete("stage");

        assertThat(queue.join()).containsExactly("done", "done", "stage", "done");
        assertThat(submitted).isCompletedWithValue("done");
        assertThat(fixture.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.index()).isEqualTo(6));
    }

    @QueueTest
    void ownTimeoutLimitsEachAttemptWhenTaskIsRetried(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 4);
        TaskOptions twice = BRIEF.withRetryPolicy((failure, attempts) -> attempts < 2 ? Duration.ZERO : null);
        Blocker blocker = new Blocker();
        AtomicInteger stages = new AtomicInteger();

        queue.put(() -> blocked(blocker), twice);
        queue.putAsync(
                () -> {
                    stages.incrementAndGet();
                    return new CompletableFuture<>();
                },
                twice);
        CompletableFuture<String> submitted = queue.submit(() -> blocked(blocker), twice);

        assertThat(queue.join()).isEmpty();
        blocker.awaitStarted(4);
        assertThat(stages).hasValue(2);
        assertThat(fixture.failures).hasSize(2).allSatisfy(failure -> {
            assertThat(failure.exception()).isInstanceOf(TimeoutException.class);
            assertThat(failure.attempts()).isEqualTo(2);
        });
        assertThat(submitted).isCompletedExceptionally();
    }

    @QueueTest
    void taskIsNotWrappedWhenNoTimeoutApplies(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        queue.put(TaskOptionsTests::caller, TaskOptions.defaults());
        queue.put(TaskOptionsTests::caller, BRIEF.withTimeout(Duration.ZERO));
        queue.put(TaskOptionsTests::caller, BRIEF.withTimeout(Duration.ofNanos(Long.MAX_VALUE)));
        queue.put(TaskOptionsTests::caller, BRIEF.withTimeout(Duration.ofSeconds(Long.MAX_VALUE)));
        WorkerQueue<String> limited = open(fixture, LONG);
        limited.put(TaskOptionsTests::caller, BRIEF.withTimeout(Duration.ZERO));

        assertThat(queue.join()).hasSize(4).containsOnly(WorkerSlot.class.getName());
        assertThat(limited.join()).containsExactly(WorkerSlot.class.getName());

        queue.put(TaskOptionsTests::caller, BRIEF.withTimeout(Duration.ofNanos(Long.MAX_VALUE - 1)));
        assertThat(queue.join()).containsExactly(TaskTimeout.Run.class.getName());
    }

    @QueueTest
    void executorViewKeepsTimeoutOfQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, SHORT);
        ExecutorService view = queue.asExecutorService();

        queue.put(() -> "longer", BRIEF.withTimeout(LONG));

        assertThatThrownBy(view.submit(() -> blocked(new Blocker()))::get).hasCauseInstanceOf(TimeoutException.class);
    }

    @QueueTest
    void shortTimeoutIsInTimeWhenLongerOneIsAwaited(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, LONG);
        Blocker patient = new Blocker();
        queue.execute(patient);
        patient.awaitStarted();
        long start = System.nanoTime();

        queue.put(() -> blocked(new Blocker()), BRIEF);

        Fixture.until("it has failed", () -> !fixture.failures.isEmpty());
        assertThat(System.nanoTime() - start).isLessThan(SOON_NANOS);
        patient.release();
    }

    @Test
    @Timeout(20)
    void timeoutIsInTimeWhenTaskStartsDuringSweep() throws Exception {
        try (Fixture fixture = new Fixture(false)) {
            AtomicReference<@Nullable Runnable> duringSweep = new AtomicReference<>();
            QueueFactory factory = fixture.factory(builder -> builder.threadFactory(body -> new Thread(body) {
                @Override
                public void interrupt() {
                    Runnable action = duringSweep.getAndSet(null);
                    if (action != null) {
                        action.run();
                    }
                    super.interrupt();
                }
            }));
            WorkerQueue<String> queue = fixture.open(factory, 2, 2);
            for (int round = 1; round <= 20; round++) { // as the second run may precede the first one in the set
                int failed = 2 * round;
                Blocker second = new Blocker();
                duringSweep.set(() -> {
                    assertThat(Thread.currentThread().getName()).isEqualTo("queue-timer");
                    start(queue, second);
                });
                queue.put(() -> blocked(new Blocker()), BRIEF);
                Fixture.until("the first is interrupted", second::isStarted);
                long start = System.nanoTime();

                Fixture.until("both have failed", () -> fixture.failures.size() == failed);

                assertThat(System.nanoTime() - start).isLessThan(SOON_NANOS);
            }
        }
    }

    @QueueTest
    void tasksKeepTheirOwnTimeoutsWhenTimeoutsAreMixed(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(
                settings -> settings.withWorkers(16).withMaxsize(16).withTaskTimeout(Duration.ofMillis(30)));
        int tasks = 600;
        Random random = seeded();
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            int result = i;
            boolean late = random.nextBoolean();
            long millis = late ? 1 + random.nextInt(20) : 10_000 + random.nextInt(10_000);
            TaskOptions options = BRIEF.withTimeout(Duration.ofMillis(millis));
            long work = random.nextInt(3_000_000);
            switch (random.nextInt(3)) {
                case 0 -> queue.put(() -> late ? interrupted(millis) : worked(work, result), options);
                case 1 -> queue.putAll(List.of(i), item -> late ? interrupted(millis) : worked(work, item), options);
                default ->
                    queue.putAsync(
                            () -> late
                                    ? new CompletableFuture<>()
                                    : CompletableFuture.completedFuture(worked(work, result)),
                            options);
            }
            if (late) {
                expected.add((long) i);
            }
        }

        List<Integer> results = queue.join();

        assertThat(fixture.failures)
                .allSatisfy(failure -> assertThat(failure.exception()).isInstanceOf(TimeoutException.class))
                .extracting(TaskFailure::index)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(results).hasSize(tasks - expected.size()).isSorted();
    }

    @QueueTest
    void timeoutHasNotPassedWhenTimeWasReadBeforeStart(Fixture fixture) {
        QueueContext context = ((DefaultWorkerQueue<String>) fixture.<String>open(1, 1)).engine().context;
        Duration limit = Duration.ofNanos(Long.MAX_VALUE - 1);
        long before = System.nanoTime();

        TaskTimeout.Run run = new TaskTimeout(context, new TaskTimeoutSweeper(context), limit).new Run("task");

        assertThat(run.sweep(before - 1)).isEqualTo(Long.MAX_VALUE - 1);
    }

    @QueueTest
    void nameAndRetryPolicyApplyToEachTaskOfPutAllAndExecuteAll(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 10);
        TaskOptions options =
                TaskOptions.named("match").withRetryPolicy((failure, attempts) -> attempts < 3 ? Duration.ZERO : null);
        AtomicInteger runs = new AtomicInteger();

        queue.putAll(List.of("a", "b"), item -> failed(runs), options);
        queue.executeAll(List.of("c", "d"), item -> failed(runs), options);

        assertThat(queue.join()).isEmpty();
        assertThat(runs).hasValue(12);
        assertThat(fixture.failures).hasSize(4).allSatisfy(failure -> {
            assertThat(failure.task()).isEqualTo("match");
            assertThat(failure.attempts()).isEqualTo(3);
        });
    }

    @QueueTest
    void putAllAndExecuteAllKeepItemsAsNamesWhenOptionsHaveNone(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        AtomicInteger runs = new AtomicInteger();

        queue.putAll(List.of("a"), item -> failed(runs), BRIEF.withTimeout(LONG));
        queue.executeAll(List.of("b"), item -> failed(runs), BRIEF.withTimeout(LONG));
        queue.putAll(List.of("c", "d"), item -> item, BRIEF.withTimeout(LONG));

        assertThat(queue.join()).containsExactly("c", "d");
        assertThat(fixture.failures).extracting(TaskFailure::task).containsExactly("a", "b");
    }

    @QueueTest
    void putAllTakesItemsOneByOneWhenGivenOptions(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        AtomicInteger taken = new AtomicInteger();
        Iterable<Integer> endless =
                () -> Stream.generate(taken::incrementAndGet).iterator();
        Blocker blocker = fixture.blockAndFill(queue);
        Fork<@Nullable Void> producer =
                fixture.forkAction(() -> queue.putAll(endless, item -> "result", TaskOptions.named("endless")));
        Fixture.awaitBlockedProducers(queue, 1);

        assertThat(taken).hasValue(1);

        queue.cancel();
        blocker.release();
        assertThatThrownBy(producer::get).isInstanceOf(CancellationException.class);
    }

    @QueueTest
    @SuppressWarnings("NullAway")
    void putAllAndExecuteAllThrowWhenOptionsAreNull(Fixture fixture) {
        WorkerQueue<String> queue = fixture.open(1, 1);

        assertThatNullPointerException().isThrownBy(() -> queue.putAll(List.<String>of(), item -> item, null));
        assertThatNullPointerException().isThrownBy(() -> queue.executeAll(List.<String>of(), item -> {}, null));
    }

    private static <T> WorkerQueue<T> open(Fixture fixture, Duration limit) {
        return fixture.open(settings -> settings.withWorkers(8).withTaskTimeout(limit));
    }

    private static void start(WorkerQueue<String> queue, Blocker task) {
        try {
            queue.put(() -> blocked(task), BRIEF);
        } catch (InterruptedException ex) {
            throw new AssertionError(ex);
        }
        Fixture.until("the task has started", task::isStarted);
    }

    private static String blocked(Blocker blocker) throws InterruptedException {
        blocker.run();
        return "done";
    }

    private static String failed(AtomicInteger runs) throws IOException {
        throw new IOException("run " + runs.incrementAndGet());
    }

    /** Waits for the interrupt at the end of the timeout. */
    private static Integer interrupted(long millis) throws InterruptedException {
        long start = System.nanoTime();
        try {
            new CountDownLatch(1).await();
        } finally {
            assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(millis) / 2);
        }
        return -1;
    }

    private static Integer worked(long nanos, Integer result) {
        awaitNanos(System.nanoTime(), nanos);
        return result;
    }

    private static void awaitNanos(long start, long nanos) {
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    /** Returns the class that calls the current task. */
    private static String caller() {
        return new Throwable().getStackTrace()[1].getClassName();
    }

    @SuppressWarnings("SystemOut")
    private static Random seeded() {
        long seed = System.nanoTime();
        System.out.println("TaskOptionsTests: seed " + seed);
        return new Random(seed);
    }
}
