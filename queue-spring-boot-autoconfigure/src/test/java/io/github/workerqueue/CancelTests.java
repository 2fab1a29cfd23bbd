package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tests for cancellation: rule 12 of {@code docs/reference/rules.md}. */
class CancelTests {

    private static final Duration LONG = Duration.ofMinutes(1);

    @QueueTest
    void cancelInterruptsRunningTasksAndPreventsStartOfWaitingTasks(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 10);
        AtomicInteger interrupted = new AtomicInteger();
        AtomicBoolean started = new AtomicBoolean();
        Blocker blocker = new Blocker();
        for (int i = 0; i < 2; i++) {
            queue.execute(() -> {
                try {
                    blocker.run();
                } catch (InterruptedException ex) {
                    interrupted.incrementAndGet();
                    throw ex;
                }
            });
        }
        blocker.awaitStarted(2);
        for (int i = 0; i < 10; i++) {
            queue.execute(() -> started.set(true));
        }

        queue.cancel();

        assertThat(queue.join()).isEmpty();
        assertThat(interrupted).hasValue(2);
        assertThat(started).isFalse();
        assertThat(queue.snapshot().cancelled()).isEqualTo(12);
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void queueRunsLaterTasksWhenItWasCancelled(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(2, 3);
        for (int round = 0; round < 300; round++) {
            int result = round;
            fixture.blockAndFill(queue);
            queue.cancel();
            queue.put(() -> result);
            queue.put(() -> -result);

            assertThat(queue.join()).containsExactly(result, -result);
        }
        assertThat(queue.snapshot().cancelled()).isEqualTo(300 * 5);
    }

    @QueueTest
    void cancelHasNoEffectWhenQueueIsIdle(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        queue.cancel();
        queue.put(() -> "a");
        queue.join();
        queue.cancel();
        queue.put(() -> "b");

        assertThat(queue.join()).containsExactly("b");
        assertThat(queue.snapshot().cancelled()).isZero();
    }

    @QueueTest
    void cancelDoesNotInterruptExceptionHandler(Fixture fixture) throws Exception {
        Blocker handling = new Blocker();
        List<Boolean> interrupted = Collections.synchronizedList(new ArrayList<>());
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(1).withExceptionHandler(failure -> {
                    interrupted.add(handling.runStubbornly());
                    interrupted.add(Thread.currentThread().isInterrupted());
                }));
        queue.execute(() -> {
            throw new IOException();
        });
        handling.awaitStarted();

        queue.cancel();

        handling.release();
        queue.join();
        assertThat(interrupted).containsExactly(false, false);
        assertThat(queue.snapshot().failed()).isEqualTo(1);
    }

    @QueueTest
    void cancelDoesNotInterruptListenersOrNextTask(Fixture fixture) throws Exception {
        AtomicInteger interrupts = new AtomicInteger();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void started(String queue, long index, long waited) {
                count();
            }

            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                count();
            }

            private void count() {
                if (Thread.currentThread().isInterrupted()
                        && Thread.currentThread().getName().startsWith("queue-")) {
                    interrupts.incrementAndGet();
                }
            }
        }));
        WorkerQueue<String> queue = fixture.open(factory, 2, 4);
        AtomicInteger early = new AtomicInteger();
        for (int round = 0; round < 2_000; round++) {
            for (int i = 0; i < 3; i++) {
                queue.execute(() -> {});
            }
            queue.cancel();
            queue.execute(() -> {
                if (Thread.currentThread().isInterrupted()) {
                    early.incrementAndGet();
                }
            });
            queue.join();
        }

        assertThat(early).hasValue(0);
        assertThat(interrupts).hasValue(0);
    }

    @QueueTest
    void cancelFreesWorkersOfStagesImmediatelyWhetherOrNotTheyReact(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 10);
        CompletableFuture<String> reacts = new CompletableFuture<>();
        CompletableFuture<String> never = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        queue.putAsync(() -> reacts);
        queue.putAsync(() -> never);
        Fixture.until("both are held", () -> reacts.getNumberOfDependents() + never.getNumberOfDependents() == 2);

        queue.cancel();

        queue.put(() -> "next");
        assertThat(queue.join(LONG)).containsExactly("next");
        assertThat(reacts).isCancelled();
        assertThat(never).isNotDone();
        assertThat(queue.snapshot().cancelled()).isEqualTo(2);
        never.complete("too late");
        queue.put(() -> "after");
        assertThat(queue.join()).containsExactly("after");
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void cancelReachesStageWhenItIsReturnedConcurrently(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 4);
        for (int round = 0; round < 2_000; round++) {
            ConcurrentLinkedQueue<CompletableFuture<String>> stages = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < 2; i++) {
                queue.putAsync(() -> {
                    CompletableFuture<String> stage = new CompletableFuture<>();
                    stages.add(stage);
                    return stage;
                });
            }

            queue.cancel();

            assertThat(queue.join(LONG)).isEmpty();
            Fixture.until("no stage is missed", () -> stages.stream().allMatch(CompletableFuture::isCancelled));
        }
        assertThat(queue.snapshot().cancelled()).isEqualTo(4_000);
    }

    @QueueTest
    void cancelReachesTaskWhenItStartsConcurrently(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 10);
        for (int round = 0; round < 20_000; round++) {
            for (int i = 0; i < round % 4; i++) {
                queue.execute(() -> {});
            }
            queue.execute(new Blocker());
            for (int i = 0; i < round % 50; i++) {
                Thread.onSpinWait();
            }

            queue.cancel();

            assertThat(queue.join(LONG)).isEmpty();
        }
    }

    @QueueTest
    void stageIsCancelledWhenItsTaskCancelsQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 4);
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> {
            queue.cancel();
            return stage;
        });

        assertThat(queue.join()).isEmpty();

        assertThat(stage).isCancelled();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
    }

    @QueueTest
    void queueDropsLaterResultsAndFailuresOfCancelledTasks(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 10);
        Blocker stubborn = new Blocker();
        queue.put(() -> {
            stubborn.runStubbornly();
            return "too late";
        });
        queue.put(() -> {
            stubborn.runStubbornly();
            throw new IOException("too late");
        });
        stubborn.awaitStarted(2);

        queue.cancel();

        stubborn.release();
        assertThat(queue.join()).isEmpty();
        assertThat(fixture.failures).isEmpty();
        assertThat(queue.snapshot())
                .extracting(QueueSnapshot::cancelled, QueueSnapshot::completed, QueueSnapshot::failed)
                .containsExactly(2L, 0L, 0L);
    }

    @QueueTest
    void stageIsCancelledWhenCancelledTaskReturnsIt(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker stubborn = new Blocker();
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> {
            stubborn.runStubbornly();
            return stage;
        });
        stubborn.awaitStarted();

        queue.cancel();

        stubborn.release();
        assertThat(queue.join()).isEmpty();
        assertThat(stage).isCancelled();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
    }

    @QueueTest
    void futuresOfSubmitAreCancelledWhenQueueIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker stubborn = new Blocker();
        CompletableFuture<String> running = queue.submit(() -> {
            stubborn.runStubbornly();
            return "too late";
        });
        stubborn.awaitStarted();
        CompletableFuture<String> waiting = queue.submit(() -> "never");

        queue.cancel();

        assertThat(waiting).isCancelled();
        stubborn.release();
        queue.join();
        assertThat(running).isCancelled();
        assertThat(queue.snapshot().cancelled()).isEqualTo(2);
    }

    @QueueTest
    void blockedPutsThrowCancellationExceptionWhenQueueIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        fixture.blockAndFill(queue);
        List<Fork<?>> producers = List.of(
                fixture.forkAction(() -> queue.put(() -> "put")),
                fixture.forkAction(() -> queue.putAll(List.of(1, 2, 3), item -> "item " + item)),
                fixture.fork(() -> queue.offer(() -> "offer", LONG)),
                fixture.fork(() -> queue.submit(() -> "submit")),
                fixture.forkAction(() -> queue.asExecutorService().execute(() -> {})));
        Fork<?> delayed = fixture.forkAction(() -> queue.putDelayed(() -> "delayed", LONG));
        Fixture.awaitBlockedProducers(queue, 5);
        delayed.awaitBlocked();

        queue.cancel();

        for (Fork<?> producer : producers) {
            assertThatThrownBy(producer::get).isInstanceOf(CancellationException.class);
        }
        assertThatThrownBy(delayed::get).isInstanceOf(CancellationException.class);
        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().put()).isEqualTo(2);
    }

    @QueueTest
    void putAllThrowsWhenQueueIsCancelledBetweenItems(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 10);
        Blocker iterator = new Blocker();
        Iterable<Integer> items = () -> List.of(1, 2, 3).stream()
                .peek(item -> {
                    if (item == 2) {
                        iterator.runStubbornly();
                    }
                })
                .iterator();
        Fork<?> producer = fixture.forkAction(() -> queue.putAll(items, item -> item));
        iterator.awaitStarted();
        Fixture.until("the first is collected", () -> queue.responses().size() == 1);

        queue.cancel();

        iterator.release();
        assertThatThrownBy(producer::get).isInstanceOf(CancellationException.class);
        assertThat(queue.join()).containsExactly(1);
        assertThat(queue.snapshot().put()).isEqualTo(1);
    }

    @QueueTest
    void putAllOfTaskThrowsWhenQueueIsCancelledBetweenItems(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(2, 10);
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        queue.execute(() -> thrown.set(catchThrowable(() -> queue.putAll(
                () -> Stream.of(1, 2, 3)
                        .peek(item -> {
                            if (item == 2) {
                                queue.cancel();
                            }
                        })
                        .iterator(),
                item -> item))));
        queue.join();

        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        assertThat(queue.snapshot().put()).isEqualTo(2);
    }

    @QueueTest
    void blockedPutIsNotAcceptedWhenQueueIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        for (int round = 0; round < 300; round++) {
            fixture.blockAndFill(queue);
            Fork<?> producer = fixture.forkAction(() -> queue.put(() -> "survivor"));
            Fixture.awaitBlockedProducers(queue, 1);

            queue.cancel();

            assertThatThrownBy(producer::get).as("round %d", round).isInstanceOf(CancellationException.class);
            assertThat(queue.join()).isEmpty();
        }
    }

    @QueueTest
    void joinAfterCancelReturnsResultsWhenInterruptedTasksHaveEnded(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 10);
        queue.put(() -> "collected");
        Fixture.until("it is collected", () -> queue.responses().size() == 1);
        Blocker stubborn = new Blocker();
        queue.put(() -> {
            stubborn.runStubbornly();
            return "too late";
        });
        stubborn.awaitStarted();

        queue.cancel();

        Fork<List<String>> joiner = fixture.fork(queue::join);
        joiner.awaitBlocked();
        stubborn.release();
        assertThat(joiner.get()).containsExactly("collected");
    }

    @QueueTest
    void taskIsNotInterruptedWhenItCancelsItsQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 10);
        Blocker other = new Blocker();
        queue.execute(other);
        other.awaitStarted();
        Blocker blocker = new Blocker();
        queue.put(() -> {
            blocker.run();
            queue.cancel();
            return "interrupted: " + Thread.interrupted();
        });
        queue.put(() -> "waiting");

        blocker.release();

        assertThat(queue.join()).containsExactly("interrupted: false");
        assertThat(queue.snapshot().cancelled()).isEqualTo(2);
    }

    @QueueTest
    void joinReturnsResultsWhenQueueIsCancelledMeanwhile(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        queue.put(() -> "collected");
        fixture.blockAndFill(queue);
        Fork<List<String>> joiner = fixture.fork(queue::join);
        joiner.awaitBlocked();

        queue.cancel();

        assertThat(joiner.get()).containsExactly("collected");
        assertThat(queue.snapshot().cancelled()).isEqualTo(6);
    }

    @QueueTest
    void closeReturnsWhenQueueIsCancelledMeanwhile(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        fixture.blockAndFill(queue);
        Fork<?> closer = fixture.forkAction(queue::close);
        closer.awaitBlocked();

        queue.cancel();

        closer.get();
        assertThat(queue.snapshot())
                .extracting(QueueSnapshot::state, QueueSnapshot::cancelled)
                .containsExactly(QueueSnapshot.State.CLOSED, 6L);
        queue.cancel();
        assertThat(queue.snapshot().cancelled()).isEqualTo(6);
    }

    @QueueTest
    void exceptionHandlerIsNotInterruptedWhenItCancelsQueue(Fixture fixture) throws Exception {
        AtomicReference<@Nullable WorkerQueue<String>> opened = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        WorkerQueue<String> queue =
                fixture.open(settings -> settings.withWorkers(2).withExceptionHandler(failure -> {
                    Objects.requireNonNull(opened.get()).cancel();
                    interrupted.set(Thread.currentThread().isInterrupted());
                }));
        opened.set(queue);
        Blocker other = new Blocker();
        queue.execute(other);
        other.awaitStarted();
        Blocker failing = new Blocker();
        queue.execute(() -> {
            failing.run();
            throw new IOException();
        });
        queue.put(() -> "waiting");

        failing.release();

        assertThat(queue.join()).isEmpty();
        assertThat(interrupted).isFalse();
        assertThat(queue.snapshot())
                .extracting(QueueSnapshot::cancelled, QueueSnapshot::failed)
                .containsExactly(2L, 1L);
    }

    @QueueTest
    void listenerPreventsTaskFromStartingWhenItCancelsQueue(Fixture fixture) throws Exception {
        AtomicReference<@Nullable WorkerQueue<String>> opened = new AtomicReference<>();
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void started(String queue, long index, long waited) {
                heard.add("started " + index);
                if (index == 1) {
                    Objects.requireNonNull(opened.get()).cancel();
                }
            }

            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                heard.add(outcome + " " + index);
                if (index == 4) {
                    Objects.requireNonNull(opened.get()).cancel();
                }
            }
        }));
        WorkerQueue<String> queue = fixture.open(factory, 1, 10);
        opened.set(queue);
        Blocker blocker = new Blocker();
        queue.put(() -> {
            blocker.run();
            return "first";
        });
        queue.put(() -> "cancelled as it was about to start");
        queue.put(() -> "cancelled while it waited");
        blocker.release();
        Fixture.until("both are cancelled", () -> queue.snapshot().cancelled() == 2);
        Blocker second = new Blocker();
        queue.put(() -> {
            second.run();
            return "fourth";
        });
        queue.put(() -> "fifth");
        queue.put(() -> "cancelled at the end of the fifth");
        second.release();

        assertThat(queue.join()).containsExactly("first", "fourth", "fifth");
        assertThat(heard)
                .containsExactlyInAnyOrder(
                        "started 0",
                        "SUCCESS 0",
                        "started 1",
                        "CANCELLED 1",
                        "CANCELLED 2",
                        "started 3",
                        "SUCCESS 3",
                        "started 4",
                        "SUCCESS 4",
                        "CANCELLED 5");
        assertThat(queue.snapshot().cancelled()).isEqualTo(3);
    }

    @QueueTest
    void concurrentCancelsEndEachTaskOnce(Fixture fixture) throws Exception {
        for (int round = 0; round < 200; round++) {
            WorkerQueue<String> queue =
                    fixture.factory().open(settings -> settings.withWorkers(3).withMaxsize(20));
            Blocker blocker = new Blocker();
            AtomicInteger ended = new AtomicInteger();
            List<CompletableFuture<String>> futures = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                queue.execute(blocker);
                futures.add(queue.submit(() -> "").whenComplete((result, thrown) -> ended.incrementAndGet()));
            }
            CountDownLatch go = new CountDownLatch(1);
            List<Fork<?>> cancels = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                cancels.add(fixture.forkAction(() -> {
                    go.await();
                    queue.cancel();
                }));
            }
            go.countDown();
            for (Fork<?> cancel : cancels) {
                cancel.get();
            }

            assertThat(queue.join(LONG)).isEmpty();

            QueueSnapshot figures = queue.snapshot();
            assertThat(figures.cancelled() + figures.completed())
                    .as("%s", figures)
                    .isEqualTo(20);
            assertThat(ended).hasValue(10);
            assertThat(futures).allMatch(CompletableFuture::isDone);
            queue.close();
        }
    }

    @QueueTest
    void stageIsCollectedOrCancelledWhenItCompletesDuringCancel(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 4);
        int collected = 0;
        for (int round = 0; round < 1_000; round++) {
            CompletableFuture<Integer> stage = new CompletableFuture<>();
            queue.putAsync(() -> stage);
            Fixture.until("it is held", () -> stage.getNumberOfDependents() == 1);
            Fork<?> completer = fixture.forkAction(() -> stage.complete(1));
            for (int i = 0; i < round % 100 * 50; i++) {
                Thread.onSpinWait();
            }

            queue.cancel();

            List<Integer> results = queue.join(LONG);
            assertThat(results).hasSizeLessThan(2);
            collected += results.size();
            completer.get();
        }
        assertThat(queue.snapshot())
                .extracting(QueueSnapshot::completed, QueueSnapshot::cancelled)
                .containsExactly((long) collected, 1_000L - collected);
    }

    @QueueTest
    void cancelReachesOverflow(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        Blocker parent = new Blocker();
        AtomicBoolean ran = new AtomicBoolean();
        queue.execute(() -> {
            queue.executeAll(Collections.nCopies(50, 0), item -> ran.set(true));
            parent.run();
        });
        parent.awaitStarted();
        assertThat(queue.snapshot().overflow()).isEqualTo(48);

        queue.cancel();

        queue.put(() -> "next");
        assertThat(queue.join()).containsExactly("next");
        assertThat(ran).isFalse();
        assertThat(queue.snapshot().cancelled()).isEqualTo(51);
    }

    @QueueTest
    void cancelTrueOfFutureInterruptsOnlyItsTask(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 10);
        Blocker other = new Blocker();
        queue.put(() -> {
            other.run();
            return "other";
        });
        Blocker blocker = new Blocker();
        AtomicBoolean interrupted = new AtomicBoolean();
        CompletableFuture<String> future = queue.submit(() -> {
            interrupted.set(blocker.runStubbornly());
            return "too late";
        });
        blocker.awaitStarted();

        assertThat(future.cancel(true)).isTrue();

        assertThat(future).isCancelled();
        blocker.release();
        other.release();
        assertThat(queue.join()).containsExactly("other");
        assertThat(interrupted).isTrue();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void cancelTrueEndsTaskWhenUserCompletedItsFutureBefore(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker blocker = new Blocker();
        CompletableFuture<String> running = queue.submit(() -> {
            blocker.run();
            return "ran";
        });
        CompletableFuture<String> waiting = queue.submit(() -> "ran");
        blocker.awaitStarted();
        for (CompletableFuture<String> future : List.of(waiting, running)) {
            assertThat(future.complete("by hand")).isTrue();
            assertThat(future.cancel(true)).isFalse();
        }

        queue.join();
        assertThat(running).isCompletedWithValue("by hand");
        assertThat(waiting).isCompletedWithValue("by hand");
        assertThat(queue.snapshot().cancelled()).isEqualTo(2);
    }

    @QueueTest
    void cancelFalseOfFutureCancelsOnlyWaitingTask(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker blocker = new Blocker();
        CompletableFuture<String> running = queue.submit(() -> {
            blocker.run();
            return "ran";
        });
        blocker.awaitStarted();
        AtomicBoolean started = new AtomicBoolean();
        CompletableFuture<Boolean> waiting = queue.submit(() -> started.getAndSet(true));

        assertThat(running.cancel(false)).isFalse();
        assertThat(running).isNotDone();
        assertThat(waiting.cancel(false)).isTrue();

        assertThat(waiting).isCancelled();
        blocker.release();
        queue.join();
        assertThat(running).isCompletedWithValue("ran");
        assertThat(running.cancel(true)).isFalse();
        assertThat(started).isFalse();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
        assertThat(queue.snapshot().completed()).isEqualTo(1);
    }

    @QueueTest
    void cancelTrueOfFuturePreventsStartOfWaitingTask(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker blocker = fixture.block(queue);
        AtomicBoolean started = new AtomicBoolean();
        CompletableFuture<Boolean> future = queue.submit(() -> started.getAndSet(true));

        assertThat(future.cancel(true)).isTrue();
        assertThat(future.cancel(true)).isTrue();

        blocker.release();
        queue.join();
        assertThat(started).isFalse();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
    }

    @QueueTest
    void interruptOfCancelledTaskDoesNotReachNextTask(Fixture fixture) throws Exception {
        WorkerQueue<Boolean> queue = fixture.open(1, 10);
        for (int round = 0; round < 5_000; round++) {
            CompletableFuture<String> future = queue.submit(() -> "");
            queue.put(() -> Thread.currentThread().isInterrupted());
            future.cancel(true);
            assertThat(queue.join()).as("round %d", round).containsExactly(false);
        }
    }
}
