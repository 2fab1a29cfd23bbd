package io.github.workerqueue;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** The common drain of some queues: their tasks may put into any of them until all are quiescent. */
final class Drain {

    /*
     * The calling thread may run a task of one of the queues, if that task closes the application. Its slot leaves
     * during the drain, or its queue would never be quiescent. Nothing but the end of a drain closes a queue that a slot
     * has left, so a retry or a stage of the task that comes afterwards meets the cancel. If all workers of a queue have
     * left, its waiting tasks cannot run, and no drain waits for them.
     */

    private static final int MAX_SHOWN_NAMES = 10;

    private final List<QueueEngine> engines;

    private final Timeout timeout;

    /** The slot whose task closes the application. */
    private final @Nullable WorkerSlot closer;

    Drain(List<QueueEngine> engines, Timeout timeout) {
        this.engines = engines;
        this.timeout = timeout;
        WorkerSlot slot = WorkerSlot.current();
        this.closer = slot != null && engines.contains(slot.engine) ? slot : null;
    }

    /** Closes the queues. Returns false if unfinished tasks were cancelled, or still run. */
    boolean run() {
        if (engines.isEmpty()) {
            return true;
        }
        ManagedWait loan = ManagedWait.ofCurrentTask();
        if (closer != null) {
            closer.leave();
        }
        try {
            return close();
        } finally {
            if (closer != null) {
                closer.rejoin();
                closer.engine.shutdown.giveUp();
            }
            engines.forEach(engine -> engine.drain = null);
            loan.takeBack(timeout);
        }
    }

    private boolean close() {
        List<QueueEngine> busy = timeout.isExpired()
                ? List.of()
                : engines.stream().filter(engine -> !engine.isQuiescent()).toList();
        logStart(busy);
        engines.forEach(engine -> engine.shutdown.beginDrain(this));
        long start = System.nanoTime();
        boolean restore = false;
        try {
            awaitQuiescence();
        } catch (InterruptedException ex) {
            restore = true;
        }
        boolean left = new Abandonment(engines).run();
        logEnd(busy, left, Durations.between(start, System.nanoTime()));
        if (timeout.isEndless()) {
            engines.forEach(engine -> engine.shutdown.awaitEnd());
        } else if (left) {
            engines.forEach(engine -> engine.shutdown.giveUp());
        }
        if (restore) {
            Thread.currentThread().interrupt();
        }
        return !left;
    }

    private void logStart(List<QueueEngine> busy) {
        if (!busy.isEmpty() && QueueEngine.logger.isInfoEnabled()) {
            long running =
                    busy.stream().mapToLong(engine -> engine.slots.active()).sum();
            QueueLog.log(
                    Level.INFO,
                    "{}: draining {} running and {} waiting tasks{}",
                    names(busy),
                    Counts.text(running),
                    Counts.text(busy.stream().mapToLong(QueueEngine::depth).sum()),
                    timeout.isEndless()
                            ? ""
                            : ", for up to " + Durations.measured(Duration.ofNanos(timeout.remaining())));
        }
    }

    private void logEnd(List<QueueEngine> busy, boolean left, Duration time) {
        if (!busy.isEmpty() && QueueEngine.logger.isInfoEnabled()) {
            QueueLog.log(
                    Level.INFO,
                    left ? "{}: stopped draining after {}, with unfinished tasks" : "{}: drained in {}",
                    names(busy),
                    Durations.measured(time));
        }
    }

    private static String names(List<QueueEngine> busy) {
        List<String> names = busy.stream().map(engine -> engine.name).distinct().toList();
        return (busy.size() == 1 ? "Queue " : busy.size() + " queues ") + Names.list(names, MAX_SHOWN_NAMES);
    }

    /** Waits until all are quiescent at the same instant: none was put into while one after the other was looked at. */
    private void awaitQuiescence() throws InterruptedException {
        long accepted;
        do {
            accepted = accepted();
            for (QueueEngine engine : engines) {
                if (!engine.shutdown.awaitQuiescence(timeout)) {
                    return;
                }
            }
        } while (accepted != accepted());
    }

    private long accepted() {
        return engines.stream()
                .mapToLong(engine -> engine.overflow.acceptedCount())
                .sum();
    }
}
