package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.workerqueue.QueueListener.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Tests for accounting: rule 8 of {@code docs/reference/rules.md}. */
class ConservationTests {

    @QueueTest
    void snapshotAccountsForAllPutTasksWhenQueueIsQuiescent(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(2, 20);
        queue.put(() -> "completed");
        queue.put(() -> null);
        queue.putAsync(() -> CompletableFuture.completedFuture("completed"));
        CompletableFuture<String> submitted = queue.submit(() -> "completed");
        queue.execute(() -> queue.execute(() -> {}));
        queue.execute(() -> {
            throw new IOException();
        });
        queue.putAsync(() -> CompletableFuture.failedFuture(new IOException()));
        CompletableFuture<String> failed = queue.submit(() -> {
            throw new IOException();
        });
        queue.join();
        fixture.blockAndFill(queue);
        queue.cancel();
        queue.join();

        QueueSnapshot figures = queue.snapshot();
        assertThat(figures.put()).isEqualTo(9 + 22);
        assertThat(figures.completed()).isEqualTo(6);
        assertThat(figures.failed()).isEqualTo(3);
        assertThat(figures.cancelled()).isEqualTo(22);
        assertThat(figures.depth() + figures.active()).isZero();
        assertThat(submitted).isCompleted();
        assertThat(failed).isCompletedExceptionally();
    }

    @QueueTest
    void snapshotCountsWaitingAndRunningTasks(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(3, 5);
        queue.put(() -> "completed");
        queue.join();
        Blocker blocker = fixture.blockAndFill(queue);

        QueueSnapshot figures = queue.snapshot();

        assertThat(figures.put()).isEqualTo(9);
        assertThat(figures.completed()).isEqualTo(1);
        assertThat(figures.active()).isEqualTo(3);
        assertThat(figures.depth()).isEqualTo(5);
        assertThat(figures.counter()).isEqualTo(8);
        assertThat(figures.workers()).isEqualTo(3);
        assertThat(figures.maxsize()).isEqualTo(5);
        assertThat(figures.overflow()).isZero();
        blocker.release();
    }

    @QueueTest
    void rejectedPutCountsAsRejectedAndNotAsPut(Fixture fixture) throws Exception {
        WorkerQueue<String> queue = fixture.open(1, 1);
        Blocker blocker = fixture.blockAndFill(queue);
        assertThat(queue.offer(() -> "")).isFalse();
        assertThat(queue.offer(() -> "", Duration.ofMillis(1))).isFalse();
        Fork<?> blocked = fixture.forkAction(() -> queue.put(() -> ""));
        Fixture.awaitBlockedProducers(queue, 1);
        Fork<?> closer = fixture.forkAction(queue::close);
        assertThatThrownBy(blocked::get).isInstanceOf(QueueClosedException.class);
        blocker.release();
        closer.get();
        assertThatThrownBy(() -> queue.put(() -> "")).isInstanceOf(QueueClosedException.class);

        assertThat(queue.snapshot().rejected()).isEqualTo(4);
        assertThat(queue.snapshot().put()).isEqualTo(2);
        assertThat(queue.snapshot().completed()).isEqualTo(2);
    }

    @QueueTest
    @Tag("slow")
    void everyTaskRunsExactlyOnceWhenManyProducersPut(Fixture fixture) throws Exception {
        int producers = 4;
        int each = 20_000;
        WorkerQueue<Integer> queue = fixture.open(3, 2);
        AtomicLong ran = new AtomicLong();
        AtomicLong sum = new AtomicLong();
        List<Fork<?>> forks = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int first = p * each;
            forks.add(fixture.forkAction(() -> {
                for (int i = first; i < first + each; i++) {
                    int number = i;
                    queue.put(() -> {
                        ran.incrementAndGet();
                        sum.addAndGet(number);
                        return number;
                    });
                }
            }));
        }
        for (Fork<?> fork : forks) {
            fork.get();
        }

        List<Integer> results = queue.join();

        long all = (long) producers * each;
        assertThat(results).hasSize((int) all).doesNotHaveDuplicates();
        assertThat(ran).hasValue(all);
        assertThat(sum).hasValue(all * (all - 1) / 2);
        assertThat(queue.snapshot().put()).isEqualTo(all);
        assertThat(queue.snapshot().completed()).isEqualTo(all);
    }

    @QueueTest
    void listenerIsNotifiedOncePerTask(Fixture fixture) throws Exception {
        Map<Outcome, AtomicLong> heard = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            heard.put(outcome, new AtomicLong());
        }
        AtomicLong rejected = new AtomicLong();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                AtomicLong count = heard.get(outcome);
                if (count != null && (outcome == Outcome.FAILURE) == (exception != null)) {
                    count.incrementAndGet();
                }
            }

            @Override
            public void rejected(String queue) {
                rejected.incrementAndGet();
            }
        }));
        WorkerQueue<Integer> queue = fixture.open(factory, 2, 3);
        for (int round = 0; round < 200; round++) {
            int chosen = round;
            queue.executeAll(List.of(1, 2, 3, 4, 5), item -> {
                if ((chosen + item) % 4 == 0) {
                    throw new IOException();
                }
            });
            queue.putAsync(CompletableFuture::new);
            CompletableFuture<Integer> submitted = queue.submit(() -> chosen);
            if (!queue.offer(() -> 1)) {
                submitted.cancel(true);
            }
            queue.cancel();
            queue.join();
        }

        QueueSnapshot figures = queue.snapshot();
        assertThat(figures.completed() + figures.failed() + figures.cancelled()).isEqualTo(figures.put());
        assertThat(heard.get(Outcome.SUCCESS)).hasValue(figures.completed());
        assertThat(heard.get(Outcome.FAILURE)).hasValue(figures.failed());
        assertThat(heard.get(Outcome.CANCELLED)).hasValue(figures.cancelled());
        assertThat(rejected).hasValue(figures.rejected());
    }
}
