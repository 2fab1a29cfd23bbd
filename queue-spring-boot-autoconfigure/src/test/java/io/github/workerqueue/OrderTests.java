package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tests for the submission order: rule 2 of {@code docs/reference/rules.md}. */
class OrderTests {

    @QueueTest
    void joinReturnsResultsInSubmissionOrderWhenTasksFinishInReverse(Fixture fixture) throws Exception {
        int tasks = 25;
        WorkerQueue<Integer> queue = fixture.open(tasks, tasks);
        List<Integer> finished = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch[] turns =
                Stream.generate(() -> new CountDownLatch(1)).limit(tasks + 1).toArray(CountDownLatch[]::new);
        turns[tasks].countDown();

        queue.putAll(IntStream.range(0, tasks).boxed().toList(), i -> {
            turns[i + 1].await();
            finished.add(i);
            turns[i].countDown();
            return i;
        });

        List<Integer> ascending = IntStream.range(0, tasks).boxed().toList();
        assertThat(queue.join()).isEqualTo(ascending);
        List<Integer> descending = new ArrayList<>(ascending);
        Collections.reverse(descending);
        assertThat(finished).isEqualTo(descending);
    }

    @QueueTest
    void joinReturnsResultsInSubmissionOrderWhenManyWorkersRunManyTasks(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(25, 50);
        List<Integer> items = IntStream.range(0, 100_000).boxed().toList();

        queue.putAll(items, item -> {
            if (item % 1000 == 0) {
                LockSupport.parkNanos(1);
            }
            return item;
        });

        assertThat(queue.join()).isEqualTo(items);
    }

    @QueueTest
    void workerTakesTasksInSubmissionOrder(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 8);
        List<Integer> items = IntStream.range(0, 10_000).boxed().toList();
        List<Integer> taken = new ArrayList<>();

        queue.executeAll(items, taken::add);
        queue.join();

        assertThat(taken).isEqualTo(items);
    }

    @QueueTest
    void tasksOfAllPutMethodsTakeConsecutiveIndicesFromZeroInEachRound(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 20);
        for (int round = 0; round < 3; round++) {
            Blocker blocker = fixture.block(queue);
            queue.put(() -> fail("put"));
            queue.put(() -> fail("named"), TaskOptions.named("named"));
            queue.putDelayed(() -> fail("delayed"), Duration.ZERO);
            queue.putAll(List.of(4), item -> fail("all"));
            queue.putAsync(() -> CompletableFuture.failedFuture(new IllegalStateException("async")));
            queue.offer(() -> fail("offer"));
            queue.offer(() -> fail("offer in time"), Duration.ZERO);
            queue.execute(() -> fail("execute"));
            queue.executeAll(List.of(9), item -> fail("execute all"));
            CompletableFuture<String> submitted = queue.submit(() -> fail("submit"));
            queue.asExecutorService().execute(() -> fail("view"));
            queue.execute(() -> queue.execute(() -> fail("child")));
            queue.execute(() -> fail("last"));
            assertThat(queue.counter()).isEqualTo(14);
            blocker.release();
            assertThat(queue.join()).isEmpty();
            assertThat(submitted).isCompletedExceptionally();

            assertThat(queue.counter()).isZero();
            assertThat(fixture.failures.stream()
                            .map(failure ->
                                    failure.index() + " " + failure.exception().getMessage()))
                    .containsExactly(
                            "1 put",
                            "2 named",
                            "3 delayed",
                            "4 all",
                            "5 async",
                            "6 offer",
                            "7 offer in time",
                            "8 execute",
                            "9 execute all",
                            "11 view",
                            "13 last",
                            "14 child");
            fixture.failures.clear();
        }
    }

    private static String fail(String message) {
        throw new IllegalStateException(message);
    }

    @QueueTest
    void counterCountsTasksAcceptedSinceLastJoin(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 2);
        assertThat(queue.counter()).isZero();
        Blocker blocker = fixture.blockAndFill(queue);
        assertThat(queue.counter()).isEqualTo(3);

        assertThat(queue.offer(() -> 1)).isFalse();

        assertThat(queue.counter()).isEqualTo(3);
        blocker.release();
        queue.join();
        queue.put(() -> 1);
        assertThat(queue.counter()).isEqualTo(1);
    }

    @QueueTest
    void resultsOfEachProducerKeepOrderWhenSeveralProducersPut(Fixture fixture) throws Exception {
        WorkerQueue<int[]> queue = fixture.open(4, 4);
        int producers = 4;
        int each = 5_000;
        List<Fork<?>> forks = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int producer = p;
            forks.add(fixture.forkAction(() -> {
                for (int i = 0; i < each; i++) {
                    int[] result = {producer, i};
                    queue.put(() -> result);
                }
            }));
        }
        for (Fork<?> fork : forks) {
            fork.get();
        }

        int[] next = new int[producers];
        for (int[] result : queue.join()) {
            assertThat(result[1]).isEqualTo(next[result[0]]++);
        }
        assertThat(next).containsOnly(each);
    }

    @QueueTest
    void childTasksComeAfterTasksPutBeforeThem(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker blocker = fixture.block(queue);
        queue.put(() -> {
            queue.put(() -> "child of a");
            return "a";
        });
        queue.put(() -> {
            queue.put(() -> "child of b");
            return "b";
        });
        queue.put(() -> "c");

        blocker.release();

        assertThat(queue.join()).containsExactly("a", "b", "c", "child of a", "child of b");
    }

    @QueueTest
    void overflowKeepsSubmissionOrder(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 2);
        List<Integer> items = IntStream.range(0, 1_000).boxed().toList();

        queue.execute(() -> queue.putAll(items, item -> item));

        assertThat(queue.join()).isEqualTo(items);
    }

    @QueueTest
    void stageKeepsItsPlaceInResultsWhenItCompletesLate(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 4);
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        queue.put(() -> "second");
        Fixture.until("the second is collected", () -> queue.responses().size() == 1);

        stage.complete("first");

        assertThat(queue.join()).containsExactly("first", "second");
    }
}
