package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Tests for the resize of a queue: rule 13 of {@code docs/reference/rules.md}. */
class ResizeTests {

    @QueueTest
    void resizeStartsWaitingTasksWhenWorkersAreAdded(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(1, 50);
        Blocker blocker = new Blocker();
        for (int i = 0; i < 40; i++) {
            queue.execute(blocker);
        }
        blocker.awaitStarted(1);
        assertThat(queue.active()).isEqualTo(1);

        queue.resize(30);

        blocker.awaitStarted(29);
        assertThat(queue.workers()).isEqualTo(30);
        assertThat(queue.snapshot().workers()).isEqualTo(30);
        assertThat(queue.active()).isEqualTo(30);
        assertThat(queue.depth()).isEqualTo(10);
        assertThat(queue.settings().workers()).isEqualTo(1);
        assertThat(queue.maxsize()).isEqualTo(50);
        blocker.release();
    }

    @QueueTest
    void queueStartsNoTaskBeyondNewLimitAndInterruptsNoneWhenItShrinks(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(4, 50);
        Semaphore end = new Semaphore(0);
        AtomicInteger interrupted = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger started = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            queue.execute(() -> {
                started.incrementAndGet();
                running.incrementAndGet();
                try {
                    end.acquire();
                } catch (InterruptedException ex) {
                    interrupted.incrementAndGet();
                }
                running.decrementAndGet();
            });
        }
        Fixture.until("four run", () -> running.get() == 4);

        queue.resize(2);
        for (int left = 3; left >= 2; left--) {
            int now = left;
            end.release();
            Fixture.until("one less runs", () -> queue.active() == now);
            assertThat(started).hasValue(4);
        }
        end.release();
        Fixture.until("the next has started", () -> started.get() == 5 && running.get() == 2);
        assertThat(queue.active()).isEqualTo(2);

        end.release(100);
        queue.join();
        assertThat(interrupted).hasValue(0);
        assertThat(started).hasValue(10);
    }

    @QueueTest
    void queueKeepsWorkerLimitAndOrderWhenResizedRandomly(Fixture fixture) throws Exception {
        long seed = System.nanoTime();
        System.out.println("ResizeTests on " + fixture + " threads: seed " + seed);
        Random random = new Random(seed);
        WorkerQueue<Integer> queue = fixture.open(3, 8);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int tasks = 20_000;
        Fork<Integer> producer = fixture.fork(() -> {
            for (int i = 0; i < tasks; i++) {
                int number = i;
                queue.put(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    if (number % 64 == 0) {
                        TimeUnit.MICROSECONDS.sleep(50);
                    }
                    running.decrementAndGet();
                    return number;
                });
            }
            return tasks;
        });
        while (!producer.isDone()) {
            queue.resize(1 + random.nextInt(12));
            if (random.nextBoolean()) {
                queue.pause();
                queue.resize(1 + random.nextInt(12));
                queue.resume();
            }
        }
        producer.get();

        assertThat(queue.join())
                .as("seed " + seed)
                .containsExactlyElementsOf(IntStream.range(0, tasks).boxed().toList());
        assertThat(most.get()).as("seed " + seed).isBetween(1, 12);

        queue.resize(2);
        Blocker blocker = fixture.block(queue);
        queue.execute(blocker);
        assertThat(queue.active()).isEqualTo(2);
        blocker.release();
    }

    @QueueTest
    void queueUsesAllWorkersWhenItGrowsAfterShrinking(Fixture fixture) throws Exception {
        WorkerQueue<Integer> queue = fixture.open(3, 5);
        for (int workers : List.of(1, 3, 2, 7, 1, 12)) {
            queue.resize(workers);
            Blocker blocker = fixture.block(queue);
            assertThat(queue.active()).isEqualTo(workers);
            blocker.release();
            queue.join();
        }
    }

    @QueueTest
    void resizeThrowsWhenNumberIsOutOfRange(Fixture fixture) {
        WorkerQueue<Integer> queue = fixture.open(3, 5);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> queue.resize(0))
                .withMessage("workers must be between 1 and 100,000, but was 0");
        assertThat(queue.workers()).isEqualTo(3);
    }
}
