package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Tests for the executor view of a queue. */
class ExecutorServiceViewTests {

    @QueueTest
    void executorViewPutsTasksIntoQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 5);
        ExecutorService view = queue.asExecutorService();
        AtomicBoolean ran = new AtomicBoolean();

        view.execute(() -> ran.set(true));
        Future<String> submitted = view.submit(() -> "submitted");
        List<Future<Integer>> all = view.invokeAll(List.<Callable<Integer>>of(() -> 1, () -> 2, () -> 3));

        assertThat(submitted.get()).isEqualTo("submitted");
        assertThat(all).extracting(Future::get).containsExactly(1, 2, 3);
        assertThat(queue.counter()).isEqualTo(5);
        assertThat(queue.join()).isEmpty();
        assertThat(ran).isTrue();
        assertThat(queue.snapshot().completed()).isEqualTo(5);
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void executeBlocksWhenQueueIsFull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(queue);

        Fork<?> producer = fixture.forkAction(() -> queue.asExecutorService().execute(() -> {}));

        Fixture.awaitBlockedProducers(queue, 1);
        blocker.release();
        producer.get();
    }

    @QueueTest
    void executeIsRejectedAndRestoresFlagWhenInterruptedWhileBlocked(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        fixture.blockAndFill(queue);
        AtomicBoolean flag = new AtomicBoolean();
        Fork<?> producer = fixture.forkAction(() -> {
            try {
                queue.asExecutorService().execute(() -> {});
            } finally {
                flag.set(Thread.interrupted());
            }
        });
        Fixture.awaitBlockedProducers(queue, 1);

        producer.interrupt();

        assertThatThrownBy(producer::get).isInstanceOf(RejectedExecutionException.class);
        assertThat(flag).isTrue();
    }

    @QueueTest
    void failureReachesHandlerForExecuteAndFutureForSubmit(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        ExecutorService view = queue.asExecutorService();

        view.execute(() -> {
            throw new IllegalStateException("executed");
        });
        Future<?> submitted = view.submit(() -> {
            throw new IOException("submitted");
        });
        queue.join();

        assertThat(fixture.failures)
                .extracting(failure -> failure.exception().getMessage())
                .containsExactly("executed");
        assertThatThrownBy(submitted::get).hasRootCauseMessage("submitted");
    }

    @QueueTest
    void shutdownRejectsNewTasksAndDrainsQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        ExecutorService view = queue.asExecutorService();
        Blocker blocker = fixture.block(queue);
        queue.put(() -> "drained");
        assertThat(view.isShutdown()).isFalse();

        view.shutdown();

        assertThat(view.isShutdown()).isTrue();
        assertThat(view.isTerminated()).isFalse();
        assertThat(view.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThatThrownBy(() -> view.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> queue.put(() -> "")).isInstanceOf(QueueClosedException.class);
        Fork<Boolean> waiter = fixture.fork(() -> view.awaitTermination(1, TimeUnit.MINUTES));
        waiter.awaitBlocked();
        blocker.release();
        assertThat(waiter.get()).isTrue();
        assertThat(view.isTerminated()).isTrue();
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
        assertThat(queue.join()).containsExactly("drained");
    }

    @QueueTest
    void awaitTerminationReturnsWhenIdleQueueIsShutDown(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        ExecutorService view = queue.asExecutorService();
        Fork<Boolean> waiter = fixture.fork(() -> view.awaitTermination(1, TimeUnit.MINUTES));
        waiter.awaitBlocked();

        view.shutdown();

        assertThat(waiter.get()).isTrue();
        assertThat(view.isTerminated()).isTrue();
    }

    @QueueTest
    void shutdownNowInterruptsRunningTaskAndReturnsRunnableWaitingTasks(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        ExecutorService view = queue.asExecutorService();
        Blocker blocker = fixture.block(queue);
        List<String> ran = new ArrayList<>();
        Runnable command = () -> ran.add("executed");
        view.execute(command);
        Future<String> ofTheView = view.submit(() -> "of the view");
        CompletableFuture<String> submitted = queue.submit(() -> "submitted");
        CompletableFuture<String> failing = queue.submit(() -> {
            throw new IOException("submitted");
        });
        queue.put(() -> "" + ran.add("put"), TaskOptions.named("the put one"));
        queue.putAsync(() -> CompletableFuture.completedFuture("" + ran.add("async")));
        queue.execute(() -> ran.add("action"));
        queue.put(() -> {
            throw new IOException("put");
        });

        List<Runnable> never = view.shutdownNow();

        assertThat(never).hasSize(8).startsWith(command, (Runnable) ofTheView);
        assertThat(never.get(4)).hasToString("the put one");
        assertThat(view.isShutdown()).isTrue();
        assertThat(view.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.join()).isEmpty();
        assertThat(queue.snapshot().cancelled()).isEqualTo(9);
        assertThat(blocker.isStarted()).isFalse();
        assertThat(ran).isEmpty();
        assertThat(List.of(ofTheView, submitted, failing)).noneMatch(Future::isDone);

        for (Runnable task : never.subList(0, 7)) {
            task.run();
        }

        assertThat(ran).containsExactly("executed", "put", "async", "action");
        assertThat(ofTheView.get()).isEqualTo("of the view");
        assertThat(submitted.get()).isEqualTo("submitted");
        assertThatThrownBy(failing::get).hasRootCauseMessage("submitted");
        assertThatThrownBy(() -> never.get(7).run())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("put");
        assertThat(fixture.failures).isEmpty();
    }

    @QueueTest
    void returnedTaskRestoresInterruptFlagWhenItThrowsInterruptedException(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        fixture.block(queue);
        queue.put(() -> {
            throw new InterruptedException();
        });
        queue.put(() -> {
            throw new IOException();
        });
        List<Runnable> never = queue.asExecutorService().shutdownNow();

        assertThatThrownBy(() -> never.get(0).run()).hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(() -> never.get(1).run()).hasCauseInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @QueueTest
    void returnedTaskRunsAtMostOnceAndNotWhenItsFutureIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        ExecutorService view = queue.asExecutorService();
        fixture.block(queue);
        AtomicInteger ran = new AtomicInteger();
        CompletableFuture<Integer> once = queue.submit(ran::incrementAndGet);
        CompletableFuture<Integer> cancelled = queue.submit(ran::incrementAndGet);
        List<Runnable> never = view.shutdownNow();

        assertThat(cancelled.cancel(true)).isTrue();
        for (Runnable task : never) {
            task.run();
            task.run();
        }

        assertThat(once.get()).isEqualTo(1);
        assertThat(cancelled).isCancelled();
        assertThat(ran).hasValue(1);
    }

    @QueueTest
    void shutdownNowReturnsOverflowAndRejectsLaterChildTasks(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 2);
        Blocker parent = new Blocker();
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        queue.execute(() -> {
            queue.putAll(List.of(1, 2, 3, 4, 5), item -> "");
            parent.runStubbornly();
            try {
                queue.put(() -> "late");
            } catch (RuntimeException ex) {
                refusal.complete(ex);
            }
        });
        parent.awaitStarted();

        List<Runnable> never = queue.asExecutorService().shutdownNow();

        assertThat(never).hasSize(5);
        parent.release();
        assertThat(refusal.get(10, TimeUnit.SECONDS)).isInstanceOf(QueueClosedException.class);
        queue.close();
    }

    @QueueTest
    void taskRunsOrIsReturnedWhenShutdownNowRacesWithProducer(Fixture fixture) throws Exception {
        QueueFactory heard = fixture.factory(builder -> builder.listener(new QueueListener() {}));
        for (int round = 0; round < 300; round++) {
            WorkerQueue<String> queue = (round % 2 == 0 ? heard : fixture.factory())
                    .open(settings -> settings.withWorkers(2).withMaxsize(7));
            AtomicInteger ran = new AtomicInteger();
            Fork<?> producer = fixture.forkAction(() -> {
                for (; ; ) {
                    queue.execute(ran::incrementAndGet);
                }
            });
            int enough = round % 30;
            Fixture.until("some have run", () -> ran.get() >= enough);

            List<Runnable> never = queue.asExecutorService().shutdownNow();

            assertThatThrownBy(producer::get).isInstanceOf(QueueClosedException.class);
            queue.close();
            assertThat(ran.get() + never.size())
                    .as("round %d, %s", round, queue)
                    .isEqualTo((int) queue.snapshot().put());
        }
    }

    @QueueTest
    void shutdownNowReturnsOtherTasksWhenWorkerThreadCallsIt(Fixture fixture) throws Exception {
        CompletableFuture<List<Runnable>> byTask = new CompletableFuture<>();
        WorkerQueue<String> first = fixture.open(1, 5);
        first.execute(() -> {
            first.execute(() -> {});
            byTask.complete(first.asExecutorService().shutdownNow());
        });
        assertThat(byTask.get(10, TimeUnit.SECONDS)).hasSize(1);

        CompletableFuture<List<Runnable>> byHandler = new CompletableFuture<>();
        AtomicReference<@Nullable WorkerQueue<String>> handled = new AtomicReference<>();
        WorkerQueue<String> second =
                fixture.open(settings -> settings.withWorkers(1).withExceptionHandler(failure -> {
                    byHandler.complete(Objects.requireNonNull(handled.get())
                            .asExecutorService()
                            .shutdownNow());
                }));
        handled.set(second);
        second.execute(() -> {
            second.execute(() -> {});
            throw new IOException();
        });
        assertThat(byHandler.get(10, TimeUnit.SECONDS)).hasSize(1);

        Blocker blocker = new Blocker();
        WorkerQueue<String> third = fixture.open(1, 5);
        CompletableFuture<List<Runnable>> byDependent = third.submit(() -> {
                    blocker.run();
                    return "";
                })
                .thenApply(ignored -> third.asExecutorService().shutdownNow());
        third.execute(() -> {});
        blocker.release();
        assertThat(byDependent.get(10, TimeUnit.SECONDS)).hasSize(1);
    }

    @QueueTest
    void shutdownNowReturnsUnstartedTasksWhenListenerCallsIt(Fixture fixture) throws Exception {
        for (boolean finished : List.of(false, true)) {
            CompletableFuture<List<Runnable>> never = new CompletableFuture<>();
            AtomicReference<@Nullable ExecutorService> view = new AtomicReference<>();
            QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
                @Override
                public void started(String queue, long index, long waited) {
                    if (!finished) {
                        end();
                    }
                }

                @Override
                public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable thrown) {
                    if (finished && outcome == Outcome.SUCCESS) {
                        end();
                    }
                }

                private void end() {
                    never.complete(Objects.requireNonNull(view.get()).shutdownNow());
                }
            }));
            WorkerQueue<String> queue = fixture.open(factory, 1, 5);
            view.set(queue.asExecutorService());
            AtomicInteger ran = new AtomicInteger();
            Blocker blocker = new Blocker();
            queue.put(() -> {
                if (finished) {
                    queue.putAll(List.of(1, 2), item -> "" + ran.incrementAndGet());
                }
                return "" + ran.incrementAndGet();
            });

            assertThat(never.get(10, TimeUnit.SECONDS)).hasSize(finished ? 2 : 1);
            blocker.release();
            queue.close();
            assertThat(ran).hasValue(finished ? 1 : 0);
        }
    }

    @QueueTest
    void waitingFutureIsCancelledWhenQueueIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        ExecutorService view = queue.asExecutorService();
        fixture.block(queue);
        Future<String> waiting = view.submit(() -> "never");

        queue.cancel();

        assertThat(waiting.isCancelled()).isTrue();
        queue.join();
    }

    @QueueTest
    void runningFutureIsCancelledWhenQueueIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker blocker = new Blocker();
        class Given extends CompletableFuture<String> implements Runnable {
            @Override
            public void run() {
                blocker.runStubbornly();
            }
        }
        Given given = new Given();
        queue.asExecutorService().execute(given);
        blocker.awaitStarted();

        queue.cancel();

        blocker.release();
        queue.join();
        assertThat(given.isCancelled()).isTrue();
    }

    @QueueTest
    void cancelEndsAllTasksWhenFuturesThrowOnCancellation(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 5);
        Blocker blocker = new Blocker();
        for (int i = 0; i < 3; i++) {
            queue.asExecutorService().execute(new FutureTask<>(blocker::runStubbornly) {
                @Override
                protected void done() {
                    throw new IllegalStateException("a test");
                }
            });
        }
        blocker.awaitStarted();

        queue.cancel();

        blocker.release();
        assertThat(queue.join(Duration.ofSeconds(5))).isEmpty();
        assertThat(queue.snapshot().cancelled()).isEqualTo(3);
    }

    @QueueTest
    void waitingTaskCountsAsCancelledWhenItsFutureIsCancelled(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker blocker = fixture.block(queue);
        Future<String> waiting = queue.asExecutorService().submit(() -> "never");

        assertThat(waiting.cancel(true)).isTrue();

        blocker.release();
        queue.join();
        assertThat(queue.snapshot().cancelled()).isEqualTo(1);
        assertThat(queue.snapshot().completed()).isEqualTo(1);
    }

    @QueueTest
    void invokeAllRunsMoreTasksThanCapacity(Fixture fixture) throws Exception {
        ExecutorService view = fixture.open(2, 1).asExecutorService();
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int result = i;
            tasks.add(() -> result);
        }
        tasks.add(() -> {
            throw new IOException("one fails");
        });

        for (List<Future<Integer>> all : List.of(view.invokeAll(tasks), view.invokeAll(tasks, 1, TimeUnit.MINUTES))) {
            assertThat(all).hasSize(101).allMatch(Future::isDone);
            assertThat(all.get(99).get()).isEqualTo(99);
            assertThatThrownBy(all.get(100)::get).hasRootCauseMessage("one fails");
        }
        assertThat(view.invokeAll(List.<Callable<Integer>>of())).isEmpty();
    }

    @QueueTest
    void timedInvokeAllCancelsAllTasksWhenQueueIsFull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        ExecutorService view = queue.asExecutorService();
        Blocker blocker = fixture.blockAndFill(queue);
        AtomicInteger ran = new AtomicInteger();
        List<Callable<Integer>> tasks = Collections.nCopies(3, ran::incrementAndGet);

        List<Future<Integer>> all = view.invokeAll(tasks, 5, TimeUnit.MILLISECONDS);
        List<Future<Integer>> none = view.invokeAll(tasks, -1, TimeUnit.SECONDS);

        assertThat(all).hasSize(3).allMatch(Future::isCancelled);
        assertThat(none).hasSize(3).allMatch(Future::isCancelled);
        assertThat(queue.snapshot().blockedProducers()).isZero();
        blocker.release();
        queue.join();
        assertThat(ran).hasValue(0);
        assertThat(queue.snapshot().rejected()).isZero();
    }

    @QueueTest
    void timedInvokeAllInterruptsRunningTasksAndKeepsFinishedResults(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 5);
        Blocker blocker = new Blocker();
        List<Callable<String>> tasks = List.of(() -> "in time", () -> {
            blocker.run();
            return "too late";
        });

        List<Future<String>> all = queue.asExecutorService().invokeAll(tasks, 500, TimeUnit.MILLISECONDS);

        assertThat(all.get(0).get()).isEqualTo("in time");
        assertThat(all.get(1).isCancelled()).isTrue();
        queue.join();
    }

    @QueueTest
    void invokeAnyReturnsFirstSuccessAndCancelsOtherTasks(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(3, 5);
        ExecutorService view = queue.asExecutorService();
        Blocker blocker = new Blocker();
        AtomicBoolean interrupted = new AtomicBoolean();
        List<Callable<String>> tasks = List.of(
                () -> {
                    throw new IOException("fails");
                },
                () -> {
                    interrupted.set(blocker.runStubbornly());
                    return "slow";
                },
                () -> {
                    blocker.awaitStarted();
                    return "fast";
                });

        assertThat(view.invokeAny(tasks)).isEqualTo("fast");

        blocker.release();
        queue.join();
        assertThat(interrupted).isTrue();
        assertThat(view.invokeAny(tasks.subList(1, 2), 1, TimeUnit.MINUTES)).isEqualTo("slow");
        assertThatThrownBy(() -> view.invokeAny(tasks.subList(0, 1)))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("fails");
        assertThatThrownBy(() -> view.invokeAny(List.<Callable<String>>of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @QueueTest
    void invokeAnyReturnsFirstSuccessWhenQueueIsFull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 1);
        ExecutorService view = queue.asExecutorService();
        Blocker blocker = new Blocker();
        queue.execute(blocker);
        blocker.awaitStarted();
        Blocker winner = new Blocker();
        Fork<String> invoker = fixture.fork(() -> view.invokeAny(List.<Callable<String>>of(
                () -> {
                    queue.execute(blocker);
                    queue.execute(() -> {});
                    queue.execute(() -> {});
                    winner.run();
                    return "first";
                },
                () -> "second",
                () -> "third")));
        winner.awaitStarted();
        Fixture.awaitBlockedProducers(queue, 1);

        winner.release();

        assertThat(invoker.get()).isEqualTo("first");
        blocker.release();
        queue.join();
    }

    @QueueTest
    void invokeAnyReturnsFirstSuccessWhenPausedQueueIsFull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker winner = new Blocker();
        Fork<String> invoker = fixture.fork(() -> queue.asExecutorService()
                .invokeAny(List.<Callable<String>>of(
                        () -> {
                            winner.run();
                            return "first";
                        },
                        () -> "second",
                        () -> "third")));
        winner.awaitStarted();
        Fixture.awaitBlockedProducers(queue, 1);
        queue.pause();
        Fixture.until("the third waits without a limit", () -> invoker.thread().getState() == Thread.State.WAITING);

        winner.release();

        assertThat(invoker.get()).isEqualTo("first");
    }

    @QueueTest
    void invokeAnyPutsRemainingTaskWhenEarlierTasksFail(Fixture fixture) throws Exception {
        AtomicInteger waits = new AtomicInteger();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void blocked(String queue, long blocked) {
                waits.incrementAndGet();
            }
        }));
        WorkerQueue<String> queue = fixture.open(factory, 1, 1);
        Blocker failing = new Blocker();
        Fork<String> invoker = fixture.fork(() -> queue.asExecutorService()
                .invokeAny(List.<Callable<String>>of(
                        () -> {
                            failing.run();
                            throw new IOException("first");
                        },
                        () -> {
                            throw new IOException("second");
                        },
                        () -> "third")));
        failing.awaitStarted();
        Fixture.awaitBlockedProducers(queue, 1);
        queue.pause();
        int before = waits.get();
        failing.release();
        Fixture.until("the third was not put", () -> waits.get() > before);
        queue.resume();

        assertThat(invoker.get()).isEqualTo("third");
    }

    @QueueTest
    void reportShowsNameAndTypeOfRunningTask(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 2);
        ExecutorService view = queue.asExecutorService();
        List<String> names = new CopyOnWriteArrayList<>();
        class Named implements Callable<String>, Runnable {
            @Override
            public void run() {
                queue.report().running().forEach(running -> names.add(running.name() + running.type()));
            }

            @Override
            public String call() {
                run();
                return "";
            }

            @Override
            public String toString() {
                return "the task of ";
            }
        }
        Named named = new Named();
        view.execute(named);
        queue.join();
        view.submit((Callable<String>) named).get();
        queue.join();
        view.submit((Runnable) named).get();
        queue.join();
        view.submit(named, "").get();
        queue.join();
        view.invokeAny(List.of(named));
        queue.join();
        view.invokeAll(List.of(named));

        assertThat(names).hasSize(6).containsOnly("the task of " + Named.class.getName());
    }

    @QueueTest
    void timedInvokeAnyThrowsTimeoutExceptionWhenQueueIsFull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        ExecutorService view = queue.asExecutorService();
        Blocker blocker = fixture.blockAndFill(queue);
        List<Callable<String>> tasks = List.of(() -> "", () -> "");

        assertThatThrownBy(() -> view.invokeAny(tasks, 5, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> view.invokeAny(tasks, 0, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);

        assertThat(queue.snapshot().blockedProducers()).isZero();
        blocker.release();
    }

    @QueueTest
    void executorViewThrowsWhenTaskOfItsQueueWaitsOnIt(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(2, 5);
        ExecutorService view = queue.asExecutorService();
        List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2);
        CompletableFuture<String> caller = queue.submit(() -> {
            Blocker blocker = new Blocker();
            Future<?> unfinished = view.submit(blocker::runStubbornly);
            List<TaskAction> calls = List.of(
                    () -> view.invokeAll(tasks),
                    () -> view.invokeAll(tasks, 1, TimeUnit.MINUTES),
                    () -> view.invokeAny(tasks),
                    () -> view.invokeAny(tasks, 1, TimeUnit.MINUTES),
                    unfinished::get,
                    () -> unfinished.get(1, TimeUnit.MINUTES),
                    () -> view.awaitTermination(1, TimeUnit.MINUTES));
            for (int i = 0; i < calls.size(); i++) {
                assertThatThrownBy(calls.get(i)::run)
                        .as("call %d", i)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("was called from a task of queue 'default'");
            }
            assertThat(unfinished.isCancelled()).isFalse();
            blocker.release();
            return "all threw";
        });

        assertThat(caller.get(10, TimeUnit.SECONDS)).isEqualTo("all threw");
        queue.join();
        assertThat(queue.snapshot().put()).as("no refused call has put a task").isEqualTo(2);
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.OPEN);
    }

    @QueueTest
    void taskMayWaitOnExecutorViewOfQueueThatItOpens(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 1);

        CompletableFuture<Integer> sum = queue.submit(() -> {
            try (WorkerQueue<Integer> inner = fixture.factory().open()) {
                ExecutorService view = inner.asExecutorService();
                int first = view.invokeAny(List.<Callable<Integer>>of(() -> 1));
                int second = view.submit(() -> 2).get();
                view.shutdown();
                return first + second + (view.awaitTermination(1, TimeUnit.MINUTES) ? 4 : 0);
            }
        });

        assertThat(sum.get(10, TimeUnit.SECONDS)).isEqualTo(7);
    }

    @QueueTest
    void invokeAllAndInvokeAnyCancelUnfinishedTasksWhenInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        ExecutorService view = queue.asExecutorService();
        Blocker blocker = fixture.blockAndFill(queue);
        AtomicInteger ran = new AtomicInteger();
        List<Callable<Integer>> tasks = Collections.nCopies(3, ran::incrementAndGet);
        List<Fork<?>> invokers = List.of(
                fixture.fork(() -> view.invokeAll(tasks)),
                fixture.fork(() -> view.invokeAny(tasks)),
                fixture.fork(() -> view.invokeAll(tasks, 1, TimeUnit.MINUTES)),
                fixture.fork(() -> view.invokeAny(tasks, 1, TimeUnit.MINUTES)));
        Fixture.awaitBlockedProducers(queue, 4);

        invokers.forEach(Fork::interrupt);

        for (Fork<?> invoker : invokers) {
            assertThatThrownBy(invoker::get).isInstanceOf(InterruptedException.class);
        }
        blocker.release();
        queue.join();
        Blocker second = fixture.block(queue);
        Fork<?> waiting = fixture.fork(() -> view.invokeAll(tasks.subList(0, 1)));
        Fixture.until("its task waits", () -> queue.depth() == 1);
        waiting.awaitBlocked();
        waiting.interrupt();
        assertThatThrownBy(waiting::get).isInstanceOf(InterruptedException.class);
        second.release();
        queue.join();
        assertThat(ran).hasValue(0);
    }

    @QueueTest
    void executorViewRejectsAllTasksWhenShutDown(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        ExecutorService view = queue.asExecutorService();
        view.shutdown();
        view.shutdown();
        List<Callable<String>> tasks = List.of(() -> "");

        for (TaskAction late : List.<TaskAction>of(
                () -> view.execute(() -> {}),
                () -> assertThat(view.submit(() -> {})).isNull(),
                () -> assertThat(view.submit(() -> "")).isNull(),
                () -> view.invokeAll(tasks),
                () -> view.invokeAll(tasks, 1, TimeUnit.MINUTES),
                () -> view.invokeAny(tasks),
                () -> view.invokeAny(tasks, 1, TimeUnit.MINUTES))) {
            assertThatThrownBy(late::run).isInstanceOf(RejectedExecutionException.class);
        }
        assertThat(view.shutdownNow()).isEmpty();
        assertThat(view.isTerminated()).isTrue();
    }

    @QueueTest
    @SuppressWarnings("NullAway") // on purpose
    void executorViewThrowsNullPointerExceptionWhenArgumentIsNull(Fixture fixture) throws Exception {
        ExecutorService view = fixture.open(1, 1).asExecutorService();
        List<Callable<String>> tasks = Arrays.asList(() -> "", null);

        for (TaskAction bad : List.<TaskAction>of(
                () -> view.execute(null),
                () -> assertThat(view.submit((Runnable) null)).isNull(),
                () -> assertThat(view.submit((Callable<String>) null)).isNull(),
                () -> view.invokeAll(null),
                () -> view.invokeAll(tasks),
                () -> view.invokeAll(List.<Callable<String>>of(), 1, null),
                () -> view.invokeAny(null),
                () -> view.invokeAny(tasks),
                () -> view.awaitTermination(1, null))) {
            assertThatThrownBy(bad::run).isInstanceOf(NullPointerException.class);
        }
    }

    @QueueTest
    void awaitTerminationThrowsWhenInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        ExecutorService view = queue.asExecutorService();
        fixture.block(queue);
        view.shutdown();
        Fork<?> waiter = fixture.fork(() -> view.awaitTermination(1, TimeUnit.MINUTES));
        waiter.awaitBlocked();

        waiter.interrupt();

        assertThatThrownBy(waiter::get).isInstanceOf(InterruptedException.class);
        assertThat(view.awaitTermination(-1, TimeUnit.SECONDS)).isFalse();
    }

    @QueueTest
    void closeOfExecutorViewCancelsTasksAndRestoresFlagWhenInterrupted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        fixture.blockAndFill(queue);
        ExecutorService view = queue.asExecutorService();
        Fork<Boolean> closer = fixture.fork(() -> {
            ((QueueExecutorService) view).close();
            return Thread.currentThread().isInterrupted();
        });
        closer.awaitBlocked();

        closer.interrupt();

        assertThat(closer.get()).isTrue();
        assertThat(view.isTerminated()).isTrue();
        assertThat(queue.snapshot().cancelled()).isEqualTo(2);
    }

    @QueueTest
    void closeOfExecutorViewClosesQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Blocker blocker = fixture.block(queue);
        ExecutorService view = queue.asExecutorService();
        Fork<?> closer = fixture.forkAction(((QueueExecutorService) view)::close);
        closer.awaitBlocked();

        blocker.release();

        closer.get();
        assertThat(queue.snapshot().state()).isEqualTo(QueueSnapshot.State.CLOSED);
        assertThat(view.isTerminated()).isTrue();
    }
}
