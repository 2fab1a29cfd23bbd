package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/** Tests that the throttling of wake-ups after tiny tasks does not delay the next tasks. */
class WakeThrottleTests {

    private static final int WORKERS = 4;

    private static final int ROUNDS = 50;

    @QueueTest
    void longTaskDoesNotDelayTinyTasks(Fixture fixture) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            WorkerQueue<Integer> queue = queueOfTinyTasks(fixture, round == 0 ? 200_000 : 5_000);
            Blocker blocker = new Blocker();
            CountDownLatch tiny = new CountDownLatch(10);

            queue.execute(blocker);
            for (int i = 0; i < 10; i++) {
                queue.execute(tiny::countDown);
            }

            assertThat(tiny.await(Fixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .as("round %d", round)
                    .isTrue();
            blocker.release();
            queue.close();
        }
    }

    @QueueTest
    void workersAllRunConcurrentlyWhenTasksBlockAfterTinyTasks(Fixture fixture) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            WorkerQueue<Integer> queue = queueOfTinyTasks(fixture, round == 0 ? 200_000 : 5_000);
            CyclicBarrier all = new CyclicBarrier(WORKERS);

            for (int i = 0; i < 10 * WORKERS; i++) {
                queue.put(all::await);
            }

            assertThat(queue.join()).hasSize(10 * WORKERS);
            queue.close();
        }
    }

    private static WorkerQueue<Integer> queueOfTinyTasks(Fixture fixture, int tasks) throws InterruptedException {
        WorkerQueue<Integer> queue = fixture.open(WORKERS, 50);
        for (int i = 0; i < tasks; i++) {
            queue.execute(() -> {});
        }
        return queue;
    }
}
