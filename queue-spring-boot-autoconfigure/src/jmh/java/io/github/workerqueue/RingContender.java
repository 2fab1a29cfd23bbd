package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The queue's own ring, for many producers and consumers, between two threads that always spin: a reference for the
 * cost of the rest of the queue. It does not start, park or wake threads, and does not catch exceptions or count tasks.
 */
final class RingContender implements Contender {

    private final Ring ring;

    private final Thread consumer = Contender.daemon(this::consume);

    /** Results of the current run. The consumer fills the list, and publishes it with the number of tasks done. */
    private List<Object> results = List.of();

    private long put;

    private volatile long done;

    private volatile boolean closed;

    private volatile @Nullable Throwable failure;

    RingContender(int maxsize) {
        this.ring = new Ring(maxsize, false);
        consumer.start();
    }

    @Override
    public List<Object> run(int tasks, Callable<@Nullable Object> task) {
        results = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            while (!ring.offer(task, 0, Ring.OUTSIDER, Ring.ANY_EPOCH)) {
                spin();
            }
        }
        put += tasks;
        while (done != put) {
            spin();
        }
        return results;
    }

    private void spin() {
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        Thread.onSpinWait();
    }

    private void consume() {
        try {
            for (long ended = 0; !closed; ) {
                long ticket = ring.claimBelow(Long.MAX_VALUE);
                if (ticket >= 0) {
                    Callable<?> task = (Callable<?>) ring.task(ticket);
                    ring.release(ticket);
                    Object result = task.call();
                    if (result != null) {
                        results.add(result);
                    }
                    ended++;
                } else {
                    done = ended;
                    Thread.onSpinWait();
                }
            }
        } catch (Throwable ex) {
            failure = ex;
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
