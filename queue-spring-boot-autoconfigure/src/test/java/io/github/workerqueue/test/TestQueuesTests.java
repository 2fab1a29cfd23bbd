package io.github.workerqueue.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.RateLimit;
import io.github.workerqueue.WorkerQueue;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tests for factories that run tasks in the calling thread, in submission order or shuffled by a seed. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TestQueuesTests {

    private static final String HELD_UP =
            " would wait forever, since tasks run in the calling thread and the queue is paused; "
                    + "call resume() first";

    private final List<Object> trail = new ArrayList<>();

    @Test
    void taskHasRunInCallingThreadWhenPutReturns() throws InterruptedException {
        try (WorkerQueue<Object> queue = TestQueues.inCallingThread().open()) {
            queue.put(Thread::currentThread);
            assertThat(queue.responses()).containsExactly(Thread.currentThread());
            CompletableFuture<Integer> future = queue.submit(() -> 1);
            assertThat(future).isCompletedWithValue(1);
        }
    }

    @Test
    void childTasksRunAfterTheirParentAndBeforePutReturns() throws InterruptedException {
        try (WorkerQueue<Object> queue = TestQueues.inCallingThread().open()) {
            queue.put(() -> {
                queue.put(() -> trail.add("child"));
                queue.put(() -> trail.add("second child"));
                return trail.add("parent");
            });
            trail.add("returned");
            queue.put(() -> trail.add("next"));
        }
        assertThat(trail).containsExactly("parent", "child", "second child", "returned", "next");
    }

    @Test
    void tasksRunAfterOuterTaskWhenTaskOfInnerQueuePutsThem() throws InterruptedException {
        QueueFactory factory = TestQueues.inCallingThread();
        WorkerQueue<Object> first = factory.open(settings -> settings.withMaxsize(1));
        WorkerQueue<Object> second = factory.open(settings -> settings.withMaxsize(1));
        first.put(() -> {
            second.put(() -> {
                for (int i = 0; i < 3; i++) {
                    first.put(() -> trail.add("back in the first"));
                }
                return trail.add("second");
            });
            return trail.add("first");
        });
        assertThat(trail)
                .containsExactly("second", "first", "back in the first", "back in the first", "back in the first");
    }

    @Test
    void taskRunsInCallingThreadAfterTinyTasksWhenStageIsInFlight() throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            WorkerQueue<Object> queue = TestQueues.inCallingThread()
                    .open(settings -> settings.withWorkers(2).withMaxsize(1000));
            queue.pause();
            for (int tiny = 0; tiny < 1000; tiny++) {
                queue.put(() -> null);
            }
            queue.resume();
            queue.putAsync(CompletableFuture::new);
            queue.put(Thread::currentThread);
            assertThat(queue.responses()).containsExactly(Thread.currentThread());
            queue.cancel();
            queue.close();
        }
    }

    @Test
    void putDelayedDoesNotWait() throws InterruptedException {
        try (WorkerQueue<Object> queue = TestQueues.inCallingThread().open()) {
            queue.putDelayed(() -> "at once", Duration.ofDays(1));
            assertThat(queue.join()).containsExactly("at once");
        }
    }

    @Test
    void retryDelaysAndRateLimitsDoNotWait() throws InterruptedException {
        for (QueueFactory factory : List.of(TestQueues.inCallingThread(limited()), TestQueues.shuffled(1, limited()))) {
            try (WorkerQueue<Integer> queue = factory.open()) {
                List<Thread> ran = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    queue.put(() -> {
                        ran.add(Thread.currentThread());
                        if (ran.size() % 2 == 1) {
                            throw new IllegalStateException("try again");
                        }
                        return 1;
                    });
                }
                assertThat(queue.join()).hasSize(5);
                assertThat(ran).hasSize(10).containsOnly(Thread.currentThread());
            }
        }
    }

    private static QueueSettings limited() {
        return QueueSettings.defaults()
                .withWorkers(1)
                .withRetryPolicy((failure, attempts) -> Duration.ofDays(1))
                .withRateLimits(List.of(new RateLimit(1, Duration.ofDays(1))));
    }

    @Test
    void reportShowsCallingThreadOfRunningTask() throws InterruptedException {
        try (WorkerQueue<Object> queue = TestQueues.inCallingThread().open()) {
            queue.put(() -> queue.report().running().get(0).thread());
            assertThat(queue.join()).containsExactly(Thread.currentThread());
        }
    }

    @Test
    void putJoinAndGetThrowWhenQueueIsPausedAndWouldBlockForever() throws Exception {
        for (QueueFactory factory : List.of(TestQueues.inCallingThread(), TestQueues.shuffled(1))) {
            WorkerQueue<Integer> queue =
                    factory.open("riot", settings -> settings.withWorkers(2).withMaxsize(2));
            queue.pause();
            queue.put(() -> 1);
            CompletableFuture<Integer> future = queue.submit(() -> 2);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> queue.put(() -> 3))
                    .withMessage("Queue 'riot': a put into the full queue" + HELD_UP);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(queue::join)
                    .withMessage("Queue 'riot': join()" + HELD_UP);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(future::get)
                    .withMessage("Queue 'riot': get() or join() on an unfinished future" + HELD_UP);
            ExecutorService view = queue.asExecutorService();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> view.invokeAll(List.of(() -> 3)))
                    .withMessage("Queue 'riot': a put into the full queue" + HELD_UP);
            assertThat(queue.offer(() -> 3, Duration.ofDays(1))).isFalse();
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ofDays(1)));
            assertThat(queue.depth()).isEqualTo(2);
            queue.resume();
            assertThat(queue.join()).containsExactly(1);
            assertThat(future.get()).isEqualTo(2);
        }
    }

    @Test
    void invokeAllAndInvokeAnyThrowWhenQueueIsPaused() {
        for (QueueFactory factory : List.of(TestQueues.inCallingThread(), TestQueues.shuffled(1))) {
            WorkerQueue<Object> queue = factory.open("riot", settings -> settings.withMaxsize(2));
            ExecutorService view = queue.asExecutorService();
            queue.pause();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> view.invokeAll(List.of(() -> 1)))
                    .withMessage("Queue 'riot': invokeAll()" + HELD_UP);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> view.invokeAny(List.of(() -> 1)))
                    .withMessage("Queue 'riot': invokeAny()" + HELD_UP);
        }
    }

    @Test
    void joinWaitsForStageWhenQueueIsPaused() throws Exception {
        WorkerQueue<String> queue = TestQueues.inCallingThread().open();
        CompletableFuture<String> stage = new CompletableFuture<>();
        queue.putAsync(() -> stage);
        queue.pause();
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ofMillis(1)));
        Thread completer = new Thread(() -> stage.complete("elsewhere"));
        completer.start();
        assertThat(queue.join()).containsExactly("elsewhere");
        completer.join();
    }

    @Test
    void callingThreadIsRestoredAfterTask() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader other = new URLClassLoader(new URL[0]);
                WorkerQueue<Object> queue = TestQueues.inCallingThread().open()) {
            queue.execute(() -> {
                Thread.currentThread().setContextClassLoader(other);
                Thread.currentThread().interrupt();
            });
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void taskRunsWhenCallingThreadRejectsContextClassLoader(CapturedOutput output) throws Exception {
        try (WorkerQueue<Object> queue = TestQueues.inCallingThread().open()) {
            Thread thread = new Thread(() -> queue.offer(() -> trail.add("ran"))) {
                @Override
                public void setContextClassLoader(ClassLoader loader) {
                    throw new SecurityException("as the thread of a cleaner");
                }
            };
            thread.start();
            thread.join();
            assertThat(trail).containsExactly("ran");
            assertThat(output).doesNotContain("as the thread of a cleaner");
        }
    }

    @Test
    void joinThrowsWhenTaskOfItsQueueRunsBelowInSameThread() throws InterruptedException {
        QueueFactory factory = TestQueues.inCallingThread();
        WorkerQueue<Object> first = factory.open();
        WorkerQueue<Object> second = factory.open();
        first.execute(() -> second.execute(() -> {
            try {
                first.join();
            } catch (IllegalStateException ex) {
                trail.add(ex.getClass());
            }
        }));
        assertThat(trail).containsExactly(IllegalStateException.class);
    }

    @Test
    void shuffledTasksRunWhenPutOrJoinWaits() throws Exception {
        try (WorkerQueue<Object> queue =
                TestQueues.shuffled(1).open(settings -> settings.withWorkers(2).withMaxsize(2))) {
            for (int i = 0; i < 4; i++) {
                queue.put(() -> trail.add("task"));
            }
            assertThat(trail).isEmpty();
            assertThat(queue.active()).isEqualTo(2);
            assertThat(queue.depth()).isEqualTo(2);
            queue.put(() -> trail.add("task"));
            assertThat(trail).hasSize(1);
            assertThat(queue.join(Duration.ofDays(1))).hasSize(5);
        }
    }

    @Test
    void shuffledTasksDoNotRunWhenJoinHasTimedOut() throws Exception {
        WorkerQueue<Object> queue = TestQueues.shuffled(1).open();
        queue.put(() -> trail.add("task"));
        queue.put(() -> trail.add("task"));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queue.join(Duration.ZERO));
        assertThat(trail).isEmpty();
        assertThat(queue.join()).hasSize(2);
    }

    @Test
    void joinThrowsWhenShuffledTasksArePaused() throws Exception {
        WorkerQueue<Object> queue = TestQueues.shuffled(1).open();
        queue.put(() -> trail.add("task"));
        assertThat(queue.depth()).isZero();
        queue.pause();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(queue::join)
                .withMessageContaining("call resume() first");
        queue.resume();
        assertThat(queue.join()).hasSize(1);
    }

    @Test
    void seedDeterminesOrderOfTasks() throws InterruptedException {
        Set<List<Integer>> orders = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            List<Integer> order = order(seed, QueueSettings.defaults(), 3);
            assertThat(order(seed, QueueSettings.defaults(), 3)).isEqualTo(order);
            orders.add(order);
        }
        assertThat(orders).as("all permutations of three").hasSize(6);
    }

    @Test
    void shuffledTaskOvertakesFewerTasksThanWorkers() throws InterruptedException {
        for (int workers = 1; workers <= 4; workers++) {
            int most = 0;
            for (int seed = 0; seed < 100; seed++) {
                QueueSettings settings =
                        QueueSettings.defaults().withWorkers(workers).withMaxsize(7);
                List<Integer> order = order(seed, settings, 30);
                assertThat(order).hasSize(30);
                most = Math.max(most, mostOvertaken(order));
            }
            assertThat(most).isEqualTo(workers - 1);
        }
    }

    @Test
    void shuffledTaskOvertakesFewerTasksThanTotalWorkers() throws InterruptedException {
        int most = 0;
        for (int seed = 0; seed < 100; seed++) {
            QueueSettings settings = QueueSettings.defaults().withWorkers(9).withTotalWorkers(3);
            most = Math.max(most, mostOvertaken(order(seed, settings, 30)));
        }
        assertThat(most).isEqualTo(2);
    }

    @Test
    void shuffledFutureIsDoneWhenSubmitReturns() throws InterruptedException {
        try (WorkerQueue<Object> queue = TestQueues.shuffled(1).open()) {
            queue.put(() -> trail.add("put"));
            assertThat(queue.submit(() -> trail.add("submit"))).isCompletedWithValue(true);
            assertThat(trail).containsExactlyInAnyOrder("put", "submit");
        }
    }

    @Test
    void shuffledFutureIsDoneWhenEarlierStageCompletes() throws InterruptedException {
        try (WorkerQueue<Object> queue = TestQueues.shuffled(1).open(settings -> settings.withWorkers(1))) {
            CompletableFuture<Integer> stage = new CompletableFuture<>();
            queue.putAsync(() -> stage);
            CompletableFuture<Integer> future = queue.submit(() -> 2);
            assertThat(future).isNotDone();
            stage.complete(1);
            assertThat(future).isCompletedWithValue(2);
            assertThat(queue.join()).containsExactly(1);
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void seedIsLogged(CapturedOutput output) {
        TestQueues.shuffled(4711);
        assertThat(output).contains("The tasks of this factory run in the order of seed 4711");
        TestQueues.shuffled();
        assertThat(output.toString().lines().filter(line -> line.contains("in the order of seed")))
                .hasSize(2);
    }

    private static List<Integer> order(long seed, QueueSettings settings, int tasks) throws InterruptedException {
        List<Integer> order = new ArrayList<>();
        try (WorkerQueue<Object> queue = TestQueues.shuffled(seed, settings).open()) {
            for (int i = 0; i < tasks; i++) {
                int index = i;
                queue.execute(() -> order.add(index));
            }
        }
        return order;
    }

    /** Returns the maximum number of earlier tasks that had not ended when a task started. */
    private static int mostOvertaken(List<Integer> order) {
        int most = 0;
        for (int at = 0; at < order.size(); at++) {
            int task = order.get(at);
            List<Integer> before = order.subList(0, at);
            int ended = (int) before.stream().filter(other -> other < task).count();
            most = Math.max(most, task - ended);
        }
        return most;
    }
}
