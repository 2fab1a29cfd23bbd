package io.github.workerqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Step-by-step tests for the order of blocked producers. The test plays the workers and the overtaking producers. */
@Timeout(20)
class BlockedProducersTests {

    private static final int CAPACITY = 4;

    private final QueueEngine engine = new HeldThreads().engine(1, CAPACITY);

    private final Ring ring = engine.ring;

    @Test
    void thoseInLineArePassedByNoMoreTasksThanMayWait() throws Exception {
        fill();
        PutThread first = new PutThread(true);
        first.awaitLooked();
        drain();

        assertThat(passing(2 * CAPACITY)).isEqualTo(CAPACITY);
        first.goOn.countDown();
        first.awaitLetIn();
        assertThat(ring.tail()).isEqualTo(2 * CAPACITY + 1);

        drain();
        assertThat(passing(2 * CAPACITY)).as("nobody waits").isEqualTo(CAPACITY);
    }

    @Test
    void theNextInLineIsPassedByNoMoreSinceItBeganToWait() throws Exception {
        fill();
        PutThread first = new PutThread(true);
        first.awaitLooked();
        drain();
        assertThat(passing(2)).isEqualTo(2);
        PutThread next = new PutThread(true);
        next.awaitLooked();
        first.goOn.countDown();
        first.awaitLetIn();
        drain();

        assertThat(passing(2 * CAPACITY)).as("beside the first in line").isEqualTo(CAPACITY - 1);
        next.goOn.countDown();
        next.awaitLetIn();
    }

    @Test
    void whoJoinsTheLineWhileThereIsRoomWakesTheFirst() throws Exception {
        fill();
        PutThread first = new PutThread(false);
        Fixture.until("it waits for ever", () -> first.thread.getState() == Thread.State.WAITING);
        ring.release(ring.claim());
        PutThread next = new PutThread(true);
        next.awaitLooked();

        first.awaitLetIn();
        drain();
        next.goOn.countDown();
        next.awaitLetIn();
    }

    @Test
    void whoSleepsBeforeAPutSleepsOnHoweverOftenItIsWoken() throws Exception {
        long nanos = 20_000_000;
        CompletableFuture<Long> slept = CompletableFuture.supplyAsync(() -> {
            long start = System.nanoTime();
            try {
                engine.producers.sleep(Producer.of(engine, Ring.ANY_EPOCH), nanos);
            } catch (InterruptedException ex) {
                throw new AssertionError(ex);
            }
            return System.nanoTime() - start;
        });
        while (!slept.isDone()) {
            engine.producers.signalAll();
        }
        assertThat(slept.get()).isGreaterThanOrEqualTo(nanos);
    }

    private void fill() {
        assertThat(passing(CAPACITY + 1)).isEqualTo(CAPACITY);
    }

    private void drain() {
        for (long ticket = ring.claim(); ticket >= 0; ticket = ring.claim()) {
            ring.release(ticket);
        }
    }

    /** Returns how many of the tasks overtake the blocked producers. The ring is drained whenever it is full. */
    private int passing(int tasks) {
        for (int i = 0; i < tasks; i++) {
            if (!ring.offer("passing", 0, Ring.OUTSIDER, Ring.ANY_EPOCH)) {
                return i;
            }
            if (ring.isFull() && engine.producers.count() > 0) {
                drain();
            }
        }
        return tasks;
    }

    /** Blocked producer. If it is held, it checks for room a second time only after the test lets it proceed. */
    private final class PutThread {

        final CountDownLatch goOn = new CountDownLatch(1);

        private final CountDownLatch looked = new CountDownLatch(1);

        private final CompletableFuture<Boolean> letIn = new CompletableFuture<>();

        final Thread thread = new Thread(this::put);

        PutThread(boolean held) {
            if (!held) {
                goOn.countDown();
            }
            thread.setDaemon(true);
            thread.start();
        }

        private void put() {
            try {
                Producer admission = Producer.of(engine, Ring.ANY_EPOCH).until(this::enough);
                letIn.complete(engine.producers.await("in line", admission, QueueEngine.FOREVER));
            } catch (Throwable ex) {
                letIn.completeExceptionally(ex);
            }
        }

        private boolean enough() {
            looked.countDown();
            try {
                goOn.await();
            } catch (InterruptedException ex) {
                throw new AssertionError(ex);
            }
            return false;
        }

        void awaitLooked() throws InterruptedException {
            looked.await();
        }

        void awaitLetIn() throws Exception {
            Fixture.until("it is let in", letIn::isDone);
            assertThat(letIn.get()).isTrue();
        }
    }
}
