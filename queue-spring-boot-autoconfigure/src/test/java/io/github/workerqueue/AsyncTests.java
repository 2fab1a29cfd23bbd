package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tests for asynchronous tasks: rule 11 of {@code docs/reference/rules.md}. */
class AsyncTests {

    @QueueTest
    void asyncTaskOccupiesWorkerUntilItsStageCompletes(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 5);
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        Blocker next = new Blocker();
        queue.putAsync(() -> first);
        queue.putAsync(() -> second);
        queue.put(() -> {
            next.run();
            return "next";
        });
        Fixture.until("both stages are held", () -> queue.active() == 2 && dependents(first, second) == 2);
        assertThat(next.isStarted()).isFalse();
        assertThat(queue.depth()).isEqualTo(1);

        second.complete("second");

        next.awaitStarted();
        next.release();
        Fork<List<String>> joiner = fixture.fork(queue::join);
        joiner.awaitBlocked();
        first.complete("first");
        assertThat(joiner.get()).containsExactly("first", "second", "next");
    }

    private static int dependents(CompletableFuture<?>... stages) {
        int count = 0;
        for (CompletableFuture<?> stage : stages) {
            count += stage.getNumberOfDependents();
        }
        return count;
    }

    @QueueTest
    void asyncTaskOccupiesNoThreadWhileItIsInFlight(Fixture fixture) throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(body -> {
            Thread thread = new Thread(body);
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        }));
        WorkerQueue<Integer> queue = fixture.open(factory, 1_000, 1_000);
        List<CompletableFuture<Integer>> stages = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            CompletableFuture<Integer> stage = new CompletableFuture<>();
            stages.add(stage);
            queue.putAsync(() -> {
                threads.add(Thread.currentThread());
                return stage;
            });
        }
        Fixture.until("all are in flight", () -> dependents(stages.toArray(CompletableFuture[]::new)) == 1_000);

        assertThat(queue.active()).isEqualTo(1_000);
        if (fixture.isVirtual()) {
            Fixture.until("no thread lives", () -> threads.stream().noneMatch(Thread::isAlive));
        } else {
            assertThat(threads).hasSizeLessThan(20);
        }
        for (int i = 0; i < 1_000; i++) {
            stages.get(i).complete(i);
        }
        assertThat(queue.join()).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
    }

    @QueueTest
    void asyncTasksInFlightDoNotExceedWorkers(Fixture fixture) throws Exception {
        int workers = 4;
        WorkerQueue<Integer> queue = fixture.open(workers, 8);
        ConcurrentLinkedQueue<CompletableFuture<Integer>> inFlight = new ConcurrentLinkedQueue<>();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        Fork<?> client = fixture.forkAction(() -> {
            for (int done = 0; done < 2_000; ) {
                CompletableFuture<Integer> stage = inFlight.poll();
                if (stage == null) {
                    LockSupport.parkNanos(1);
                } else {
                    now.decrementAndGet();
                    stage.complete(done++);
                }
            }
        });
        for (int i = 0; i < 2_000; i++) {
            queue.putAsync(() -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                CompletableFuture<Integer> stage = new CompletableFuture<>();
                inFlight.add(stage);
                return stage;
            });
        }

        assertThat(queue.join()).hasSize(2_000).doesNotHaveDuplicates();
        client.get();
        assertThat(most.get()).isBetween(1, workers);
    }

    @QueueTest
    void handlerReceivesUnwrappedFailureWhenAsyncTaskFails(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        IOException direct = new IOException("direct");
        IOException wrapped = new IOException("wrapped");
        IOException thrown = new IOException("thrown by the callable");
        CompletionException bare = new CompletionException("without a cause", null);
        CompletableFuture<String> later = new CompletableFuture<>();
        queue.putAsync(() -> CompletableFuture.failedFuture(direct));
        queue.putAsync(() -> CompletableFuture.<String>failedFuture(wrapped).thenApply(value -> value));
        queue.putAsync(() -> {
            throw thrown;
        });
        queue.putAsync(() -> CompletableFuture.failedFuture(bare));
        queue.putAsync(() -> later.thenApply(value -> value));
        IOException late = new IOException("late");
        Fixture.until("the last is held", () -> later.getNumberOfDependents() == 1);
        later.completeExceptionally(late);

        assertThat(queue.join()).isEmpty();

        assertThat(fixture.failures)
                .extracting(TaskFailure::exception)
                .containsExactly(direct, wrapped, thrown, bare, late);
        assertThat(fixture.failures).extracting(TaskFailure::index).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(queue.snapshot().failed()).isEqualTo(5);
    }

    @QueueTest
    void handlerReceivesUnwrappedFailureWhenCompletionExceptionsAreNested(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        IOException failure = new IOException();
        CompletionException secretive = new SecretiveException();
        Throwable wrapped = new CompletionException(new CompletionException(new CompletionException(failure)));
        queue.putAsync(() -> CompletableFuture.failedFuture(wrapped));
        queue.putAsync(() -> CompletableFuture.failedFuture(secretive));
        queue.putAsync(() -> CompletableFuture.failedFuture(new CompletionException(secretive)));
        queue.join(Duration.ofSeconds(5));

        assertThat(fixture.failures).extracting(TaskFailure::exception).startsWith(failure, secretive);
        assertThat(queue.snapshot().failed()).isEqualTo(3);
    }

    private static final class SecretiveException extends CompletionException {

        private static final long serialVersionUID = 1;

        @Override
        public synchronized @Nullable Throwable getCause() {
            throw new IllegalStateException("no cause");
        }
    }

    @QueueTest
    @SuppressWarnings({"unchecked", "rawtypes"})
    void asyncTaskFailsWhenItsReturnValueIsNotStage(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        queue.putAsync((Callable) () -> "no stage");
        queue.join(Duration.ofSeconds(5));

        assertThat(fixture.failures)
                .singleElement()
                .extracting(TaskFailure::exception)
                .isInstanceOf(ClassCastException.class);
    }

    @QueueTest
    void asyncTaskFailsWhenApplicationCancelsItsStage(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        Fixture.until("it is held", () -> stage.getNumberOfDependents() == 1);

        stage.cancel(true);

        assertThat(queue.join()).isEmpty();
        assertThat(fixture.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).isInstanceOf(CancellationException.class));
    }

    @QueueTest
    @SuppressWarnings("NullAway")
    void asyncTaskFailsWhenItReturnsNull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        Callable<CompletionStage<String>> task = () -> null;

        queue.putAsync(task);
        queue.put(() -> "next");

        assertThat(queue.join()).containsExactly("next");
        assertThat(fixture.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception())
                        .isInstanceOf(NullPointerException.class)
                        .hasMessageContaining("null instead of a stage"));
    }

    @QueueTest
    void asyncTaskFailsWhenItsStageThrowsOnWhenComplete(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        queue.putAsync(() -> new CompletableFuture<>() {
            @Override
            public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
                throw new UnsupportedOperationException("observed");
            }
        });

        assertThat(queue.join()).isEmpty();
        assertThat(fixture.failures)
                .extracting(failure -> failure.exception().getMessage())
                .containsExactly("observed");
    }

    @QueueTest
    void workerThreadRunsHandlersAndNextTaskWhenOtherThreadCompletesStage(Fixture fixture) throws Exception {
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        QueueListener listener = new QueueListener() {
            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                threads.add("listener on " + Thread.currentThread().getName());
            }
        };
        QueueFactory factory = fixture.factory(builder -> builder.listener(listener));
        WorkerQueue<String> queue = fixture.open(
                factory,
                settings -> settings.withWorkers(1)
                        .withExceptionHandler(failure -> threads.add(
                                "handler on " + Thread.currentThread().getName())));
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        Fixture.until("it is held", () -> stage.getNumberOfDependents() == 1);
        Blocker next = new Blocker();
        queue.execute(() -> {
            threads.add("next on " + Thread.currentThread().getName());
            next.run();
        });

        Fork<Boolean> completer = fixture.fork(() -> stage.completeExceptionally(new IOException()));

        assertThat(completer.get()).isTrue();
        next.release();
        queue.join();
        assertThat(threads)
                .containsExactly(
                        "handler on queue-default-0",
                        "listener on queue-default-0",
                        "next on queue-default-0",
                        "listener on queue-default-0");
    }

    @QueueTest
    void joinReturnsFutureAsResultWhenTaskOfPutReturnsIt(Fixture fixture) throws Exception {
        WorkerQueue<CompletableFuture<String>> queue = fixture.open(1, 1);
        CompletableFuture<String> never = new CompletableFuture<>();

        queue.put(() -> never);

        assertThat(queue.join()).containsExactly(never);
        assertThat(never).isNotDone();
    }

    @QueueTest
    void joinReturnsAllResultsWhenStagesCompleteDuringRegistration(Fixture fixture) throws Exception {
        int tasks = 20_000;
        WorkerQueue<Integer> queue = fixture.open(3, 10);
        ConcurrentLinkedQueue<Runnable> completions = new ConcurrentLinkedQueue<>();
        Fork<?> client = fixture.forkAction(() -> {
            for (int done = 0; done < tasks; ) {
                Runnable completion = completions.poll();
                if (completion != null) {
                    completion.run();
                    done++;
                } else if (fixture.isVirtual()) {
                    LockSupport.parkNanos(1);
                }
            }
        });
        for (int i = 0; i < tasks; i++) {
            int result = i;
            queue.putAsync(() -> {
                CompletableFuture<Integer> stage = new CompletableFuture<>();
                completions.add(() -> stage.complete(result));
                return stage;
            });
        }

        assertThat(queue.join()).isEqualTo(IntStream.range(0, tasks).boxed().toList());
        client.get();
    }
}
