package io.github.workerqueue;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.slf4j.event.Level;

/** Common drain of several queues, whose tasks may put into any of them until all queues are quiescent. */
final class Drain {

    /*
     * The calling thread may run a task of one of the queues, if that task closes the application. Its slot then
     * leaves for the time of the drain, since its queue would otherwise never become quiescent. Only the end of a
     * drain closes a queue that a slot has left, so the cancel also ends a later retry or stage of that task. If all
     * workers of a queue have left, its waiting tasks cannot run, and no drain waits for them.
     */

    private static final int MAX_SHOWN_NAMES = 10;

    private final List<QueueEngine> engines;

    private final List<Shutdown> queues;

    private final Timeout timeout;

    Drain(List<QueueEngine> engines, Timeout timeout) {
        this.engines = engines;
        this.queues = engines.stream().map(engine -> engine.shutdown).toList();
        this.timeout = timeout;
    }

    /** Closes the queues. Returns false if unfinished tasks were cancelled, or still run. */
    boolean run() {
        if (engines.isEmpty()) {
            return true;
        }
        ManagedWait.Loan loan = ManagedWait.lend();
        queues.forEach(queue -> queue.leave());
        try {
            return close();
        } finally {
            queues.forEach(queue -> queue.rejoin());
            engines.forEach(engine -> engine.context.drain = null);
            loan.close(timeout);
        }
    }

    private boolean close() {
        List<QueueEngine> busy = timeout.isExpired()
                ? List.of()
                : engines.stream()
                        .filter(engine -> !engine.quiescence.isReached())
                        .toList();
        logStart(busy);
        queues.forEach(queue -> queue.beginDrain(this));
        long start = System.nanoTime();
        boolean restore = false;
        try {
            awaitQuiescence();
        } catch (InterruptedException ex) {
            restore = true;
        }
        boolean unfinished = new Abandonment(queues).run();
        logEnd(busy, unfinished, Durations.between(start, System.nanoTime()));
        if (timeout.isEndless()) {
            queues.forEach(queue -> queue.awaitEnd());
        } else if (unfinished) {
            queues.forEach(queue -> queue.giveUp());
        }
        if (restore) {
            Thread.currentThread().interrupt();
        }
        return !unfinished;
    }

    private void logStart(List<QueueEngine> busy) {
        if (!busy.isEmpty() && QueueLog.logger.isInfoEnabled()) {
            QueueLog.log(
                    Level.INFO,
                    "{}: draining {} running and {} waiting tasks{}",
                    names(busy),
                    Counts.text(sum(busy, engine -> engine.slots.active())),
                    Counts.text(sum(busy, engine -> engine.backlog.depth())),
                    timeout.isEndless()
                            ? ""
                            : ", for up to " + Durations.roundedText(Duration.ofNanos(timeout.remaining())));
        }
    }

    private void logEnd(List<QueueEngine> busy, boolean unfinished, Duration time) {
        if (!busy.isEmpty() && QueueLog.logger.isInfoEnabled()) {
            QueueLog.log(
                    Level.INFO,
                    unfinished ? "{}: stopped draining after {}, with unfinished tasks" : "{}: drained in {}",
                    names(busy),
                    Durations.roundedText(time));
        }
    }

    private static String names(List<QueueEngine> busy) {
        List<String> names =
                busy.stream().map(engine -> engine.context.name).distinct().toList();
        return (busy.size() == 1 ? "Queue " : busy.size() + " queues ") + Names.list(names, MAX_SHOWN_NAMES);
    }

    /** Waits until all queues are quiescent at the same instant: no task is accepted during one pass over them. */
    private void awaitQuiescence() throws InterruptedException {
        long accepted;
        do {
            accepted = acceptedCount();
            for (Shutdown queue : queues) {
                if (!queue.awaitQuiescence(timeout)) {
                    return;
                }
            }
        } while (accepted != acceptedCount());
    }

    private long acceptedCount() {
        return sum(engines, engine -> engine.backlog.acceptedCount());
    }

    private static long sum(List<QueueEngine> engines, ToLongFunction<QueueEngine> count) {
        return engines.stream().mapToLong(count).sum();
    }
}
