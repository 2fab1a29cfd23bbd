package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Tests for retries: rule 13 of {@code docs/reference/rules.md}. */
class RetryTests {

    private static final TaskRetryPolicy AT_ONCE = (failure, attempts) -> attempts < 5 ? Duration.ZERO : null;

    private static final TaskRetryPolicy LATE = (failure, attempts) -> Duration.ofHours(1);

    @QueueTest
    void taskIsRetriedUntilItSucceeds(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 2, 4, AT_ONCE);
        AtomicInteger runs = new AtomicInteger();
        queue.put(failing(runs, 3, "done"));
        assertThat(queue.join()).containsExactly("done");
        assertThat(runs).hasValue(4);
        assertThat(fixture.failures).isEmpty();
        assertThat(queue.snapshot().completed()).isOne();
        assertThat(queue.snapshot().put()).isOne();
    }

    @QueueTest
    void handlerReceivesOnlyLastFailureWithNumberOfAttempts(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 2, 4, AT_ONCE);
        AtomicInteger runs = new AtomicInteger();
        queue.put(failing(runs, Integer.MAX_VALUE, "never"), TaskOptions.named("match 17"));
        assertThat(queue.join()).isEmpty();
        assertThat(fixture.failures).singleElement().satisfies(failure -> {
            assertThat(failure.attempts()).isEqualTo(5);
            assertThat(failure.exception()).hasMessage("run 5");
            assertThat(failure.task()).isEqualTo("match 17");
        });
        assertThat(queue.snapshot().failed()).isOne();
    }

    @QueueTest
    void taskKeepsIndexWhenRetried(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, 4, 100, AT_ONCE);
        for (int i = 0; i < 100; i++) {
            int value = i;
            queue.put(failing(new AtomicInteger(), i % 4, value));
        }
        assertThat(queue.join()).isEqualTo(numbers(100));
        queue.put(() -> {
            throw new IOException("for good");
        });
        assertThat(queue.join()).isEmpty();
        assertThat(fixture.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.index()).isZero());
    }

    @QueueTest
    void waitingRetryHoldsNoWorkerAndCountsInDepthButNotTowardCapacity(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, 1, LATE);
        putFailing(queue, TaskOptions.defaults());
        assertThat(queue.<String>submit(() -> "between").get(10, TimeUnit.SECONDS))
                .isEqualTo("between");
        Blocker blocker = fixture.block(queue);
        assertThat(queue.offer(() -> "fills the ring")).isTrue();
        assertThat(queue.offer(() -> "finds no room")).isFalse();
        assertThat(queue.depth()).isEqualTo(2);
        blocker.release();
    }

    @QueueTest
    void joinWaitsWhenTaskWaitsForRetry(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, 1, LATE);
        putFailing(queue, TaskOptions.defaults());
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ofMillis(20)));
    }

    @QueueTest
    void cancelEndsTaskWhenItWaitsForRetry(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, 1, LATE);
        putFailing(queue, TaskOptions.defaults());
        queue.cancel();
        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().cancelled()).isOne();
        assertThat(queue.depth()).isZero();
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void futureCanBeCancelledWhenTaskWaitsForRetry(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, 1, LATE);
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<String> future = queue.submit(failing(runs, 1, "later"));
        awaitRetry(queue, runs, 1);
        assertThat(future.cancel(false)).isTrue();
        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().cancelled()).isOne();
    }

    @QueueTest
    void cancelEndsTaskWhenCalledBetweenFailureAndRetryDelay(Fixture fixture) throws Exception {
        CompletableFuture<WorkerQueue<String>> opened = new CompletableFuture<>();
        WorkerQueue<String> queue = open(fixture, 1, 1, (failure, attempts) -> {
            opened.join().cancel();
            return Duration.ofHours(1);
        });
        opened.complete(queue);
        queue.put(failing(new AtomicInteger(), 1, ""));
        assertThat(queue.join(Duration.ofSeconds(Fixture.DEADLINE_SECONDS))).isEmpty();
        assertThat(queue.snapshot().cancelled()).isOne();
    }

    @QueueTest
    void futureEndsTaskWhenCancelledJustBeforeRetryDelay(Fixture fixture) throws Exception {
        CompletableFuture<CompletableFuture<String>> submitted = new CompletableFuture<>();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void retried(String queue, int attempts, long delay, Throwable exception) {
                submitted.join().cancel(false);
            }
        }));
        WorkerQueue<String> queue =
                fixture.open(factory, settings -> settings.withWorkers(1).withRetryPolicy(LATE));
        submitted.complete(queue.submit(failing(new AtomicInteger(), 1, "")));
        assertThat(queue.join(Duration.ofSeconds(Fixture.DEADLINE_SECONDS))).isEmpty();
        assertThat(queue.snapshot().cancelled()).isOne();
    }

    @QueueTest
    void retryIsNotHastenedWhenFutureOfOtherTaskIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, 2, LATE);
        AtomicInteger runs = putFailing(queue, TaskOptions.defaults());
        Blocker blocker = fixture.block(queue);
        assertThat(queue.submit(() -> "never").cancel(false)).isTrue();
        blocker.release();
        Fixture.until("the others have ended", () -> queue.snapshot().cancelled() == 1 && queue.active() == 0);
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ofMillis(20)));
        assertThat(runs).hasValue(1);
    }

    @QueueTest
    void futureReceivesOutcomeOfLastAttempt(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, 1, AT_ONCE);
        assertThat(queue.submit(failing(new AtomicInteger(), 2, "done")).get(10, TimeUnit.SECONDS))
                .isEqualTo("done");
        CompletableFuture<String> failing = queue.submit(failing(new AtomicInteger(), Integer.MAX_VALUE, ""));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> failing.get(10, TimeUnit.SECONDS))
                .withMessageContaining("run 5");
    }

    @QueueTest
    void asynchronousTaskIsRetriedWhenStageFails(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 2, 4, AT_ONCE);
        Queue<CompletableFuture<String>> stages = new ConcurrentLinkedQueue<>();
        queue.putAsync(() -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            stages.add(stage);
            return stage;
        });
        Fixture.until("started", () -> stages.size() == 1);
        stages.remove().completeExceptionally(new IOException("first"));
        Fixture.until("started again", () -> stages.size() == 1);
        stages.remove().complete("done");
        assertThat(queue.join()).containsExactly("done");
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void taskUsesRetryPolicyOfItsOptions(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        AtomicInteger runs = new AtomicInteger();
        queue.put(failing(runs, 1, "done"), TaskOptions.defaults().withRetryPolicy(AT_ONCE));
        assertThat(queue.join()).containsExactly("done");
        WorkerQueue<String> retrying = open(fixture, 1, 1, AT_ONCE);
        retrying.put(
                failing(runs, Integer.MAX_VALUE, ""), TaskOptions.defaults().withRetryPolicy(TaskRetryPolicy.NEVER));
        assertThat(retrying.join()).isEmpty();
        assertThat(fixture.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.attempts()).isOne());
    }

    @QueueTest
    void retryAfterOfFailureLengthensRetryDelay(Fixture fixture) throws Exception {
        List<Long> delays = new ArrayList<>();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void retried(String queue, int attempts, long delay, Throwable exception) {
                delays.add(delay);
            }
        }));
        WorkerQueue<String> queue = fixture.open(
                factory,
                settings -> settings.withWorkers(1)
                        .withMaxHold(Duration.ZERO)
                        .withRetryPolicy((failure, attempts) -> attempts < 4 ? Duration.ofMillis(2) : null));
        AtomicInteger runs = new AtomicInteger();
        queue.put(() -> {
            int run = runs.incrementAndGet();
            Throwable hint = new Throttled(run == 1 ? Duration.ofMillis(5) : run == 2 ? Duration.ofNanos(1) : null);
            throw new IOException("throttled", hint);
        });
        assertThat(queue.join()).isEmpty();
        assertThat(delays)
                .containsExactly(
                        TimeUnit.MILLISECONDS.toNanos(5),
                        TimeUnit.MILLISECONDS.toNanos(2),
                        TimeUnit.MILLISECONDS.toNanos(2));
    }

    @QueueTest
    void taskFailsWithoutRetryWhenRetryPolicyThrows(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, 1, (failure, attempts) -> {
            throw new IllegalStateException("of the policy");
        });
        List<ILoggingEvent> events = FailureTests.logged(() -> {
            queue.put(failing(new AtomicInteger(), 1, ""));
            assertThat(queue.join()).isEmpty();
        });
        assertThat(fixture.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).hasMessage("run 1"));
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("of the policy");
        });
    }

    @QueueTest
    void dueRetryStartsWhenBacklogNeverEmpties(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, 10, AT_ONCE);
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        TaskAction another = new TaskAction() {
            @Override
            public void run() throws InterruptedException {
                if (runs.get() < 2 && others.incrementAndGet() < 100_000) {
                    queue.execute(this); // so that a task waits whenever another ends
                }
            }
        };
        queue.execute(another);
        queue.put(failing(runs, 1, "again"));
        assertThat(queue.join()).containsExactly("again");
        assertThat(others.get()).isLessThan(100_000);
    }

    @QueueTest
    void retryDoesNotStartWhenQueueIsPaused(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 2, 4, AT_ONCE);
        AtomicInteger runs = new AtomicInteger();
        Blocker blocker = new Blocker();
        queue.put(() -> {
            if (runs.incrementAndGet() == 1) {
                blocker.run();
                throw new IOException("first");
            }
            return "second";
        });
        blocker.awaitStarted();
        queue.pause();
        blocker.release();
        Fixture.until("it waits", () -> queue.active() == 0 && queue.depth() == 1);
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ofMillis(20)));
        assertThat(runs).hasValue(1);
        queue.resume();
        assertThat(queue.join()).containsExactly("second");
    }

    @QueueTest
    void closeWaitsForRetries(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, 1, (failure, attempts) -> Duration.ofMillis(5));
        queue.put(failing(new AtomicInteger(), 3, "done"));
        queue.close();
        assertThat(queue.join()).containsExactly("done");
    }

    @QueueTest
    void taskIsAbandonedAsStartedWhenCloseTimesOutDuringRetryDelay(Fixture fixture) throws Exception {
        Queue<AbandonedTask> abandoned = new ConcurrentLinkedQueue<>();
        WorkerQueue<String> queue = fixture.open(
                settings -> settings.withWorkers(1).withRetryPolicy(LATE).withAbandonedTaskHandler(abandoned::add));
        putFailing(queue, TaskOptions.named("later"));
        assertThat(queue.close(Duration.ZERO)).isFalse();
        assertThat(abandoned).containsExactly(new AbandonedTask("default", 0, "later", true));
        assertThat(queue.snapshot().cancelled()).isOne();
    }

    @QueueTest
    void shutdownNowReturnsNoTasksThatWaitForRetry(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, 2, LATE);
        AtomicInteger runs = new AtomicInteger();
        queue.put(failing(runs, 2, ""));
        CompletableFuture<String> future = queue.submit(failing(runs, 2, ""));
        awaitRetry(queue, runs, 2);
        assertThat(queue.asExecutorService().shutdownNow()).isEmpty();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(future::join);
    }

    @QueueTest
    void taskIsNotRetriedWhenCancelInterruptsIt(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = open(fixture, 1, 2, AT_ONCE);
        Blocker blocker = fixture.block(queue);
        queue.cancel();
        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().cancelled()).isOne();
        assertThat(blocker.isStarted()).isFalse();
    }

    @QueueTest
    void joinKeepsSubmissionOrderWhenRetriesAndNewTasksRun(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = open(fixture, 1, 10, (failure, attempts) -> Duration.ofMillis(attempts));
        Queue<Integer> second = new ConcurrentLinkedQueue<>();
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            int value = i;
            AtomicInteger runs = new AtomicInteger();
            queue.put(() -> {
                if (runs.incrementAndGet() == 1) {
                    ran.incrementAndGet();
                    throw new IOException("first");
                }
                second.add(value);
                return value;
            });
        }
        Fixture.until("all ran once", () -> ran.get() == 3);
        queue.put(() -> {
            second.add(3);
            return 3;
        });
        assertThat(queue.join()).containsExactly(0, 1, 2, 3);
        assertThat(second).hasSize(4);
    }

    @QueueTest
    void queuesReturnAllResultsWhenRetriesShareTotalWorkers(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder -> builder.defaults(fixture.settings()
                .withWorkers(4)
                .withTotalWorkers(2)
                .withRetryPolicy((failure, attempts) -> attempts < 4 ? Duration.ofMillis(1) : null)));
        WorkerQueue<Integer> one = fixture.open(factory, settings -> settings);
        WorkerQueue<Integer> other = fixture.open(factory, settings -> settings);
        for (int i = 0; i < 50; i++) {
            int value = i;
            one.put(failing(new AtomicInteger(), i % 4, value));
            other.put(failing(new AtomicInteger(), i % 3, value));
        }
        assertThat(one.join()).isEqualTo(numbers(50));
        assertThat(other.join()).isEqualTo(numbers(50));
    }

    /** Puts a task whose first attempt fails, and awaits its retry delay. Returns the counter of its attempts. */
    static AtomicInteger putFailing(WorkerQueue<String> queue, TaskOptions options) throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        queue.put(failing(runs, 1, "later"), options);
        awaitRetry(queue, runs, 1);
        return runs;
    }

    /** Waits until this number of tasks have failed once and wait for their retry. */
    static void awaitRetry(WorkerQueue<?> queue, AtomicInteger runs, int tasks) {
        Fixture.until("they wait", () -> runs.get() == tasks && queue.active() == 0 && queue.depth() == tasks);
    }

    private static <T> WorkerQueue<T> open(Fixture fixture, int workers, int maxsize, TaskRetryPolicy policy) {
        return fixture.open(
                settings -> settings.withWorkers(workers).withMaxsize(maxsize).withRetryPolicy(policy));
    }

    private static List<Integer> numbers(int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    /** Returns a task whose first attempts fail. */
    static <T> Callable<T> failing(AtomicInteger runs, int failures, T result) {
        return () -> {
            int run = runs.incrementAndGet();
            if (run <= failures) {
                throw new IOException("run " + run);
            }
            return result;
        };
    }

    private static final class Throttled extends Exception implements RetryAfter {

        private static final long serialVersionUID = 1;

        private final transient @Nullable Duration wait;

        Throttled(@Nullable Duration wait) {
            this.wait = wait;
        }

        @Override
        public @Nullable Duration retryAfter() {
            return wait;
        }
    }
}
