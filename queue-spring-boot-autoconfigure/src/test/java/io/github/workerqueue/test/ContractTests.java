package io.github.workerqueue.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import io.github.workerqueue.QueueClosedException;
import io.github.workerqueue.QueueDeadlineException;
import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueFailedException;
import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.TaskFailure;
import io.github.workerqueue.TaskOptions;
import io.github.workerqueue.WorkerQueue;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests for the rules in {@code docs/reference/rules.md} with the default factory and the factories of the test kit,
 * which must behave alike.
 */
class ContractTests {

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.github.workerqueue.test.ContractTests#all")
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @interface ContractTest {}

    static Stream<Kind> all() {
        return Stream.concat(
                Stream.of(
                        new Kind("threads", QueueFactory.Builder::build),
                        new Kind("calling thread", TestQueues::inCallingThread)),
                IntStream.range(0, 8)
                        .mapToObj(seed -> new Kind("seed " + seed, builder -> TestQueues.shuffled(seed, builder))));
    }

    @ContractTest
    void joinReturnsNonNullResultsInSubmissionOrderAndEndsRound(Kind kind) throws Exception {
        WorkerQueue<Object> queue = kind.open(3, 5);
        for (int i = 0; i < 40; i++) {
            int index = i;
            queue.put(() -> index % 4 == 0 ? null : index);
        }
        assertThat(queue.counter()).isEqualTo(40);
        assertThat(queue.join(Integer.class))
                .isEqualTo(
                        IntStream.range(0, 40).filter(i -> i % 4 != 0).boxed().toList());
        assertThat(queue.counter()).isZero();
        assertThat(queue.join()).isEmpty();
        queue.putAll(List.of(1, 2, 3), item -> item * 2);
        assertThat(queue.join()).containsExactly(2, 4, 6);
        kind.assertFigures(queue, 43, 43, 0, 0);
    }

    @ContractTest
    void failuresReachExceptionHandlerOnceWithIndexAndName(Kind kind) throws Exception {
        WorkerQueue<String> queue = kind.open(3, 5);
        queue.put(() -> "a");
        queue.put(failing(new IOException("checked")), TaskOptions.named("match 17"));
        queue.execute(() -> {
            throw new AssertionError("error");
        });
        queue.put(() -> "b");
        assertThat(queue.join()).containsExactly("a", "b");
        assertThat(kind.failures)
                .extracting(
                        TaskFailure::queue,
                        TaskFailure::index,
                        failure -> failure.exception().getMessage())
                .containsExactlyInAnyOrder(tuple("default", 1L, "checked"), tuple("default", 2L, "error"));
        assertThat(kind.failures).extracting(TaskFailure::task).contains("match 17");
        kind.assertFigures(queue, 4, 2, 2, 0);
    }

    @ContractTest
    void childTasksAreAcceptedBeyondCapacityAndJoined(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(2, 1);
        AtomicInteger depth = new AtomicInteger();
        crawl(queue, depth, 10_000);
        assertThat(queue.join()).hasSize(10_000);
        for (int i = 0; i < 3; i++) {
            queue.put(() -> {
                for (int child = 0; child < 20; child++) {
                    int result = child;
                    queue.put(() -> result);
                }
                return -1;
            });
        }
        assertThat(queue.join()).hasSize(63);
        kind.assertFigures(queue, 10_063, 10_063, 0, 0);
    }

    private static void crawl(WorkerQueue<Integer> queue, AtomicInteger depth, int end) throws InterruptedException {
        queue.put(() -> {
            int now = depth.incrementAndGet();
            if (now < end) {
                crawl(queue, depth, end);
            }
            return now;
        });
    }

    @ContractTest
    void joinNamesTypesAndClearsNoResultWhenTypeDiffers(Kind kind) throws Exception {
        WorkerQueue<Object> queue = kind.open(3, 5);
        queue.put(() -> 1);
        queue.put(() -> null);
        queue.put(() -> "two");
        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> queue.join(int.class))
                .withMessageContainingAll("index 2", "java.lang.String", "java.lang.Integer");
        assertThat(queue.responses()).containsExactly(1, "two");
        assertThat(queue.join()).containsExactly(1, "two");
    }

    @ContractTest
    void joinAndCloseThrowWhenTaskCallsThem(Kind kind) throws Exception {
        WorkerQueue<Object> queue = kind.open(3, 5);
        queue.put(queue::join);
        queue.execute(queue::close);
        queue.execute(kind.factory::close);
        queue.put(() -> queue.submit(() -> 1).get());
        queue.join();
        assertThat(kind.failures)
                .hasSizeBetween(3, 4) // another worker may have completed the future before the call of get()
                .allSatisfy(failure -> assertThat(failure.exception()).isInstanceOf(IllegalStateException.class));
    }

    @ContractTest
    void submitCompletesFuture(Kind kind) throws Exception {
        WorkerQueue<String> queue = kind.open(3, 5);
        queue.put(() -> "put");
        CompletableFuture<Integer> future = queue.submit(() -> 1);
        CompletableFuture<Integer> failed = queue.submit(failing(new IOException("no")));
        CompletableFuture<Void> both = CompletableFuture.allOf(future.thenApply(it -> it), failed.handle((a, b) -> 0));
        both.join();
        assertThat(future.get()).isEqualTo(1);
        assertThat(failed).isCompletedExceptionally();
        assertThat(kind.failures).isEmpty();
        assertThat(queue.join()).containsExactly("put");
        kind.assertFigures(queue, 3, 2, 1, 0);
    }

    @ContractTest
    void stagesAreCollectedWhenTheyComplete(Kind kind) throws Exception {
        WorkerQueue<String> queue = kind.open(2, 3);
        CompletableFuture<String> later = new CompletableFuture<>();
        CompletableFuture<String> broken = new CompletableFuture<>();
        queue.putAsync(() -> later);
        queue.putAsync(() -> broken);
        queue.put(() -> "third");
        queue.putAsync(() -> CompletableFuture.completedFuture("fourth"));
        later.complete("first");
        broken.completeExceptionally(new IOException("broken"));
        assertThat(queue.join()).containsExactly("first", "third", "fourth");
        assertThat(kind.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).hasMessage("broken"));
        kind.assertFigures(queue, 4, 3, 1, 0);
    }

    @ContractTest
    void producerWaitsForStagesThatCompleteInAnotherQueue(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(2, 3);
        try (ThreadedQueue client = new ThreadedQueue()) {
            for (int i = 0; i < 50; i++) {
                int index = i;
                queue.putAsync(() -> client.queue.submit(() -> index));
                queue.put(() -> -1);
            }
            assertThat(queue.join()).hasSize(100).contains(49);
        }
        kind.assertFigures(queue, 100, 100, 0, 0);
    }

    @ContractTest
    void offerReturnsFalseWhenQueueIsFull(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(1, 2);
        queue.pause();
        assertThat(queue.offer(() -> 0)).isTrue();
        assertThat(queue.offer(() -> 1, Duration.ofMillis(1))).isTrue();
        assertThat(queue.offer(() -> 2)).isFalse();
        assertThat(queue.offer(() -> 3, Duration.ofMillis(1))).isFalse();
        assertThat(queue.depth()).isEqualTo(2);
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.PAUSED);
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ofMillis(1)));
        queue.resume();
        assertThat(queue.join()).containsExactly(0, 1);
        kind.assertFigures(queue, 2, 2, 0, 0);
        assertThat(queue.snapshot().rejected()).isEqualTo(2);
    }

    @ContractTest
    void cancelEndsAcceptedTasksAndKeepsCollectedResults(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(2, 5);
        queue.put(() -> 0);
        while (queue.responses().isEmpty() && !kind.isShuffled()) {
            Thread.onSpinWait();
        }
        CompletableFuture<Integer> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        queue.pause();
        for (int i = 1; i < 4; i++) {
            int index = i;
            queue.put(() -> index);
        }
        CompletableFuture<Integer> future = queue.submit(() -> 9);
        queue.cancel();
        assertThat(future).isCancelled();
        queue.resume();
        queue.put(() -> 5);
        assertThat(queue.join()).isEqualTo(kind.isShuffled() ? List.of(5) : List.of(0, 5));
        QueueSnapshot figures = queue.snapshot();
        assertThat(figures.cancelled()).isEqualTo(kind.isShuffled() ? 6 : 5);
        assertThat(figures.put()).isEqualTo(7);
        assertThat(figures.completed() + figures.failed() + figures.cancelled()).isEqualTo(7);
    }

    @ContractTest
    void cancelByTaskKeepsItsResultAndDoesNotInterruptIt(Kind kind) throws Exception {
        WorkerQueue<String> queue = kind.open(1, 5);
        queue.put(() -> {
            queue.cancel();
            return Thread.currentThread().isInterrupted() ? "interrupted" : "cancels";
        });
        List<String> results = queue.join();
        queue.put(() -> "next");
        assertThat(queue.join()).containsExactly("next");
        assertThat(results).containsExactly("cancels");
        assertThat(queue.snapshot().put()).isEqualTo(2);
    }

    @ContractTest
    void closeDrainsThenRejectsPutsAndKeepsResultsForOneJoin(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(3, 5);
        queue.put(() -> 1);
        queue.put(() -> {
            queue.put(() -> 3);
            return 2;
        });
        queue.close();
        queue.close();
        assertThat(queue.close(Duration.ZERO)).isTrue();
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> queue.put(() -> 4));
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> queue.offer(() -> 4));
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> queue.submit(() -> 4));
        assertThatExceptionOfType(QueueClosedException.class)
                .isThrownBy(() -> queue.putDelayed(() -> 4, Duration.ofHours(1)));
        assertThat(queue.join()).containsExactly(1, 2, 3);
        assertThat(queue.join()).isEmpty();
        assertThat(kind.factory.queues()).isEmpty();
        kind.assertFigures(queue, 3, 3, 0, 0);
    }

    @ContractTest
    void closePassesAbandonedTasksToHandlerWhenTimeoutIsZero(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(1, 5);
        queue.putAsync(CompletableFuture::new);
        queue.put(() -> 1);
        queue.put(() -> 2);
        while (queue.active() == 0) {
            Thread.onSpinWait();
        }
        assertThat(queue.close(Duration.ZERO)).isFalse();
        assertThat(kind.abandoned).containsExactly(0L, 1L, 2L);
        assertThat(queue.join()).isEmpty();
        kind.assertFigures(queue, 3, 0, 0, 3);
    }

    @ContractTest
    void closeOfFactoryDrainsPipelineOfQueues(Kind kind) throws Exception {
        WorkerQueue<Integer> first = kind.open(2, 2);
        WorkerQueue<Integer> second = kind.open(2, 2);
        AtomicInteger left = new AtomicInteger(100);
        bounce(first, second, left);
        kind.factory.close();
        assertThat(left).hasValue(0);
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> kind.factory.open());
        assertThat(first.snapshot().put() + second.snapshot().put()).isEqualTo(100);
    }

    private static void bounce(WorkerQueue<Integer> to, WorkerQueue<Integer> from, AtomicInteger left)
            throws InterruptedException {
        to.execute(() -> {
            if (left.decrementAndGet() > 0) {
                bounce(from, to, left);
            }
        });
    }

    @ContractTest
    void tasksOfInnerQueuePutIntoOuterQueueWhenItIsFull(Kind kind) throws Exception {
        WorkerQueue<Integer> outer = kind.open(2, 1);
        outer.put(() -> {
            try (WorkerQueue<Integer> inner = kind.open(2, 1)) {
                for (int i = 0; i < 5; i++) {
                    int result = i;
                    inner.put(() -> {
                        outer.put(() -> result);
                        return result;
                    });
                }
                return inner.join().size();
            }
        });
        assertThat(outer.join()).hasSize(6).startsWith(5).contains(0, 1, 2, 3, 4);
    }

    @ContractTest
    void failureEndsRoundWhenQueueFailsFast(Kind kind) throws Exception {
        WorkerQueue<Integer> queue =
                kind.open(settings -> settings.withWorkers(1).withFailFast(true));
        IOException failure = new IOException("first");
        queue.put(failing(failure));
        assertThatExceptionOfType(QueueFailedException.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        queue.put(() -> 1);
                    }
                    queue.join();
                })
                .withCause(failure);
        try {
            queue.join();
        } catch (QueueFailedException ex) {
            assertThat(ex).hasCause(failure);
        }
        queue.put(() -> 2);
        assertThat(queue.join()).containsExactly(2);
        assertThat(kind.failures).hasSize(1);
    }

    @ContractTest
    void unfinishedTasksAreCancelledAtDeadline(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(settings -> settings.withDeadline(Duration.ofMillis(20)));
        queue.putAsync(CompletableFuture::new);
        assertThatExceptionOfType(QueueDeadlineException.class).isThrownBy(queue::join);
        assertThat(queue.join()).isEmpty();
        kind.assertFigures(queue, 1, 0, 0, 1);
    }

    @ContractTest
    void taskIsInterruptedAndFailsWhenItExceedsTimeout(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(settings -> settings.withTaskTimeout(Duration.ofMillis(20)));
        queue.put(() -> {
            TimeUnit.SECONDS.sleep(15);
            return 1;
        });
        assertThat(queue.join()).isEmpty();
        assertThat(kind.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).isInstanceOf(TimeoutException.class));
        assertThat(Thread.interrupted()).isFalse();
    }

    @ContractTest
    void permitIsSharedByQueuesOfNameAndLentByWaitingTask(Kind kind) throws Exception {
        QueueFactory factory = kind.make(builder ->
                builder.instance("riot", kind.settings().withWorkers(2).withTotalWorkers(1)));
        WorkerQueue<Integer> queue = factory.open("riot");
        for (int i = 0; i < 10; i++) {
            int result = i;
            queue.put(() -> {
                try (WorkerQueue<Integer> inner = factory.open("riot")) {
                    inner.put(() -> result);
                    inner.put(() -> result);
                    return inner.join().size() + result;
                }
            });
        }
        assertThat(queue.join()).isEqualTo(IntStream.range(2, 12).boxed().toList());
    }

    @ContractTest
    void failedTaskIsRetriedAndKeepsItsIndex(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(settings -> settings.withWorkers(2)
                .withRetryPolicy((failure, attempts) -> attempts < 3 ? Duration.ofMillis(1) : null));
        AtomicInteger attempts = new AtomicInteger();
        queue.put(() -> {
            if (attempts.incrementAndGet() < 3) {
                throw new IOException("again");
            }
            return 0;
        });
        queue.put(() -> 1);
        queue.put(failing(new IOException("for good")));
        AtomicInteger stages = new AtomicInteger();
        queue.putAsync(() -> stages.incrementAndGet() == 1
                ? CompletableFuture.failedFuture(new IOException("again"))
                : CompletableFuture.completedFuture(3));
        assertThat(queue.join()).containsExactly(0, 1, 3);
        assertThat(kind.failures).singleElement().satisfies(failure -> {
            assertThat(failure.index()).isEqualTo(2);
            assertThat(failure.attempts()).isEqualTo(3);
        });
        kind.assertFigures(queue, 4, 3, 1, 0);
    }

    @ContractTest
    void executorViewRunsTasks(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(2, 3);
        ExecutorService view = queue.asExecutorService();
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int result = i;
            tasks.add(() -> result);
        }
        int sum = 0;
        for (Future<Integer> future : view.invokeAll(tasks)) {
            sum += future.get();
        }
        assertThat(sum).isEqualTo(190);
        assertThat(view.invokeAny(tasks)).isBetween(0, 19);
        assertThat(view.invokeAny(tasks.subList(0, 2))).isBetween(0, 1);
        assertThat(CompletableFuture.supplyAsync(() -> 7, view).join()).isEqualTo(7);
        assertThat(view.submit(() -> 8).get()).isEqualTo(8);
        queue.put(() -> {
            assertThatIllegalStateException().isThrownBy(() -> view.invokeAll(tasks));
            assertThatIllegalStateException().isThrownBy(() -> view.invokeAny(tasks));
            return 3;
        });
        assertThat(queue.join()).containsExactly(3);
        view.shutdown();
        assertThat(view.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> view.execute(() -> {}));
    }

    @ContractTest
    void shutdownNowReturnsWaitingTasksWhenTaskCallsIt(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(1, 5);
        List<Runnable> neverStarted = new ArrayList<>();
        queue.pause();
        queue.put(() -> {
            neverStarted.addAll(queue.asExecutorService().shutdownNow());
            return 0;
        });
        for (int i = 1; i < 4; i++) {
            int result = i;
            queue.put(() -> result);
        }
        queue.resume();
        assertThat(queue.asExecutorService().awaitTermination(5, TimeUnit.SECONDS))
                .isTrue();
        assertThat(neverStarted).hasSize(3);
    }

    @ContractTest
    void putThrowsInterruptedExceptionWhenProducerIsInterrupted(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(1, 5);
        queue.put(() -> {
            Thread.currentThread().interrupt();
            return 1;
        });
        queue.put(() -> Thread.currentThread().isInterrupted() ? 0 : 2);
        assertThat(queue.join()).containsExactly(1, 2);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> queue.put(() -> 3));
        Thread.currentThread().interrupt();
        assertThat(queue.offer(() -> 4)).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(queue.join()).containsExactly(4);
    }

    @ContractTest
    void putInProgressThrowsWhenQueueIsCancelled(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(1, 5);
        Iterable<Integer> items = () -> Stream.of(1, 2, 3)
                .peek(item -> {
                    if (item == 2) {
                        queue.cancel();
                    }
                })
                .iterator();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> queue.putAll(items, item -> item));
    }

    @ContractTest
    void listenersAreNotifiedOfEachTask(Kind kind) throws Exception {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        QueueListener listener = new QueueListener() {
            @Override
            public void started(String queue, long index, long waited) {
                heard.add("started " + index);
            }

            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                heard.add(outcome + " " + index);
            }
        };
        WorkerQueue<Integer> queue = kind.make(
                        builder -> builder.listener(listener).defaults(kind.settings()))
                .open("riot", settings -> settings.withWorkers(2));
        queue.put(() -> 1);
        queue.put(failing(new IOException("no")));
        queue.join();
        assertThat(heard).containsExactlyInAnyOrder("started 0", "SUCCESS 0", "started 1", "FAILURE 1");
    }

    @ContractTest
    void queueHasSettingsOfItsName(Kind kind) {
        QueueSettings riot = kind.settings().withWorkers(7);
        QueueFactory factory = kind.make(builder -> builder.instance("riot", riot));
        try (WorkerQueue<Integer> queue = factory.open("riot", settings -> settings.withMaxsize(3))) {
            assertThat(queue.settings()).isEqualTo(riot.withMaxsize(3));
            assertThat(queue.workers()).isEqualTo(7);
            queue.resize(2);
            assertThat(queue.workers()).isEqualTo(2);
            assertThat(queue.name()).isEqualTo("riot");
            assertThat(factory.queues()).hasSize(1);
        }
    }

    @ContractTest
    void joinReturnsAllResultsWhenThreadsPutAndJoinConcurrently(Kind kind) throws Exception {
        WorkerQueue<Integer> queue = kind.open(3, 4);
        try (ThreadedQueue threads = new ThreadedQueue()) {
            for (int producer = 0; producer < 3; producer++) {
                threads.queue.execute(() -> {
                    for (int i = 0; i < 200; i++) {
                        queue.put(() -> 1);
                    }
                });
            }
            int joined = 0;
            while (joined < 600) {
                joined += queue.join().size();
            }
            assertThat(joined).isEqualTo(600);
        }
        kind.assertFigures(queue, 600, 600, 0, 0);
    }

    private static <R> Callable<R> failing(Throwable failure) {
        return () -> {
            if (failure instanceof Exception exception) {
                throw exception;
            }
            throw (Error) failure;
        };
    }

    /** Queue with threads of its own, as a client of the tested queue. */
    private static final class ThreadedQueue implements AutoCloseable {

        final WorkerQueue<Object> queue =
                QueueFactory.create(QueueSettings.defaults().withWorkers(4)).open("client");

        @Override
        public void close() {
            queue.close();
        }
    }

    /** A kind of factory, with the failures and abandoned tasks of its queues. */
    static final class Kind {

        private final String name;

        private final Function<QueueFactory.Builder, QueueFactory> maker;

        final Queue<TaskFailure> failures = new ConcurrentLinkedQueue<>();

        final Queue<Long> abandoned = new ConcurrentLinkedQueue<>();

        final QueueFactory factory;

        Kind(String name, Function<QueueFactory.Builder, QueueFactory> maker) {
            this.name = name;
            this.maker = maker;
            this.factory = make(builder -> builder.defaults(settings()));
        }

        boolean isShuffled() {
            return name.startsWith("seed");
        }

        QueueSettings settings() {
            return QueueSettings.defaults()
                    .withExceptionHandler(failures::add)
                    .withAbandonedTaskHandler(task -> abandoned.add(task.index()));
        }

        QueueFactory make(UnaryOperator<QueueFactory.Builder> change) {
            return maker.apply(change.apply(QueueFactory.builder()));
        }

        <T> WorkerQueue<T> open(int workers, int maxsize) {
            return open(settings -> settings.withWorkers(workers).withMaxsize(maxsize));
        }

        <T> WorkerQueue<T> open(UnaryOperator<QueueSettings> change) {
            return factory.open(change);
        }

        /** Asserts the counters of a quiescent queue. */
        void assertFigures(WorkerQueue<?> queue, long put, long completed, long failed, long cancelled) {
            QueueSnapshot figures = queue.snapshot();
            assertThat(figures.depth() + figures.active()).isZero();
            assertThat(List.of(figures.put(), figures.completed(), figures.failed(), figures.cancelled()))
                    .containsExactly(put, completed, failed, cancelled);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
