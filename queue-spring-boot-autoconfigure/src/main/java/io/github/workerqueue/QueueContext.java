package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Identity, settings and services of one queue, shared by its parts. */
final class QueueContext {

    final String name;

    final long id;

    final QueueSettings settings;

    final QueueListener listener;

    /** Whether the queue measures times, because its listener is notified about tasks. */
    final boolean timed;

    final WorkerThreads threads;

    final QueueTimer timer;

    final QueueGroup group;

    /** Queue whose task opened this queue; null if no task did. */
    final @Nullable QueueContext outer;

    /** Identity of the drain in which this queue takes part; null outside a drain. */
    volatile @Nullable Object drain;

    /** First ticket of the current round. Written under the lock of {@link Quiescence}. */
    private volatile long firstTicket;

    /** First ticket of the round of the oldest task of an absent slot; without one, of the current round. */
    private volatile long firstTicketOfAbsent;

    QueueContext(
            String name,
            long id,
            QueueSettings settings,
            QueueListener listener,
            WorkerThreads threads,
            QueueTimer timer,
            QueueGroup group,
            @Nullable QueueContext outer) {
        this.name = name;
        this.id = id;
        this.settings = settings;
        this.listener = listener;
        this.timed = listener.hearsTasks();
        this.threads = threads;
        this.timer = timer;
        this.group = group;
        this.outer = outer;
    }

    /** Returns the time in nanoseconds; 0 if the queue measures no times. */
    long now() {
        return timed ? System.nanoTime() : 0;
    }

    /** Returns the index of a task that has not ended: its ticket minus the first ticket of its round. */
    long index(long ticket) {
        long first = firstTicket;
        return ticket - (ticket < first ? firstTicketOfAbsent : first);
    }

    long firstTicket() {
        return firstTicket;
    }

    /** Begins a round with a ticket. The tasks of absent slots keep the indexes of their round. */
    void beginRound(long ticket, boolean hasAbsent) {
        if (!hasAbsent) {
            firstTicketOfAbsent = ticket;
        }
        firstTicket = ticket;
    }

    /** Whether this queue closes, or was closed, together with its factory. */
    boolean isShutDown() {
        return drain != null || group.isClosing();
    }

    /** Notifies the listener of the end of a task; worker 0 means that none ran the task. */
    void notifyFinished(int worker, long index, long nanos, Outcome outcome, @Nullable Throwable failure) {
        if (timed) {
            listener.finished(name, id, worker, index, nanos, outcome, failure);
        }
    }

    void logLifecycle(String event) {
        Level level = settings.logLevel();
        if (level != null) {
            QueueLog.log(level, "Queue '{}': {} {}", name, event, Counts.of(settings.workers(), "worker"));
        }
    }
}
