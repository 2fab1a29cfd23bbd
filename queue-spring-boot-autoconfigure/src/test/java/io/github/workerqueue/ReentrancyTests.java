package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tests for puts and waits inside tasks: rule 7 of {@code docs/reference/rules.md}. */
class ReentrancyTests {

    private static final Duration LONG = Duration.ofMinutes(1);

    @QueueTest
    void taskDoesNotBlockInAnyPutWhenItsQueueIsFull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = new Blocker();
        AtomicInteger overflow = new AtomicInteger();
        queue.put(() -> {
            blocker.run();
            queue.put(() -> "put");
            queue.put(() -> "named", TaskOptions.named("child"));
            queue.putDelayed(() -> "delayed", Duration.ZERO);
            queue.putAsync(() -> CompletableFuture.completedFuture("async"));
            queue.putAll(List.of(1, 2), item -> "item " + item);
            queue.execute(() -> {});
            queue.executeAll(List.of(1, 2), item -> {});
            CompletableFuture<String> submitted = queue.submit(() -> "submitted");
            queue.asExecutorService().execute(() -> {});
            overflow.set(queue.snapshot().overflow());
            return "parent, " + submitted.isDone();
        });
        blocker.awaitStarted();
        fixture.fill(queue);

        blocker.release();

        assertThat(queue.join())
                .containsExactly("parent, false", "put", "named", "delayed", "async", "item 1", "item 2");
        assertThat(overflow).hasValue(11);
        assertThat(queue.snapshot().overflow()).isZero();
    }

    @QueueTest
    void tasksPutManyChildTasksOnThreeLevelsWhenQueueIsFull(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(2, 3);
        Blocker blocker = new Blocker();
        List<Integer> children = IntStream.range(0, 10_000).boxed().toList();
        queue.put(() -> {
            blocker.run();
            queue.putAll(children, child -> {
                queue.put(() -> {
                    queue.execute(() -> {});
                    return -child;
                });
                return child;
            });
            return -1;
        });
        blocker.awaitStarted();
        Fork<?> producer = fixture.forkAction(() -> queue.putAll(children, item -> item));
        Fixture.until("the queue is full", () -> queue.snapshot().blockedProducers() == 1 || queue.depth() == 3);

        blocker.release();

        producer.get();
        assertThat(queue.join()).hasSize(30_001);
        assertThat(queue.snapshot().completed()).isEqualTo(40_001);
    }

    @QueueTest
    void putsFromOutsideFindNoRoomWhenOverflowWaits(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        Blocker parent = new Blocker();
        Blocker children = new Blocker();
        queue.execute(() -> {
            queue.executeAll(List.of(1, 2, 3, 4, 5), item -> children.run());
            parent.run();
        });
        parent.awaitStarted();

        assertThat(queue.depth()).isEqualTo(5);
        assertThat(queue.snapshot().overflow()).isEqualTo(3);
        assertThat(queue.offer(() -> "outside")).isFalse();
        Fork<?> producer = fixture.forkAction(() -> queue.put(() -> "outside"));
        Fixture.awaitBlockedProducers(queue, 1);
        parent.release();
        children.awaitStarted();
        assertThat(queue.depth()).isEqualTo(4);
        assertThat(queue.offer(() -> "outside")).isFalse();
        producer.awaitBlocked();

        children.release();

        producer.get();
        assertThat(queue.join()).containsExactly("outside");
    }

    @QueueTest
    void childTasksDoNotRunInsidePut(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        AtomicBoolean ran = new AtomicBoolean();

        queue.put(() -> {
            for (int i = 0; i < 5; i++) {
                queue.execute(() -> ran.set(true));
            }
            return "ran before the parent ended: " + ran;
        });

        assertThat(queue.join()).containsExactly("ran before the parent ended: false");
        assertThat(ran).isTrue();
    }

    @QueueTest
    void childTasksDoNotOverflowStackWhenNestedDeeply(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(2, 1);

        queue.put(() -> descend(queue, 100_000));

        assertThat(queue.join()).hasSize(100_001).endsWith(1, 0);
    }

    private static int descend(WorkerQueue<Integer> queue, int levels) throws InterruptedException {
        if (levels > 0) {
            queue.put(() -> descend(queue, levels - 1));
        }
        return levels;
    }

    @QueueTest
    void exceptionHandlerAndCallableOfPutAsyncAreInside(Fixture fixture) throws Exception {
        AtomicReference<@Nullable WorkerQueue<String>> self = new AtomicReference<>();
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withMaxsize(1).withExceptionHandler(failure -> {
                    WorkerQueue<String> own = self.get();
                    if (own != null) {
                        putTwo(own, "handler");
                    }
                }));
        self.set(queue);
        queue.putAsync(() -> {
            putTwo(queue, "callable");
            throw new IOException();
        });

        assertThat(queue.join()).containsExactly("callable", "callable", "handler", "handler");
    }

    private static void putTwo(WorkerQueue<String> queue, String result) {
        try {
            queue.put(() -> result);
            queue.put(() -> result);
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @QueueTest
    void taskOfNestedQueueIsInsideOuterQueueAtAnyDepth(Fixture fixture) throws Exception {
        WorkerQueue<String> outer = fixture.open(1, 1);
        QueueFactory other = fixture.factory(builder -> builder);
        Blocker blocker = new Blocker();
        outer.put(() -> {
            blocker.run();
            try (WorkerQueue<String> child = fixture.factory().open("child")) {
                child.execute(() -> {
                    try (WorkerQueue<String> grandchild = other.open("grandchild")) {
                        grandchild.execute(() -> putTwo(outer, "from the grandchild"));
                        assertThatThrownBy(() ->
                                        grandchild.submit(() -> outer.join()).get())
                                .hasCauseInstanceOf(IllegalStateException.class);
                    }
                });
            }
            return "outer";
        });
        blocker.awaitStarted();
        fixture.fill(outer);

        blocker.release();

        assertThat(outer.join()).containsExactly("outer", "from the grandchild", "from the grandchild");
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void offerOfTaskKeepsCapacity(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        AtomicInteger depth = new AtomicInteger();

        queue.put(() -> {
            String offers = "";
            offers += queue.offer(() -> "a");
            offers += " " + queue.offer(() -> "b", Duration.ZERO);
            offers += " " + queue.offer(() -> "c");
            offers += " " + queue.offer(() -> "d", Duration.ofMillis(2));
            depth.set(queue.depth());
            return offers;
        });

        assertThat(queue.join()).containsExactly("true true false false", "a", "b");
        assertThat(depth).hasValue(2);
    }

    @QueueTest
    void offerOfTaskBlocksWhenTimeoutIsEndlessAndQueueIsFull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 2);
        Blocker blocker = new Blocker();
        queue.execute(blocker);
        blocker.awaitStarted();
        Blocker offering = new Blocker();
        queue.execute(() -> {
            offering.run();
            queue.offer(() -> "child", Duration.ofSeconds(Long.MAX_VALUE));
        });
        offering.awaitStarted();
        fixture.fill(queue);

        offering.release();

        Fixture.awaitBlockedProducers(queue, 1);
        assertThat(queue.snapshot().overflow()).isZero();
        blocker.release();
        assertThat(queue.join()).containsExactly("child");
    }

    @QueueTest
    void joinCloseAndGetThrowWhenTaskWouldWaitForItself(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        CompletableFuture<String> unfinished = queue.submit(() -> {
            CompletableFuture<String> child = queue.submit(() -> "child");
            ExecutorService view = queue.asExecutorService();
            List<TaskAction> calls = List.of(
                    queue::join,
                    () -> queue.join(LONG),
                    () -> queue.join(String.class),
                    () -> queue.join(String.class, LONG),
                    queue::close,
                    () -> queue.close(LONG),
                    child::get,
                    () -> child.get(1, TimeUnit.MINUTES),
                    child::join);
            for (int i = 0; i < calls.size(); i++) {
                assertThatThrownBy(calls.get(i)::run)
                        .as("call %d", i)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("was called from a task of queue 'default'")
                        .hasMessageContaining("would wait for that task forever");
            }
            assertThat(view.isShutdown()).isFalse();
            return "all threw";
        });

        assertThat(unfinished.get(10, TimeUnit.SECONDS)).isEqualTo("all threw");
        queue.join();
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.OPEN);
    }

    @QueueTest
    void taskCanReadFinishedFuture(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        CompletableFuture<String> first = queue.submit(() -> "first");

        queue.put(() -> first.get() + first.join());

        assertThat(queue.join()).containsExactly("firstfirst");
    }

    @QueueTest
    void taskCanJoinQueueOpenedByItself(Fixture fixture) throws Exception {
        WorkerQueue<List<Integer>> queue = fixture.open(2, 1);

        queue.put(() -> {
            try (WorkerQueue<Integer> inner = fixture.factory().open(settings -> settings.withWorkers(2))) {
                inner.putAll(List.of(1, 2, 3), item -> item);
                return inner.join();
            }
        });

        assertThat(queue.join()).containsExactly(List.of(1, 2, 3));
    }

    @QueueTest
    void threadStartedByTaskIsOutside(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = new Blocker();
        List<Fork<?>> forks = new ArrayList<>();
        queue.execute(() -> {
            blocker.run();
            forks.add(fixture.forkAction(() -> queue.put(() -> "late")));
            Fixture.awaitBlockedProducers(queue, 1);
        });
        blocker.awaitStarted();
        fixture.fill(queue);

        blocker.release();

        Fixture.until("forked", () -> !forks.isEmpty());
        forks.get(0).get();
        assertThat(queue.join()).containsExactly("late");
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void threadCompletingStageIsOutside(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 1);
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage.thenApply(value -> {
            putTwo(queue, "dependent");
            return value;
        }));
        Blocker blocker = new Blocker();
        Fixture.until("the callable has run", () -> stage.getNumberOfDependents() == 1);
        queue.execute(blocker);
        blocker.awaitStarted();
        fixture.fill(queue);

        Fork<?> completer = fixture.fork(() -> stage.complete("stage"));

        Fixture.awaitBlockedProducers(queue, 1);
        blocker.release();
        completer.get();
        assertThat(queue.join()).containsExactlyInAnyOrder("stage", "dependent", "dependent");
    }

    @QueueTest
    void taskOfOtherQueueIsOutside(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        WorkerQueue<String> beside = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(queue);

        beside.execute(() -> queue.put(() -> "from beside"));

        Fixture.awaitBlockedProducers(queue, 1);
        blocker.release();
        beside.join();
        assertThat(queue.join()).containsExactly("from beside");
    }

    @QueueTest
    void dependentOfFutureIsInsideWhenTaskCompletesFuture(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = new Blocker();
        CompletableFuture<?> dependent = queue.submit(() -> {
                    blocker.run();
                    return "submitted";
                })
                .thenAccept(value -> putTwo(queue, value));
        blocker.awaitStarted();
        fixture.fill(queue);

        blocker.release();

        assertThat(dependent).succeedsWithin(LONG);
        assertThat(queue.join()).containsExactly("submitted", "submitted");
    }
}
