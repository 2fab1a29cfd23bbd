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
    void blockedProducerIsOvertakenByAtMostCapacityPuts() throws Exception {
        fill();
        PutThread first = new PutThread(true);
        first.awaitChecked();
        drain();

        assertThat(countAccepted(2 * CAPACITY)).isEqualTo(CAPACITY);
        first.proceed.countDown();
        first.awaitAccepted();
        assertThat(ring.tail()).isEqualTo(2 * CAPACITY + 1);

        drain();
        assertThat(countAccepted(2 * CAPACITY)).as("nobody waits").isEqualTo(CAPACITY);
    }

    @Test
    void nextBlockedProducerIsOvertakenByAtMostCapacityPutsSinceItBlocked() throws Exception {
        fill();
        PutThread first = new PutThread(true);
        first.awaitChecked();
        drain();
        assertThat(countAccepted(2)).isEqualTo(2);
        PutThread next = new PutThread(true);
        next.awaitChecked();
        first.proceed.countDown();
        first.awaitAccepted();
        drain();

        assertThat(countAccepted(2 * CAPACITY)).as("beside the first in line").isEqualTo(CAPACITY - 1);
        next.proceed.countDown();
        next.awaitAccepted();
    }

    @Test
    void newBlockedProducerWakesFirstWhenRingHasRoom() throws Exception {
        fill();
        PutThread first = new PutThread(false);
        Fixture.until("it waits for ever", () -> first.thread.getState() == Thread.State.WAITING);
        ring.release(ring.claim());
        PutThread next = new PutThread(true);
        next.awaitChecked();

        first.awaitAccepted();
        drain();
        next.proceed.countDown();
        next.awaitAccepted();
    }

    @Test
    void producerSleepsFullDelayWhenItIsWokenRepeatedly() throws Exception {
        long nanos = 20_000_000;
        CompletableFuture<Long> slept = CompletableFuture.supplyAsync(() -> {
            long start = System.nanoTime();
            try {
                engine.producers.sleep(Producer.of(engine.context, Ring.ANY_EPOCH), nanos);
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
        assertThat(countAccepted(CAPACITY + 1)).isEqualTo(CAPACITY);
    }

    private void drain() {
        for (long ticket = ring.claim(); ticket >= 0; ticket = ring.claim()) {
            ring.release(ticket);
        }
    }

    /** Returns how many of the tasks overtake the blocked producers. The ring is drained whenever it is full. */
    private int countAccepted(int tasks) {
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

        final CountDownLatch proceed = new CountDownLatch(1);

        private final CountDownLatch checked = new CountDownLatch(1);

        private final CompletableFuture<Boolean> accepted = new CompletableFuture<>();

        final Thread thread = new Thread(this::put);

        PutThread(boolean held) {
            if (!held) {
                proceed.countDown();
            }
            thread.setDaemon(true);
            thread.start();
        }

        private void put() {
            try {
                Producer producer = Producer.of(engine.context, Ring.ANY_EPOCH).until(this::awaitProceed);
                accepted.complete(engine.producers.await("in line", producer, Durations.FOREVER));
            } catch (Throwable ex) {
                accepted.completeExceptionally(ex);
            }
        }

        private boolean awaitProceed() {
            checked.countDown();
            try {
                proceed.await();
            } catch (InterruptedException ex) {
                throw new AssertionError(ex);
            }
            return false;
        }

        void awaitChecked() throws InterruptedException {
            checked.await();
        }

        void awaitAccepted() throws Exception {
            Fixture.until("it is let in", accepted::isDone);
            assertThat(accepted.get()).isTrue();
        }
    }
}
