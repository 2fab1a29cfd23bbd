package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;

/** Tests for joins: rule 4 of {@code docs/reference/rules.md}. */
class JoinTests {

    private static final Duration LONG = Duration.ofMinutes(1);

    @QueueTest
    void joinWaitsUntilQueueIsQuiescent(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker first = new Blocker();
        Blocker second = new Blocker();
        queue.put(() -> {
            first.run();
            return "first";
        });
        queue.put(() -> {
            second.run();
            return "second";
        });
        Fork<List<String>> joiner = fixture.fork(queue::join);
        first.awaitStarted();
        joiner.awaitBlocked();

        first.release();

        second.awaitStarted();
        joiner.awaitBlocked();
        second.release();
        assertThat(joiner.get()).containsExactly("first", "second");
        assertThat(queue.depth()).isZero();
    }

    @QueueTest
    void joinWaitsForChildTasksAndExceptionHandlers(Fixture fixture) throws Exception {
        Blocker handling = new Blocker();
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(2).withExceptionHandler(failure -> run(handling)));
        Blocker child = new Blocker();
        queue.put(() -> {
            queue.put(() -> {
                child.run();
                return "child";
            });
            return "parent";
        });
        queue.execute(() -> {
            throw new IllegalStateException();
        });
        Fork<List<String>> joiner = fixture.fork(queue::join);
        child.awaitStarted();
        handling.awaitStarted();
        joiner.awaitBlocked();

        child.release();

        Fixture.until("the child has ended", () -> queue.active() == 1);
        joiner.awaitBlocked();
        handling.release();
        assertThat(joiner.get()).containsExactly("parent", "child");
    }

    private static void run(Blocker blocker) {
        blocker.runStubbornly();
    }

    @QueueTest
    void laterTasksBelongToNextRoundWhenJoinHasReturned(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(3, 5);
        for (int round = 0; round < 200; round++) {
            List<Integer> items = IntStream.range(round, round + 20).boxed().toList();
            queue.putAll(items, item -> item);

            assertThat(queue.join()).isEqualTo(items);
            assertThat(queue.responses()).isEmpty();
            assertThat(queue.counter()).isZero();
        }
        assertThat(queue.join()).isEmpty();
    }

    @QueueTest
    void joinReturnsEmptyListWhenNoTaskWasPut(Fixture fixture) throws Exception {
        assertThat(fixture.open(1, 1).join()).isEmpty();
    }

    @QueueTest
    @Tag("slow")
    void concurrentJoinsReturnEachResultOnce(Fixture fixture) throws Exception {
        int tasks = 20_000;
        WorkerQueue<Integer> queue = fixture.open(3, 4);
        AtomicBoolean done = new AtomicBoolean();
        List<Fork<List<List<Integer>>>> joiners = new ArrayList<>();
        for (int j = 0; j < 4; j++) {
            joiners.add(fixture.fork(() -> {
                List<List<Integer>> lists = new ArrayList<>();
                while (!done.get()) {
                    lists.add(queue.join());
                    LockSupport.parkNanos(1);
                }
                return lists;
            }));
        }
        for (int i = 0; i < tasks; i++) {
            int result = i;
            queue.put(() -> result);
            if (i % 50 == 0) {
                Fixture.until("all have run", () -> queue.depth() + queue.active() == 0);
            }
        }
        List<Integer> all = new ArrayList<>(queue.join());
        done.set(true);
        for (Fork<List<List<Integer>>> joiner : joiners) {
            for (List<Integer> list : joiner.get()) {
                assertThat(list).isSorted();
                all.addAll(list);
            }
        }

        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, tasks).boxed().toList());
    }

    @QueueTest
    void concurrentJoinsAllReturnWhenQueueIsQuiescent(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = new Blocker();
        queue.put(() -> {
            blocker.run();
            return "once";
        });
        List<Fork<List<String>>> joiners = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            joiners.add(fixture.fork(queue::join));
            joiners.get(i).awaitBlocked();
        }

        blocker.release();

        List<String> all = new ArrayList<>();
        for (Fork<List<String>> joiner : joiners) {
            all.addAll(joiner.get());
        }
        assertThat(all).containsExactly("once");
    }

    @QueueTest
    void joinLosesNoResultAndCancelsNoTaskWhenInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 2);
        queue.put(() -> "done");
        Blocker blocker = new Blocker();
        queue.put(() -> {
            blocker.run();
            return "running";
        });
        blocker.awaitStarted();
        Fork<List<String>> joiner = fixture.fork(queue::join);
        joiner.awaitBlocked();

        joiner.interrupt();

        assertThatThrownBy(joiner::get).isInstanceOf(InterruptedException.class);
        blocker.release();
        assertThat(queue.join()).containsExactly("done", "running");
    }

    @QueueTest
    void joinLosesNoResultAndCancelsNoTaskWhenTimeoutExpires(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 2);
        queue.put(() -> "done");
        Blocker blocker = new Blocker();
        queue.put(() -> {
            blocker.run();
            return "running";
        });
        blocker.awaitStarted();

        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> queue.join(Duration.ofMillis(5)))
                .withMessage("Queue 'default': join() timed out with 0 waiting and 1 running tasks; "
                        + "no task was cancelled, and the results are kept for the next join()");
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ZERO));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ofSeconds(-5)));
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> queue.join(String.class, Duration.ofMillis(1)));

        blocker.release();
        assertThat(queue.join(LONG)).containsExactly("done", "running");
        assertThat(queue.join(Duration.ZERO)).isEmpty();
    }

    @QueueTest
    void joinReturnsNewUnmodifiableListWithRandomAccess(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        queue.put(() -> "a");
        List<String> first = queue.join();
        queue.put(() -> "b");
        List<String> second = queue.join();

        assertThat(first).containsExactly("a").isInstanceOf(RandomAccess.class);
        assertThat(second).containsExactly("b");
        assertThatThrownBy(() -> first.add("c")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> first.set(0, "c")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> first.remove(0)).isInstanceOf(UnsupportedOperationException.class);
    }

    @QueueTest
    void typedJoinReturnsResultsOfItsType(Fixture fixture) throws Exception {
        WorkerQueue<Object> queue = fixture.open(1, 5);
        queue.put(() -> 1);
        queue.put(() -> 2);
        List<Integer> integers = queue.join(int.class);
        assertThat(integers).containsExactly(1, 2);

        queue.put(() -> "a");
        queue.put(() -> null);
        assertThat(queue.join(CharSequence.class, LONG)).hasSize(1).first().hasToString("a");
    }

    @QueueTest
    void typedJoinThrowsAndKeepsResultsWhenResultHasOtherType(Fixture fixture) throws Exception {
        WorkerQueue<Object> queue = fixture.open(2, 5);
        queue.put(() -> 0L);
        queue.join();
        queue.put(() -> 1);
        queue.put(() -> null);
        queue.put(() -> "two");

        assertThatThrownBy(() -> queue.join(int.class))
                .isInstanceOf(ClassCastException.class)
                .hasMessageContaining("index 2")
                .hasMessageContaining("java.lang.String")
                .hasMessageContaining("java.lang.Integer");
        assertThatThrownBy(() -> queue.join(Long.class, LONG))
                .isInstanceOf(ClassCastException.class)
                .hasMessageContaining("index 0");

        assertThat(queue.counter()).isEqualTo(3);
        assertThat(queue.join()).containsExactly(1, "two");
        assertThat(queue.join(Long.class)).isEmpty();
    }

    @QueueTest
    void timedJoinThrowsWhenProducersKeepQueueBusy(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(2, 2);
        Blocker blocker = fixture.block(queue);
        Fork<?> producer = fixture.forkAction(() -> queue.putAll(List.of(1, 2, 3), item -> item));

        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ofMillis(5)));

        blocker.release();
        producer.get();
        assertThat(queue.join()).containsExactly(1, 2, 3);
    }
}
