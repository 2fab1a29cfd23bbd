package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;

/** Tests for calls that run out of stack at any of their steps. */
class StackOverflowTests {

    /** Small stacks, so that many of them overflow in little time. */
    private static final long STACK_BYTES = 256 * 1024;

    private static final int QUEUES = 25;

    private static final Duration LONG = Duration.ofSeconds(Fixture.DEADLINE_SECONDS);

    /** A call that a runaway recursion makes at each of its levels. */
    private interface Call {

        void make(WorkerQueue<Integer> queue) throws Exception;
    }

    @QueueTest
    @Timeout(100)
    void queueLosesNothingWhenItsTasksRunOutOfStack(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(StackOverflowTests::thread));
        Random random = random(fixture);
        for (int queues = 0; queues < QUEUES; queues++) {
            WorkerQueue<Integer> queue = fixture.open(factory, 1 + random.nextInt(3), 1 + random.nextInt(30));
            AtomicInteger overflows = new AtomicInteger();
            for (int i = 0; i < overflows(fixture); i++) {
                Call call = call(random);
                make(queue, put -> put.execute(() -> overflows.addAndGet(runOutOfStack(queue, call))));
            }
            queue.join(LONG);
            assertThat(overflows).hasPositiveValue();
            assertThat(queue.close(LONG)).as("%s", queue).isTrue();
            assertConserved(queue);
        }
    }

    @QueueTest
    @Timeout(100)
    void queueLosesNothingWhenItsProducersRunOutOfStack(Fixture fixture) throws Exception {
        Random random = random(fixture);
        for (int queues = 0; queues < QUEUES; queues++) {
            WorkerQueue<Integer> queue = fixture.open(1 + random.nextInt(3), 1 + random.nextInt(30));
            for (int i = 0; i < 40; i++) {
                Call call = random.nextInt(8) == 0 ? joined -> joined.join(Duration.ZERO) : call(random);
                FutureTask<Integer> producer = new FutureTask<>(() -> runOutOfStack(queue, call));
                thread(producer).start();
                assertThat(producer.get(Fixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                        .isOne();
            }
            queue.join(LONG);
            assertThat(queue.close(LONG)).as("%s", queue).isTrue();
            assertConserved(queue);
        }
    }

    @QueueTest
    @Timeout(60)
    void timedCloseReturnsWhenTasksRunOutOfStackMeanwhile(Fixture fixture) throws Exception {
        QueueFactory factory = fixture.factory(builder -> builder.threadFactory(StackOverflowTests::thread));
        Random random = random(fixture);
        for (int queues = 0; queues < (fixture.isVirtual() ? 3 : 2 * QUEUES); queues++) {
            WorkerQueue<Integer> queue = fixture.open(factory, 2, 2);
            for (int i = 0; i < 4; i++) {
                Call call = call(random);
                make(
                        queue,
                        put -> put.execute(
                                () -> assertThat(runOutOfStack(queue, call)).isOne()));
            }
            queue.close(Duration.ofMillis(random.nextInt(5)));
            queue.close(LONG);
            assertConserved(queue);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(null, work, "small stack", STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    /** Returns the number of overflows per queue. It is low for virtual threads, whose large stacks overflow slowly. */
    private static int overflows(Fixture fixture) {
        return fixture.isVirtual() ? 4 : 160;
    }

    private static Random random(Fixture fixture) {
        long seed = System.nanoTime();
        System.out.println("StackOverflowTests on " + fixture + " threads: seed " + seed);
        return new Random(seed);
    }

    private static Call call(Random random) {
        return switch (random.nextInt(7)) {
            case 0, 1 -> queue -> queue.put(() -> 1);
            case 2 -> queue -> queue.offer(() -> 1);
            case 3, 4 -> StackOverflowTests::submitAndCancel;
            case 5 -> WorkerQueue::snapshot;
            default -> WorkerQueue::cancel;
        };
    }

    private static void submitAndCancel(WorkerQueue<Integer> queue) throws InterruptedException {
        CompletableFuture<Integer> future = queue.submit(() -> 1);
        if (System.identityHashCode(future) % 32 == 0) { // the exception of each cancel has a long trace
            future.cancel(true);
        }
    }

    /** Makes a call at each level of a recursion until the stack overflows. Returns the number of overflows: one. */
    private static int runOutOfStack(WorkerQueue<Integer> queue, Call call) {
        try {
            descend(queue, call);
            return 0;
        } catch (StackOverflowError ex) {
            return 1;
        }
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private static void descend(WorkerQueue<Integer> queue, Call call) {
        make(queue, call);
        descend(queue, call);
    }

    private static void make(WorkerQueue<Integer> queue, Call call) {
        try {
            call.make(queue);
        } catch (Exception ex) {
            // the queue may reject the call
        }
    }

    private static void assertConserved(WorkerQueue<Integer> queue) {
        Fixture.until("all has ended: " + queue, () -> {
            QueueSnapshot figures = queue.snapshot();
            return figures.depth() == 0
                    && figures.active() == 0
                    && figures.put() == figures.completed() + figures.failed() + figures.cancelled();
        });
        assertThatThrownBy(() -> queue.put(() -> 1)).isInstanceOf(QueueClosedException.class);
    }
}
