package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import kotlin.Unit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Tests for results: rule 3 of {@code docs/reference/rules.md}. */
class ResultTests {

    @QueueTest
    @SuppressWarnings("NullAway") // without its JSpecify mode, it takes the R of TaskFunction for non-null
    void joinOmitsNullResultsAndFailures(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(3, 10);
        queue.put(() -> "a");
        queue.put(() -> null);
        queue.put(() -> {
            throw new IllegalStateException();
        });
        queue.putAsync(() -> CompletableFuture.completedFuture(null));
        queue.putAsync(() -> CompletableFuture.completedFuture("b"));
        queue.putAsync(() -> CompletableFuture.failedFuture(new IllegalStateException()));
        queue.putAll(List.of(1, 2, 3), item -> item == 2 ? null : "item " + item);
        assertThat(queue.offer(() -> "c")).isTrue();

        assertThat(queue.join()).containsExactly("a", "b", "item 1", "item 3", "c");
        assertThat(fixture.failures).hasSize(2);
    }

    @QueueTest
    void queueCollectsNoResultsOfExecuteAndSubmit(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        queue.execute(() -> {});
        queue.executeAll(List.of(1, 2), item -> {});
        CompletableFuture<String> submitted = queue.submit(() -> "future");
        queue.asExecutorService().execute(() -> {});

        assertThat(queue.join()).isEmpty();
        assertThat(submitted).isCompletedWithValue("future");
    }

    @QueueTest
    void queueDoesNotCollectKotlinUnitWithAnyPutMethod(Fixture fixture) throws Exception {
        WorkerQueue<Object> queue = fixture.open(2, 20);
        queue.put(() -> Unit.INSTANCE);
        queue.put(() -> Unit.INSTANCE, TaskOptions.named("named").withTimeout(Duration.ofMinutes(1)));
        queue.putDelayed(() -> Unit.INSTANCE, Duration.ZERO);
        queue.putAll(List.of(1, 2), item -> item == 1 ? Unit.INSTANCE : item);
        queue.putAsync(() -> CompletableFuture.completedFuture(Unit.INSTANCE));
        CompletableFuture<Object> later = new CompletableFuture<>();
        queue.putAsync(() -> later);
        assertThat(queue.offer(() -> Unit.INSTANCE)).isTrue();
        queue.put(() -> "Unit");
        CompletableFuture<Object> submitted = queue.submit(() -> Unit.INSTANCE);
        later.complete(Unit.INSTANCE);

        assertThat(queue.join()).containsExactly(2, "Unit");
        assertThat(submitted).isCompletedWithValue(Unit.INSTANCE);
        assertThat(queue.snapshot().completed()).isEqualTo(10);
    }

    @QueueTest
    @Tag("slow")
    void taskTakesNoMemoryWhenItHasReturnedNull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(4, 50);
        Callable<@Nullable String> task = () -> null;
        for (int i = 0; i < 100_000; i++) {
            queue.put(task);
        }
        long before = usedHeap();

        for (int i = 0; i < 2_000_000; i++) {
            queue.put(task);
        }

        assertThat(usedHeap() - before).as("bytes").isLessThan(2_000_000);
        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().completed()).isEqualTo(2_100_000);
    }

    static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    @QueueTest
    void queueDropsReferenceToTaskWhenTaskHasRun(Fixture fixture) throws Exception {
        assertTasksAreDropped(fixture.open(1, 12));
    }

    @QueueTest
    void queueDropsReferenceToTaskWhenTimeoutIsLong(Fixture fixture) throws Exception {
        assertTasksAreDropped(fixture.factory()
                .open(settings -> settings.withWorkers(1).withMaxsize(12).withTaskTimeout(Duration.ofHours(1))));
    }

    private static void assertTasksAreDropped(WorkerQueue<Object> queue) throws InterruptedException {
        queue.putAsync(CompletableFuture::new);
        queue.cancel();
        List<WeakReference<Object>> dropped = List.of(
                put(queue, Kind.PUT),
                put(queue, Kind.NAMED),
                put(queue, Kind.ASYNC),
                put(queue, Kind.ITEM),
                put(queue, Kind.CONSUMED),
                put(queue, Kind.FAILING),
                put(queue, Kind.BROKEN),
                put(queue, Kind.VIEW),
                put(queue, Kind.EXECUTE));
        queue.putAsync(CompletableFuture::new);

        for (WeakReference<Object> reference : dropped) {
            Fixture.until("the task at " + dropped.indexOf(reference) + " is dropped", () -> isCleared(reference));
        }
        assertThat(queue.active()).isEqualTo(1);
    }

    @QueueTest
    void futureKeepsNoReferenceToTaskWhenTaskHasRun(Fixture fixture) throws Exception {
        WorkerQueue<Object> queue = fixture.open(1, 10);
        Submitted submitted = submit(queue);
        queue.join();

        Fixture.until("the task is dropped", () -> isCleared(submitted.task));
        assertThat(submitted.future).isCompleted();
    }

    @QueueTest
    void futureDropsReferenceToTaskImmediatelyWhenCancelled(Fixture fixture) throws Exception {
        WorkerQueue<Object> queue = fixture.open(1, 10);
        fixture.block(queue);
        Submitted submitted = submit(queue);
        assertThat(submitted.future.cancel(false)).isTrue();

        Fixture.until("the task is dropped", () -> isCleared(submitted.task));
        assertThat(queue.depth()).isEqualTo(1);
    }

    @QueueTest
    void futureDropsReferenceToTaskWhenCallerRunsItAfterShutdownNow(Fixture fixture) throws Exception {
        WorkerQueue<Object> queue = fixture.open(1, 10);
        fixture.block(queue);
        Submitted submitted = submit(queue);
        List<Runnable> never = queue.asExecutorService().shutdownNow();
        never.forEach(Runnable::run);

        Fixture.until("the task is dropped", () -> isCleared(submitted.task));
        assertThat(submitted.future).isCompleted();
        assertThat(never).hasSize(1);
    }

    private record Submitted(WeakReference<Object> task, CompletableFuture<Object> future) {}

    private static Submitted submit(WorkerQueue<Object> queue) throws InterruptedException {
        Weighty task = new Weighty();
        return new Submitted(new WeakReference<>(task), queue.submit(task));
    }

    private enum Kind {
        PUT,
        NAMED,
        ASYNC,
        ITEM,
        CONSUMED,
        FAILING,
        BROKEN,
        VIEW,
        EXECUTE
    }

    @SuppressWarnings("NullAway") // as above
    private static WeakReference<Object> put(WorkerQueue<Object> queue, Kind kind) throws InterruptedException {
        Weighty task = new Weighty();
        switch (kind) {
            case PUT -> queue.put(task);
            case NAMED -> queue.put(task, TaskOptions.named("named"));
            case ASYNC -> queue.putAsync(task::stage);
            case ITEM -> queue.putAll(List.of(task), Weighty::call);
            case CONSUMED -> queue.executeAll(List.of(task), Weighty::call);
            case FAILING -> queue.put(task::fail);
            case BROKEN -> queue.putAsync(task::unobservable);
            case VIEW -> queue.asExecutorService().execute(task::call);
            case EXECUTE -> queue.execute(task::call);
        }
        return new WeakReference<>(task);
    }

    private static boolean isCleared(WeakReference<?> reference) {
        System.gc();
        return reference.get() == null;
    }

    private static final class Weighty implements Callable<@Nullable Object> {

        @Override
        public @Nullable Object call() {
            return null;
        }

        CompletableFuture<@Nullable Object> stage() {
            return CompletableFuture.completedFuture(null);
        }

        Object fail() {
            throw new IllegalStateException();
        }

        CompletableFuture<Object> unobservable() {
            return new CompletableFuture<>() {
                @Override
                public CompletableFuture<Object> whenComplete(BiConsumer<? super Object, ? super Throwable> action) {
                    throw new IllegalStateException();
                }
            };
        }
    }

    @QueueTest
    void responsesReturnFinishedResultsInSubmissionOrderAndClearNone(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(3, 10);
        Blocker blocker = new Blocker();
        queue.put(() -> "a");
        queue.put(() -> {
            blocker.run();
            return "b";
        });
        queue.put(() -> "c");
        Fixture.until("two have finished", () -> queue.snapshot().collected() == 2);

        List<String> responses = queue.responses();

        assertThat(responses).containsExactly("a", "c").isInstanceOf(RandomAccess.class);
        assertThatThrownBy(() -> responses.add("d")).isInstanceOf(UnsupportedOperationException.class);
        assertThat(queue.responses()).isEqualTo(responses).isNotSameAs(responses);
        blocker.release();
        assertThat(queue.join()).containsExactly("a", "b", "c");
        assertThat(responses).containsExactly("a", "c");
        assertThat(queue.responses()).isEmpty();
    }
}
