package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Identity, settings and services of one queue, which its parts share. */
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

    /** The queue by one of whose tasks this one was opened; null if there is none. */
    final @Nullable QueueContext outer;

    /** Token of the drain of several factories in which this queue takes part; null if there is none. */
    volatile @Nullable Object drain;

    /** First ticket of the current round. Written under the lock of {@link Quiescence}. */
    private volatile long firstTicket;

    /** First ticket of the round in which the oldest task of an absent slot began; that of this round if there is none. */
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

    /** Begins a round with this ticket. The tasks of absent slots keep the indexes of the round in which they began. */
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

    void notifyFinished(long index, long nanos, Outcome outcome, @Nullable Throwable failure) {
        if (timed) {
            listener.finished(name, index, nanos, outcome, failure);
        }
    }

    void logLifecycle(String event) {
        Level level = settings.logLevel();
        if (level != null) {
            QueueLog.log(level, "Queue '{}': {} {}", name, event, Counts.of(settings.workers(), "worker"));
        }
    }
}
