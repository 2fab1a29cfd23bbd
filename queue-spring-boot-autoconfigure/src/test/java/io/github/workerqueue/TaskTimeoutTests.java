package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Tests for task timeouts: rule 13 of {@code docs/reference/rules.md}. */
class TaskTimeoutTests {

    private static final Duration SHORT = Duration.ofMillis(20);

    private static final Duration LONG = Duration.ofMinutes(1);

    @QueueTest
    void taskIsInterruptedAndFailsOnceWhenTimeoutExpires(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, SHORT);
        queue.put(() -> "before");
        queue.put(blocking(new Blocker()), TaskOptions.named("slow"));
        queue.put(() -> "after");

        assertThat(queue.join()).containsExactly("before", "after");

        assertThat(fixture.failures).singleElement().satisfies(failure -> {
            assertThat(failure.exception())
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("Queue 'default': the task exceeded its timeout of 20 ms")
                    .hasNoSuppressedExceptions();
            assertThat(failure.index()).isEqualTo(1);
            assertThat(failure.task()).isEqualTo("slow");
        });
        assertThat(queue.snapshot())
                .extracting(QueueSnapshot::completed, QueueSnapshot::failed, QueueSnapshot::cancelled)
                .containsExactly(2L, 1L, 0L);
    }

    @QueueTest
    void taskFailsWithTimeoutWhenItReturnsOrThrowsAfterInterrupt(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, SHORT);
        IOException late = new IOException("too late");
        queue.put(() -> {
            awaitInterrupt();
            return "too late";
        });
        queue.put(() -> {
            awaitInterrupt();
            throw late;
        });
        CompletableFuture<String> untouched = new CompletableFuture<>();
        WorkerQueue<CompletableFuture<String>> futures = open(fixture, 1, SHORT);
        futures.put(() -> {
            awaitInterrupt();
            return untouched;
        });

        assertThat(queue.join()).isEmpty();
        assertThat(futures.join()).isEmpty();

        assertThat(fixture.failures)
                .extracting(TaskFailure::exception)
                .hasSize(3)
                .hasOnlyElementsOfType(TimeoutException.class);
        assertThat(fixture.failures.stream()
                        .flatMap(failure -> Arrays.stream(failure.exception().getSuppressed())))
                .containsExactly(late);
        assertThat(untouched).isNotDone();
    }

    @QueueTest
    void futureOfSubmitFailsWhenTimeoutExpires(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, SHORT);

        CompletableFuture<String> future = queue.submit(blocking(new Blocker()));

        queue.join();
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("its timeout of 20 ms");
        assertThat(fixture.failures).isEmpty();
        assertThat(queue.snapshot().failed()).isEqualTo(1);
    }

    @QueueTest
    void timeoutHasNoEffectWhenTasksEndInTime(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 2, LONG);
        CompletableFuture<String> later = new CompletableFuture<>();
        queue.put(() -> "put");
        queue.putDelayed(() -> "delayed", Duration.ofNanos(1));
        queue.putAll(List.of("a", "b"), item -> item);
        queue.execute(() -> {});
        queue.putAsync(() -> CompletableFuture.completedFuture("done"));
        queue.putAsync(() -> later);
        queue.putAsync(() -> CompletableFuture.failedFuture(new IOException("failed")));
        CompletableFuture<String> submitted = queue.submit(() -> "submitted");
        queue.put(() -> {
            throw new IOException("thrown");
        });
        Fixture.until("the stage is held", () -> later.getNumberOfDependents() == 1);
        later.complete("later");

        assertThat(queue.join()).containsExactly("put", "delayed", "a", "b", "done", "later");
        assertThat(submitted).isCompletedWithValue("submitted");
        assertThat(fixture.failures)
                .extracting(failure -> failure.exception().getMessage())
                .containsExactlyInAnyOrder("failed", "thrown");
    }

    @QueueTest
    void taskHoldsWorkerAndDelaysJoinUntilItEndsWhenItIgnoresInterrupt(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, SHORT);
        Stubborn stubborn = new Stubborn();
        queue.execute(stubborn);
        queue.put(() -> "next");
        Fork<List<String>> joiner = fixture.fork(queue::join);

        stubborn.awaitInterrupts(1);

        joiner.awaitBlocked();
        assertThat(queue.active()).isEqualTo(1);
        assertThat(queue.depth()).isEqualTo(1);
        assertThat(fixture.failures).isEmpty();
        stubborn.release();
        assertThat(joiner.get()).containsExactly("next");
        assertThat(fixture.failures).extracting(TaskFailure::index).containsExactly(0L);
    }

    @QueueTest
    void waitingTimeDoesNotCountTowardTimeout(Fixture fixture) throws Exception {
        Duration limit = Duration.ofMillis(800);
        WorkerQueue<String> queue = open(fixture, 2, limit);
        List<Stubborn> all = List.of(new Stubborn(), new Stubborn(), new Stubborn());
        queue.executeAll(all, Stubborn::run);
        Stubborn before = all.get(2);
        queue.put(() -> {
            before.awaitInterrupts(1);
            return "waited for longer than the limit, and ran for half of it";
        });
        all.get(0).awaitInterrupts(1);

        all.get(0).release();
        before.awaitStarted();
        awaitNanos(limit.toNanos() / 2);
        all.get(1).release();
        before.awaitInterrupts(1);
        before.release();

        assertThat(queue.join()).containsExactly("waited for longer than the limit, and ran for half of it");
        assertThat(fixture.failures).hasSize(3);
    }

    @QueueTest
    void timeoutAppliesToTasksOfAllPutMethods(Fixture fixture) throws Exception {
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(2).withMaxsize(10).withTaskTimeout(SHORT));
        Blocker blocker = new Blocker();
        Callable<String> task = blocking(blocker);

        queue.put(task);
        queue.put(task, TaskOptions.named("named"));
        queue.putDelayed(task, Duration.ZERO);
        queue.putAll(List.of("item"), item -> task.call());
        assertThat(queue.offer(task)).isTrue();
        assertThat(queue.offer(task, LONG)).isTrue();
        queue.execute(blocker);
        queue.executeAll(List.of("item"), item -> blocker.run());
        queue.putAsync(() -> {
            blocker.run();
            return CompletableFuture.completedFuture("not interrupted");
        });
        CompletableFuture<String> submitted = queue.submit(task);

        assertThat(queue.join()).isEmpty();
        assertThat(fixture.failures)
                .extracting(TaskFailure::exception)
                .hasSize(9)
                .hasOnlyElementsOfType(TimeoutException.class);
        assertThat(submitted).isCompletedExceptionally();
    }

    @QueueTest
    @Tag("slow")
    void warningNamesTaskOnceWithStackWhenItIgnoresInterrupt(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 2, SHORT);
        Stubborn first = new Stubborn();
        Stubborn second = new Stubborn();

        List<ILoggingEvent> logged = FailureTests.logged(events -> {
            queue.executeAll(List.of("first"), item -> first.run());
            first.awaitInterrupts(1);
            long interrupted = System.nanoTime();
            Fixture.until("the first is named", () -> !events.isEmpty());
            assertThat(System.nanoTime() - interrupted).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(500));
            queue.execute(() -> second.run());
            Fixture.until("the second is named", () -> events.size() > 1);
        });
        first.release();
        second.release();
        queue.join();

        assertThat(logged)
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly(
                        Level.WARN + " Queue 'default': task 'first' is still running 1 s after it was interrupted "
                                + "for exceeding its timeout of 20 ms",
                        Level.WARN + " Queue 'default': task 1 is still running 1 s after it was interrupted for "
                                + "exceeding its timeout of 20 ms");
        assertThat(logged)
                .allSatisfy(event -> assertThat(Arrays.stream(Objects.requireNonNull(event.getThrowableProxy())
                                .getStackTraceElementProxyArray()))
                        .extracting(StackTraceElementProxy::getSTEAsString)
                        .anyMatch(line -> line.contains("Stubborn.run")));
        assertThat(first.interrupts()).isEqualTo(1);
    }

    @QueueTest
    void timeoutOfNextTaskIsInTimeWhenTaskIgnoresInterrupt(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 2, SHORT);
        Stubborn stubborn = new Stubborn();
        queue.execute(stubborn);
        stubborn.awaitInterrupts(1);
        long start = System.nanoTime();

        CompletableFuture<String> next = queue.submit(blocking(new Blocker()));

        assertThatThrownBy(next::get).hasCauseInstanceOf(TimeoutException.class);
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(700));
        stubborn.release();
    }

    @QueueTest
    void stageIsCancelledWhenTimeoutExpires(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, SHORT);
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        queue.put(() -> "next");

        assertThat(queue.join()).containsExactly("next");

        Fixture.until("it is cancelled", stage::isCancelled);
        assertThat(fixture.failures).singleElement().satisfies(failure -> {
            assertThat(failure.exception())
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("its timeout of 20 ms");
            assertThat(failure.index()).isZero();
        });
        assertThat(queue.snapshot().failed()).isEqualTo(1);
    }

    @QueueTest
    void workerIsFreeImmediatelyWhenTimedOutStageIgnoresCancellation(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, SHORT);
        CompletableFuture<String> never = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                throw new UnsupportedOperationException();
            }
        };
        queue.putAsync(() -> never);
        queue.put(() -> "next");

        assertThat(queue.join()).containsExactly("next");

        assertThat(fixture.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).isInstanceOf(TimeoutException.class));
        never.complete("too late");
        queue.put(() -> "after");
        assertThat(queue.join()).containsExactly("after");
    }

    @QueueTest
    void dependentsOfTimedOutStageDelayNeitherTimerNorWorker(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, SHORT);
        Blocker dependent = new Blocker();
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 2; i++) {
            queue.putAsync(() -> {
                CompletableFuture<String> stage = new CompletableFuture<>();
                CompletableFuture<?> blocked = stage.whenComplete((value, failure) -> {
                    threads.add(Thread.currentThread().getName() + " " + (CurrentTask.ofThread() == null));
                    dependent.runStubbornly();
                });
                assertThat(blocked).isNotDone();
                return stage;
            });
        }

        assertThat(queue.join()).isEmpty();

        dependent.awaitStarted(2);
        dependent.release();
        assertThat(fixture.failures).hasSize(2);
        assertThat(threads).containsOnly("queue-timeout-default true");
    }

    @QueueTest
    void callableOfPutAsyncIsInterruptedAndItsStageCancelledWhenTimeoutExpires(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, SHORT);
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> {
            awaitInterrupt();
            return stage;
        });
        queue.putAsync(() -> {
            awaitInterrupt();
            throw new IOException("too late");
        });
        queue.putAsync(() -> {
            new Blocker().run();
            return stage;
        });

        assertThat(queue.join()).isEmpty();

        assertThat(stage).isCancelled();
        assertThat(fixture.failures)
                .extracting(TaskFailure::exception)
                .hasSize(3)
                .hasOnlyElementsOfType(TimeoutException.class);
    }

    @QueueTest
    void timeoutOfAsynchronousTaskCoversCallableAndStage(Fixture fixture) throws Exception {
        Duration limit = Duration.ofSeconds(1);
        WorkerQueue<String> queue = open(fixture, 1, limit);
        long start = System.nanoTime();
        queue.putAsync(() -> {
            awaitNanos(limit.toNanos() * 3 / 4);
            return new CompletableFuture<>();
        });

        queue.join();

        assertThat(System.nanoTime() - start).isBetween(limit.toNanos(), limit.toNanos() * 7 / 4);
        assertThat(fixture.failures).hasSize(1);
    }

    @QueueTest
    @SuppressWarnings("NullAway")
    void nullOrUnobservableStageFailsWhenTimeoutIsSet(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, LONG);
        Callable<CompletionStage<String>> none = () -> null;
        queue.putAsync(none);
        queue.putAsync(() -> new CompletableFuture<>() {
            @Override
            public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
                throw new UnsupportedOperationException("observed");
            }
        });

        queue.join();

        assertThat(fixture.failures)
                .extracting(failure -> failure.exception().getMessage())
                .containsExactly(
                        "The task given to putAsync returned null instead of a stage; "
                                + "for a null result, return CompletableFuture.completedFuture(null)",
                        "observed");
    }

    @QueueTest
    void cancelReachesStageAndFreesWorkerWhenTimeoutIsSet(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, LONG);
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        Fixture.until("it is held", () -> stage.getNumberOfDependents() == 1);

        queue.cancel();

        assertThat(stage).isCancelled();
        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void taskCountsAsCancelledWhenCancelledAfterTimeout(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 2, SHORT);
        Stubborn stubborn = new Stubborn();
        queue.execute(stubborn);
        CompletableFuture<Integer> future = queue.submit(() -> {
            stubborn.run();
            return 1;
        });
        stubborn.awaitInterrupts(2);

        queue.cancel();

        stubborn.awaitInterrupts(4);
        stubborn.release();
        queue.join();
        assertThat(queue.snapshot())
                .extracting(QueueSnapshot::cancelled, QueueSnapshot::failed)
                .containsExactly(2L, 0L);
        assertThat(future).isCancelled();
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void taskCountsOnceAndLeavesNoInterruptWhenTimeoutAndCancelCoincide(Fixture fixture) throws Exception {
        Duration limit = Duration.ofMillis(2);
        WorkerQueue<Boolean> queue = open(fixture, 2, limit);
        Random random = seeded();
        for (int round = 0; round < 500; round++) {
            queue.execute(TaskTimeoutTests::awaitInterrupt);
            queue.putAsync(CompletableFuture::new);
            awaitNanos(limit.toNanos() / 2 + random.nextInt(2_000_000));

            queue.cancel();

            queue.put(() -> Thread.currentThread().isInterrupted());
            assertThat(queue.join()).doesNotContain(true);
        }
        QueueSnapshot figures = queue.snapshot();
        assertThat(figures.completed() + figures.failed() + figures.cancelled()).isEqualTo(1_500);
        assertThat(fixture.failures).hasSize((int) figures.failed());
    }

    @QueueTest
    @Tag("slow")
    void interruptReachesOnlyCallableThatTimedOut(Fixture fixture) throws Exception {
        int tasks = 4_000;
        Random random = seeded();
        AtomicInteger strays = new AtomicInteger();
        Queue<Integer> early = new ConcurrentLinkedQueue<>();
        QueueListener listener = new QueueListener() {
            @Override
            public void started(String queue, long index, long waited) {
                countStray(strays);
            }

            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                countStray(strays);
            }
        };
        WorkerQueue<Integer> queue = fixture.open(
                fixture.factory(builder -> builder.listener(listener)),
                settings -> settings.withWorkers(3)
                        .withTaskTimeout(Duration.ofMillis(1))
                        .withExceptionHandler(failure -> {
                            fixture.failures.add(failure);
                            countStray(strays);
                        }));
        for (int i = 0; i < tasks; i++) {
            int result = i;
            long nanos = 500_000L + random.nextInt(1_700_000);
            queue.put(() -> {
                if (Thread.currentThread().isInterrupted()) {
                    early.add(result); // by its own timeout, if it fails
                }
                awaitNanos(nanos);
                return result;
            });
        }

        List<Integer> results = queue.join();

        assertThat(strays).hasValue(0);
        assertThat(early).doesNotContainAnyElementsOf(results);
        List<Integer> all = new ArrayList<>(results);
        fixture.failures.forEach(failure -> all.add((int) failure.index()));
        assertThat(all).hasSize(tasks).doesNotHaveDuplicates();
        assertThat(results).isNotEmpty().hasSizeLessThan(tasks);
    }

    @QueueTest
    void threadIsNotInterruptedWhenCallableHasReturned(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, SHORT);
        AtomicReference<@Nullable Boolean> interrupted = new AtomicReference<>();
        CompletableFuture<String> late = new CompletableFuture<>() {
            @Override
            public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
                CompletableFuture<String> observed = super.whenComplete(action);
                Fixture.until("the time is over", this::isCancelled);
                interrupted.set(Thread.currentThread().isInterrupted());
                return observed;
            }
        };
        queue.putAsync(() -> late);

        assertThat(queue.join()).isEmpty();

        assertThat(interrupted).hasValue(false);
        assertThat(fixture.failures).hasSize(1);
    }

    @QueueTest
    void exceptionHandlerIsNotInterruptedWhenItOutlastsTimeout(Fixture fixture) throws Exception {
        Stubborn stubborn = new Stubborn();
        Blocker handling = new Blocker();
        AtomicReference<@Nullable Boolean> interrupted = new AtomicReference<>();
        WorkerQueue<String> queue = fixture.open(settings -> settings.withWorkers(2)
                .withTaskTimeout(SHORT)
                .withExceptionHandler(failure -> {
                    if (failure.exception() instanceof IOException) {
                        interrupted.set(handling.runStubbornly()
                                || Thread.currentThread().isInterrupted());
                    }
                }));
        queue.execute(() -> {
            throw new IOException();
        });
        handling.awaitStarted();
        queue.execute(stubborn);

        stubborn.awaitInterrupts(1);

        stubborn.release();
        handling.release();
        queue.join();
        assertThat(interrupted).hasValue(false);
    }

    @QueueTest
    void timeoutAppliesToTasksOfExecutorView(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, SHORT);
        Stubborn stubborn = new Stubborn();
        Runnable command = new Runnable() {
            @Override
            public void run() {
                stubborn.run();
            }

            @Override
            public String toString() {
                return "command";
            }
        };
        queue.asExecutorService().execute(command);
        Future<String> submitted = queue.asExecutorService().submit(blocking(new Blocker()));
        stubborn.awaitInterrupts(1);
        stubborn.release();

        assertThatThrownBy(submitted::get).cause().isInstanceOf(TimeoutException.class);
        queue.join();
        assertThat(fixture.failures).singleElement().satisfies(failure -> {
            assertThat(failure.exception()).isInstanceOf(TimeoutException.class);
            assertThat(failure.task()).isEqualTo("command");
        });
    }

    @QueueTest
    void timeoutAppliesWhenTaskRunsAfterFactoryClose(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory();
        WorkerQueue<String> queue = open(fixture, 1, Duration.ofMillis(100));
        Stubborn stubborn = new Stubborn();
        queue.execute(stubborn);
        stubborn.awaitStarted();

        List<ILoggingEvent> logged = FailureTests.logged(events -> {
            assertThat(factory.close(Duration.ZERO)).isFalse();
            stubborn.awaitInterrupts(2);
            Fixture.until("it is named", () -> events.size() > 1);
        });

        stubborn.release();
        assertThat(logged)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("is still running"));
    }

    @QueueTest
    void timeoutAppliesWhenTinyAndIsIgnoredWhenHuge(Fixture fixture) throws Exception {
        WorkerQueue<String> tiny = open(fixture, 1, Duration.ofNanos(1));
        tiny.put(blocking(new Blocker()));
        assertThat(tiny.join()).isEmpty();
        assertThat(fixture.failures).hasSize(1);

        WorkerQueue<String> huge = open(fixture, 1, Duration.ofNanos(Long.MAX_VALUE));
        huge.put(TaskTimeoutTests::caller);
        WorkerQueue<String> beyond = open(fixture, 1, Duration.ofSeconds(Long.MAX_VALUE));
        beyond.put(TaskTimeoutTests::caller);
        WorkerQueue<String> long292Years = open(fixture, 1, Duration.ofNanos(Long.MAX_VALUE - 1));
        long292Years.put(TaskTimeoutTests::caller);
        assertThat(huge.join()).containsExactly(WorkerSlot.class.getName());
        assertThat(beyond.join()).containsExactly(WorkerSlot.class.getName());
        assertThat(long292Years.join()).containsExactly(TaskTimeout.class.getName() + "$Run");
    }

    @QueueTest
    void taskIsNotWrappedWhenQueueHasNoTimeout(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        Callable<String> task = TaskTimeoutTests::caller;
        queue.put(task);
        assertThat(queue.offer(task)).isTrue();

        assertThat(queue.join()).containsOnly(WorkerSlot.class.getName());
    }

    /** Returns the class that calls the current task. */
    private static String caller() {
        return new Throwable().getStackTrace()[1].getClassName();
    }

    private static <T> WorkerQueue<T> open(Fixture fixture, int workers, Duration limit) {
        return fixture.open(settings -> settings.withWorkers(workers).withTaskTimeout(limit));
    }

    private static Callable<String> blocking(Blocker blocker) {
        return () -> {
            blocker.run();
            return "not interrupted";
        };
    }

    private static void awaitInterrupt() {
        Fixture.until("it is interrupted", Thread::interrupted);
    }

    /** Spins for a time, and ignores interrupts. */
    private static void awaitNanos(long nanos) {
        for (long start = System.nanoTime(); System.nanoTime() - start < nanos; ) {
            Thread.onSpinWait();
        }
    }

    private static void countStray(AtomicInteger strays) {
        if (Thread.currentThread().isInterrupted()
                && Thread.currentThread().getName().startsWith("queue-")) {
            strays.incrementAndGet();
        }
    }

    @SuppressWarnings("SystemOut")
    private static Random seeded() {
        long seed = System.nanoTime();
        System.out.println("TaskTimeoutTests: seed " + seed);
        return new Random(seed);
    }

    /** Task that counts and ignores interrupts until it is released. */
    private static final class Stubborn implements TaskAction {

        private final CountDownLatch started = new CountDownLatch(1);

        private final CountDownLatch released = new CountDownLatch(1);

        private final AtomicInteger interrupts = new AtomicInteger();

        @Override
        public void run() {
            started.countDown();
            for (; ; ) {
                try {
                    released.await();
                    return;
                } catch (InterruptedException ex) {
                    interrupts.incrementAndGet();
                }
            }
        }

        void awaitStarted() throws InterruptedException {
            started.await();
        }

        void awaitInterrupts(int count) {
            Fixture.until(count + " interrupts", () -> interrupts.get() >= count);
        }

        int interrupts() {
            return interrupts.get();
        }

        void release() {
            released.countDown();
        }
    }
}
