package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tests for memory consistency: rule 10 of {@code docs/reference/rules.md}. Each cell is written and read without any
 * other synchronization.
 */
class MemoryVisibilityTests {

    private static final int ROUNDS = 5_000;

    /** Duration of a slow task, which a join finds running. */
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final class Cell {

        private int before;

        private int inTask;

        private int inChild;
    }

    @QueueTest
    void producerWritesAreVisibleToTask(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(3, 4);
        AtomicInteger stale = new AtomicInteger();
        for (int i = 1; i <= ROUNDS; i++) {
            Cell cell = new Cell();
            int round = i;
            cell.before = round;
            queue.execute(() -> {
                if (cell.before != round) {
                    stale.incrementAndGet();
                }
            });
        }
        queue.join();

        assertThat(stale).hasValue(0);
    }

    @QueueTest
    void taskWritesAreVisibleAfterJoin(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(2, 4);
        Cell cell = new Cell();
        for (int i = 1; i <= ROUNDS; i++) {
            int round = i;
            boolean slow = round % 100 == 0;
            CountDownLatch started = new CountDownLatch(1);
            queue.execute(() -> {
                started.countDown();
                if (slow) {
                    LockSupport.parkNanos(SLOW_NANOS);
                }
                cell.inTask = round;
            });
            if (slow) {
                assertThat(started.await(Fixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                        .isTrue();
            }
            queue.join();
            assertThat(cell.inTask).isEqualTo(round);
        }
    }

    @QueueTest
    void taskWritesAreVisibleInResponsesWhenTaskHasFinished(Fixture fixture) throws Exception {
        WorkerQueue<Cell> queue = fixture.open(1, 4);
        for (int i = 1; i <= 300; i++) {
            Cell cell = new Cell();
            Blocker blocker = new Blocker();
            int round = i;
            queue.put(() -> {
                cell.inTask = round;
                return cell;
            });
            queue.execute(blocker);
            blocker.awaitStarted();

            List<Cell> responses = queue.responses();

            assertThat(responses).hasSize(1);
            assertThat(responses.get(0).inTask).isEqualTo(round);
            blocker.release();
            queue.join();
        }
    }

    @QueueTest
    void taskWritesAreVisibleWhenFutureIsDone(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(2, 4);
        for (int i = 1; i <= ROUNDS; i++) {
            Cell cell = new Cell();
            int round = i;
            CompletableFuture<Integer> future = queue.submit(() -> cell.inTask = round);
            while (!future.isDone()) {
                Fixture.until("done", future::isDone);
            }
            assertThat(cell.inTask).isEqualTo(round);
        }
    }

    @QueueTest
    void taskAndStageWritesAreVisibleToHandlersAndListeners(Fixture fixture) throws Exception {
        Cell cell = new Cell();
        AtomicInteger stale = new AtomicInteger();
        QueueFactory factory = fixture.factory(builder -> builder.listener(new QueueListener() {
            @Override
            public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
                if (cell.inTask != index) {
                    stale.incrementAndGet();
                }
            }
        }));
        WorkerQueue<Integer> queue = fixture.open(
                factory,
                settings -> settings.withWorkers(1).withExceptionHandler(failure -> {
                    if (cell.inTask != failure.index()) {
                        stale.incrementAndGet();
                    }
                }));
        for (int i = 0; i < ROUNDS; i++) {
            int round = i;
            if (i % 2 == 0) {
                queue.execute(() -> {
                    cell.inTask = round;
                    throw new IOException();
                });
            } else {
                queue.putAsync(() -> CompletableFuture.supplyAsync(() -> {
                    cell.inTask = round;
                    return round;
                }));
            }
        }

        assertThat(queue.join()).hasSize(ROUNDS / 2);
        assertThat(stale).hasValue(0);
    }

    @QueueTest
    void parentWritesAreVisibleToChildTasksAndChildWritesAfterJoin(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(3, 2);
        AtomicInteger stale = new AtomicInteger();
        for (int i = 1; i <= ROUNDS; i++) {
            Cell cell = new Cell();
            int round = i;
            queue.execute(() -> {
                cell.inTask = round;
                queue.execute(() -> {
                    if (cell.inTask != round) {
                        stale.incrementAndGet();
                    }
                    cell.inChild = round;
                });
            });
            if (i % 100 == 0) {
                queue.join();
                assertThat(cell.inChild).isEqualTo(round);
            }
        }
        queue.join();

        assertThat(stale).hasValue(0);
    }

    @QueueTest
    void taskWritesAreVisibleToLaterTasksOfSameWorker(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 4);
        Cell cell = new Cell();
        for (int i = 0; i < ROUNDS; i++) {
            queue.execute(() -> cell.inTask++);
            if (i % 50 == 0) {
                queue.join();
            }
        }
        queue.join();

        assertThat(cell.inTask).isEqualTo(ROUNDS);
    }
}
