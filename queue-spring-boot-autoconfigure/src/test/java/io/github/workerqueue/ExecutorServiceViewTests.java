package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

class ExecutorServiceViewTests {

    @QueueTest
    void executeAndSubmitPut(Fixture fixture) throws Exception {
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
    }

    @QueueTest
    void executeBlocksWhileTheQueueIsFull(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(queue);

        Fork<?> producer = fixture.forkAction(() -> queue.asExecutorService().execute(() -> {}));

        Fixture.awaitBlockedProducers(queue, 1);
        blocker.release();
        producer.get();
    }

    @QueueTest
    void anInterruptWhileItBlocksIsARejectionAndSetsTheFlagAgain(Fixture fixture) throws Exception {
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
    void whatExecuteRunsFailsIntoTheHandlerAndWhatSubmitRunsIntoItsFuture(Fixture fixture) throws Exception {
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
    void shutdownRefusesAndLetsTheQueueDrain(Fixture fixture) throws Exception {
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
    void awaitTerminationReturnsWhenAnIdleQueueIsShutDown(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        ExecutorService view = queue.asExecutorService();
        Fork<Boolean> waiter = fixture.fork(() -> view.awaitTermination(1, TimeUnit.MINUTES));
        waiter.awaitBlocked();

        view.shutdown();

        assertThat(waiter.get()).isTrue();
        assertThat(view.isTerminated()).isTrue();
    }

    @QueueTest
    void shutdownNowCancelsTooAndReturnsWhatNeverStarted(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        ExecutorService view = queue.asExecutorService();
        Blocker blocker = fixture.block(queue);
        AtomicInteger ran = new AtomicInteger();
        Runnable command = ran::incrementAndGet;
        view.execute(command);
        queue.put(() -> "put " + ran.incrementAndGet());
        CompletableFuture<Integer> submitted = queue.submit(ran::incrementAndGet);

        List<Runnable> never = view.shutdownNow();

        assertThat(never).hasSize(3).startsWith(command);
        assertThat(view.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(submitted).isCancelled();
        assertThat(ran).hasValue(0);
        assertThat(queue.snapshot().cancelled()).isEqualTo(4);
        assertThat(queue.join()).isEmpty();
        never.get(1).run();
        assertThat(ran).hasValue(1);
        assertThat(blocker.isStarted()).isFalse();
    }

    @QueueTest
    void aFutureGivenToExecuteIsCancelledWithTheQueue(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 10);
        ExecutorService view = queue.asExecutorService();
        fixture.block(queue);
        Future<String> waiting = view.submit(() -> "never");

        queue.cancel();

        assertThat(waiting.isCancelled()).isTrue();
        queue.join();
    }

    @QueueTest
    void aFutureThatThrowsWhenItIsCancelledHarmsNothing(Fixture fixture) throws Exception {
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
    void closingItClosesTheQueue(Fixture fixture) throws Exception {
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
