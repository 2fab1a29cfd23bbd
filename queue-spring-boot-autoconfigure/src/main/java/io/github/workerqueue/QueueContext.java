package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.time.Duration;
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

    /**
     * Holds the name of this queue if a failure asks for a wait. Runs code of the user.
     *
     * @return the wait in nanoseconds; 0 if there is none, or it is longer than the maximum
     */
    long hold(Throwable failure) {
        long most = maxHold();
        long wait = most == 0 ? 0 : requestedWait(failure);
        if (wait == 0 || wait > most) {
            return 0;
        }
        try {
            group.hold(name, wait);
        } catch (Throwable ex) { // no memory is left
            QueueLog.log(Level.ERROR, "Queue '{}': the name could not be held; only this task waits", name, ex);
        }
        return wait;
    }

    /** Returns the maximum wait for which a failure holds the name, in nanoseconds; 0 if no failure does. */
    long maxHold() {
        return Durations.nanos(settings.maxHold());
    }

    /** Returns the wait that a failure asks for, in nanoseconds; 0 if there is none. Runs code of the user. */
    long requestedWait(Throwable failure) {
        Duration wait = RetryAfterChain.ask(
                settings.retryAfterResolver(), failure, ex -> group.logOnce.warnOfFailedResolver(name, ex));
        return wait == null ? 0 : Math.max(0, Durations.nanos(wait));
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
