package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tests for futures derived from a future of {@code submit}: rules 7 and 12 of {@code docs/reference/rules.md}. */
class DerivedFutureTests {

    private static final String NAME = "riot";

    /** The methods that derive a future, by name. Each derived future completes with the value of its source. */
    private static final Map<String, Function<CompletableFuture<String>, CompletableFuture<String>>> DERIVATIONS =
            derivations();

    private static Map<String, Function<CompletableFuture<String>, CompletableFuture<String>>> derivations() {
        Map<String, Function<CompletableFuture<String>, CompletableFuture<String>>> all = new LinkedHashMap<>();
        CompletableFuture<String> never = new CompletableFuture<>();
        CompletableFuture<String> done = CompletableFuture.completedFuture("");
        all.put("copy", CompletableFuture::copy);
        all.put("thenApply", future -> future.thenApply(value -> value));
        all.put("thenApplyAsync", future -> future.thenApplyAsync(value -> value));
        all.put("thenApplyAsync with executor", future -> future.thenApplyAsync(value -> value, Runnable::run));
        all.put("thenCompose", future -> future.thenCompose(CompletableFuture::completedFuture));
        all.put("thenComposeAsync", future -> future.thenComposeAsync(CompletableFuture::completedFuture));
        all.put("handle", future -> future.handle((value, failure) -> value));
        all.put("handleAsync", future -> future.handleAsync((value, failure) -> value));
        all.put("whenComplete", future -> future.whenComplete((value, failure) -> {}));
        all.put("whenCompleteAsync", future -> future.whenCompleteAsync((value, failure) -> {}));
        all.put("exceptionally", future -> future.exceptionally(failure -> ""));
        all.put("exceptionallyCompose", future -> future.exceptionallyCompose(failure -> done));
        all.put("thenCombine", future -> future.thenCombine(done, (value, other) -> value));
        all.put("thenCombineAsync", future -> future.thenCombineAsync(done, (value, other) -> value));
        all.put("applyToEither", future -> future.applyToEither(never, value -> value));
        all.put("applyToEitherAsync", future -> future.applyToEitherAsync(never, value -> value));
        all.put("thenAcceptBoth", future -> valueAfter(future, future.thenAcceptBoth(done, (value, other) -> {})));
        all.put("acceptEither", future -> valueAfter(future, future.acceptEither(never, value -> {})));
        all.put("runAfterBoth", future -> valueAfter(future, future.runAfterBoth(done, () -> {})));
        all.put("runAfterEither", future -> valueAfter(future, future.runAfterEither(never, () -> {})));
        all.put("thenAccept", future -> valueAfter(future, future.thenAccept(value -> {})));
        all.put("thenRunAsync", future -> valueAfter(future, future.thenRunAsync(() -> {})));
        all.put(
                "derived of derived",
                future -> future.thenApply(value -> value + "!").copy().handle((value, failure) -> "value"));
        all.put("the future itself", future -> future);
        return all;
    }

    private static CompletableFuture<String> valueAfter(
            CompletableFuture<String> future, CompletableFuture<?> derived) {
        return derived.thenCombine(future, (nothing, value) -> value);
    }

    /** The methods that wait for a future. */
    private static final List<TaskFunction<CompletableFuture<String>, String>> WAITS = List.of(
            future -> future.get(Fixture.DEADLINE_SECONDS, TimeUnit.SECONDS),
            CompletableFuture::get,
            CompletableFuture::join);

    @QueueTest
    void getThrowsWhenTaskWaitsForUnfinishedDerivedFutureOfItsQueue(Fixture fixture) throws Exception {
        for (int workers : new int[] {1, 3}) {
            WorkerQueue<String> queue = fixture.open(workers, 10);
            Blocker blocker = new Blocker();
            CompletableFuture<?> refused = queue.submit(() -> {
                CompletableFuture<String> unfinished = queue.submit(() -> {
                    blocker.run();
                    return "value";
                });
                DERIVATIONS.forEach((name, derivation) -> assertWaitsThrow(name, derivation.apply(unfinished)));
                return null;
            });

            assertThat(refused).succeedsWithin(Duration.ofSeconds(Fixture.DEADLINE_SECONDS));

            blocker.release();
        }
    }

    private static void assertWaitsThrow(String name, CompletableFuture<String> future) {
        assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS))
                .as(name)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was called from a task of queue");
        for (TaskFunction<CompletableFuture<String>, String> wait : WAITS) {
            assertThatThrownBy(() -> wait.apply(future))
                    .as(name)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("was called from a task of queue");
        }
    }

    @QueueTest
    void getThrowsWhenNestedTaskWaitsForDerivedFutureOfOuterQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        CompletableFuture<?> refused = queue.submit(() -> {
            CompletableFuture<String> derived = queue.submit(() -> "value").thenApply(value -> value);
            try (WorkerQueue<String> nested = fixture.factory().open()) {
                nested.submit(() -> {
                            assertWaitsThrow("in the nested queue", derived);
                            return "";
                        })
                        .join();
            }
            return null;
        });

        assertThat(refused).succeedsWithin(Duration.ofSeconds(Fixture.DEADLINE_SECONDS));
    }

    @QueueTest
    void taskGetsValueOfDerivedFutureWhenFutureIsComplete(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        CompletableFuture<String> source = queue.submit(() -> "value");
        List<CompletableFuture<String>> derived = DERIVATIONS.values().stream()
                .map(derivation -> derivation.apply(source))
                .toList();
        Fixture.until("all are complete", () -> derived.stream().allMatch(CompletableFuture::isDone));

        List<String> values = queue.submit(() -> valuesOf(derived)).get(Fixture.DEADLINE_SECONDS, TimeUnit.SECONDS);

        assertThat(values).hasSize(DERIVATIONS.size() * WAITS.size()).containsOnly("value");
    }

    private static List<String> valuesOf(List<CompletableFuture<String>> futures) throws Exception {
        List<String> values = new ArrayList<>();
        for (CompletableFuture<String> future : futures) {
            for (TaskFunction<CompletableFuture<String>, String> wait : WAITS) {
                values.add(wait.apply(future));
            }
        }
        return values;
    }

    @QueueTest
    void callerOutsideQueueWaitsForDerivedFuture(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker blocker = new Blocker();
        CompletableFuture<String> source = queue.submit(() -> {
            blocker.run();
            return "value";
        });
        List<Fork<String>> waiting = new ArrayList<>();
        for (Function<CompletableFuture<String>, CompletableFuture<String>> derivation : DERIVATIONS.values()) {
            CompletableFuture<String> derived = derivation.apply(source);
            for (TaskFunction<CompletableFuture<String>, String> wait : WAITS) {
                waiting.add(fixture.fork(() -> wait.apply(derived)));
            }
        }
        waiting.forEach(Fork::awaitBlocked);

        blocker.release();

        for (Fork<String> fork : waiting) {
            assertThat(fork.get()).isEqualTo("value");
        }
    }

    @QueueTest
    void derivedFutureCompletesExceptionallyWhenTaskFails(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        CompletableFuture<String> derived = queue.<String>submit(() -> {
                    throw new IOException("of the task");
                })
                .thenApply(value -> value);

        for (TaskFunction<CompletableFuture<String>, String> wait : WAITS) {
            assertThatThrownBy(() -> wait.apply(derived))
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessage("of the task");
        }
    }

    @QueueTest
    void taskLendsItsPermitWhileItWaitsForFutureOfNestedQueue(Fixture fixture) throws Exception {
        QueueSettings settings = fixture.settings().withWorkers(4).withTotalWorkers(1);
        QueueFactory factory = fixture.factory(builder -> builder.instance(NAME, settings));
        for (TaskFunction<CompletableFuture<String>, String> wait : WAITS) {
            assertNestedQueueRuns(
                    factory, nested -> wait.apply(nested.submit(() -> "value").thenApply(value -> value)));
            assertNestedQueueRuns(
                    factory,
                    nested -> wait.apply(nested.submit(() -> "value").thenCompose(CompletableFuture::completedFuture)));
        }
        Callable<String> task = () -> "value";
        assertNestedQueueRuns(
                factory, nested -> nested.asExecutorService().submit(task).get());
        assertNestedQueueRuns(
                factory,
                nested -> nested.asExecutorService().submit(task).get(Fixture.DEADLINE_SECONDS, TimeUnit.SECONDS));
    }

    private static void assertNestedQueueRuns(QueueFactory factory, TaskFunction<WorkerQueue<String>, String> use)
            throws Exception {
        WorkerQueue<String> outer = factory.open(NAME);
        outer.put(() -> {
            WorkerQueue<String> nested = factory.open(NAME);
            String value = use.apply(nested);
            CurrentTask task = Objects.requireNonNull(CurrentTask.ofThread());
            assertThat(task.lendsPermit()).as("the permit is taken back").isFalse();
            nested.close();
            return value;
        });

        assertThat(outer.join(Duration.ofSeconds(2))).containsExactly("value");
        outer.close();
    }

    @QueueTest
    void taskContinuesWhenDerivedFutureIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker blocker = new Blocker();
        AtomicBoolean interrupted = new AtomicBoolean();
        CompletableFuture<String> running = queue.submit(() -> {
            interrupted.set(blocker.runStubbornly());
            return "ran";
        });
        CompletableFuture<String> waiting = queue.submit(() -> "started");
        blocker.awaitStarted();

        assertThat(running.thenApply(value -> value).cancel(true)).isTrue();
        assertThat(running.copy().cancel(true)).isTrue();
        assertThat(waiting.thenApply(value -> value).cancel(true)).isTrue();

        blocker.release();
        assertThat(running.get()).isEqualTo("ran");
        assertThat(waiting.get()).isEqualTo("started");
        assertThat(interrupted).isFalse();
        queue.join();
        assertThat(queue.snapshot())
                .extracting(QueueSnapshot::completed, QueueSnapshot::cancelled)
                .containsExactly(2L, 0L);
    }

    @QueueTest
    void unfinishedDerivedFutureKeepsNoEngineAlive(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.factory().open();
        CompletableFuture<WeakReference<@Nullable CurrentTask>> source =
                queue.submit(() -> new WeakReference<>(Objects.requireNonNull(CurrentTask.ofThread())));
        CompletableFuture<String> unfinished = source.thenCompose(engine -> new CompletableFuture<>());
        CompletableFuture<String> derivedAgain = unfinished.thenApply(value -> value);
        WeakReference<?> engine = source.get();
        queue.join();
        queue.close();
        queue = null;

        try {
            Fixture.until("it is collected", () -> {
                System.gc();
                return engine.get() == null;
            });
            assertThat(derivedAgain).isNotDone();
            assertThatThrownBy(() -> derivedAgain.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        } finally {
            Reference.reachabilityFence(unfinished);
        }
    }
}
