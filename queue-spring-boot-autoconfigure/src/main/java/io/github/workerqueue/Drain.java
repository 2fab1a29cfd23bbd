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

    /** The task that closes the application; null if it is not a task of these queues. */
    private final @Nullable CurrentTask closer;

    /** The queue of that task. */
    private final @Nullable QueueEngine engineOfCloser;

    Drain(List<QueueEngine> engines, Timeout timeout) {
        this.engines = engines;
        this.timeout = timeout;
        this.closer = CurrentTask.ofThread();
        this.engineOfCloser = closer == null
                ? null
                : engines.stream()
                        .filter(engine -> engine.context == closer.context)
                        .findFirst()
                        .orElse(null);
    }

    /** Closes the queues. Returns false if unfinished tasks were cancelled, or still run. */
    boolean run() {
        if (engines.isEmpty()) {
            return true;
        }
        ManagedWait.Loan loan = ManagedWait.lend();
        Shutdown left = engineOfCloser == null ? null : engineOfCloser.shutdown;
        if (left != null && closer != null) {
            left.leave(closer);
        }
        try {
            return close();
        } finally {
            if (left != null && closer != null) {
                left.rejoin(closer);
            }
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
        shutdowns().forEach(queue -> queue.beginDrain(this));
        long start = System.nanoTime();
        boolean restore = false;
        try {
            awaitQuiescence();
        } catch (InterruptedException ex) {
            restore = true;
        }
        boolean left = new Abandonment(shutdowns()).run();
        logEnd(busy, left, Durations.between(start, System.nanoTime()));
        if (timeout.isEndless()) {
            shutdowns().forEach(queue -> queue.awaitEnd());
        } else if (left) {
            shutdowns().forEach(queue -> queue.giveUp());
        }
        if (restore) {
            Thread.currentThread().interrupt();
        }
        return !left;
    }

    private void logStart(List<QueueEngine> busy) {
        if (!busy.isEmpty() && QueueLog.logger.isInfoEnabled()) {
            long running =
                    busy.stream().mapToLong(engine -> engine.slots.active()).sum();
            QueueLog.log(
                    Level.INFO,
                    "{}: draining {} running and {} waiting tasks{}",
                    names(busy),
                    Counts.text(running),
                    Counts.text(busy.stream()
                            .mapToLong(engine -> engine.backlog.depth())
                            .sum()),
                    timeout.isEndless()
                            ? ""
                            : ", for up to " + Durations.measured(Duration.ofNanos(timeout.remaining())));
        }
    }

    private void logEnd(List<QueueEngine> busy, boolean left, Duration time) {
        if (!busy.isEmpty() && QueueLog.logger.isInfoEnabled()) {
            QueueLog.log(
                    Level.INFO,
                    left ? "{}: stopped draining after {}, with unfinished tasks" : "{}: drained in {}",
                    names(busy),
                    Durations.measured(time));
        }
    }

    private static String names(List<QueueEngine> busy) {
        List<String> names =
                busy.stream().map(engine -> engine.context.name).distinct().toList();
        return (busy.size() == 1 ? "Queue " : busy.size() + " queues ") + Names.list(names, MAX_SHOWN_NAMES);
    }

    /** Waits until all are quiescent at the same instant: none was put into while one after the other was looked at. */
    private void awaitQuiescence() throws InterruptedException {
        long accepted;
        do {
            accepted = accepted();
            for (Shutdown queue : shutdowns()) {
                if (!queue.awaitQuiescence(timeout)) {
                    return;
                }
            }
        } while (accepted != accepted());
    }

    private List<Shutdown> shutdowns() {
        return engines.stream().map(engine -> engine.shutdown).toList();
    }

    private long accepted() {
        return engines.stream()
                .mapToLong(engine -> engine.backlog.acceptedCount())
                .sum();
    }
}
