package io.github.workerqueue;

import org.jspecify.annotations.Nullable;

/**
 * Backlog of a queue: the tasks in the ring, the overflow, and the tasks waiting for a retry. It also passes free cells
 * on, first to the overflow and then to the blocked producers.
 */
final class Backlog {

    private final QueueContext context;

    private final Ring ring;

    private final PutOverflow overflow;

    private final BlockedProducers producers;

    private final RetryQueue retries;

    private final QueueSignals signals;

    Backlog(
            QueueContext context,
            Ring ring,
            PutOverflow overflow,
            BlockedProducers producers,
            RetryQueue retries,
            QueueSignals signals) {
        this.context = context;
        this.ring = ring;
        this.overflow = overflow;
        this.producers = producers;
        this.retries = retries;
        this.signals = signals;
    }

    /** Whether a task waits for nothing but a worker. */
    boolean hasReady() {
        return !ring.isEmpty() || retries.dueCount() > 0;
    }

    boolean hasDueRetry() {
        return retries.dueCount() > 0;
    }

    /** Returns the number of tasks that a worker could claim. */
    int readyCount() {
        return ring.depth() + retries.dueCount();
    }

    /** Whether no task waits. The result is stale on return, unless the worker slots are frozen. */
    boolean isEmpty() {
        return ring.isEmpty() && overflow.size() == 0 && retries.size() == 0;
    }

    /** Returns the number of issued tickets if no task waits, else -1. */
    long tailIfEmpty() {
        long tail = ring.tailIfEmpty();
        return overflow.size() > 0 || retries.size() > 0 ? -1 : tail;
    }

    int depth() {
        return depth(retries.size());
    }

    /** Returns the depth, given the number of tasks waiting for a retry. */
    int depth(int retrying) {
        return ring.depth() + overflow.size() + retrying;
    }

    int retrying() {
        return retries.size();
    }

    /** Returns the number of child tasks beyond the capacity. */
    int overflowSize() {
        return overflow.size();
    }

    /** Returns the number of tasks accepted so far. */
    long acceptedCount() {
        return overflow.acceptedCount();
    }

    boolean hasBlockedProducers() {
        return producers.count() > 0;
    }

    /** Offers a free cell to the overflow, or else to the blocked producers. Call this method after freeing a cell. */
    void signalNotFull() {
        refillFromOverflow();
        if (overflow.size() == 0) {
            producers.signalNotFull();
        }
    }

    /**
     * Moves child tasks into the ring while it has free cells, and wakes a worker for them. Returns false without one.
     */
    boolean refillFromOverflow() {
        boolean refilled = overflow.refill();
        if (refilled) {
            signals.wakeWorker();
        }
        return refilled;
    }

    /**
     * Completes a put that failed with StackOverflowError before it woke a worker. Call this method before a wait,
     * after {@link StackGuard}.
     */
    void recover() {
        overflow.repair();
        signals.wakeWorker();
    }

    /** Adds a task for a retry after a delay in nanoseconds. Call this method from the worker of the failed attempt. */
    void retry(QueuedTask task, long ticket, long nanos) {
        retries.add(task, ticket, nanos);
    }

    /** Claims the first task whose retry is due, under the lock of the retry queue. Returns null if none is due. */
    RetryQueue.@Nullable Entry claimRetry() {
        return retries.dueCount() > 0 ? retries.poll() : null;
    }

    /** Ends the retry delay of a task that was last claimed with this ticket, if the task waits for a retry. */
    void endRetryDelay(QueuedTask task, long ticket) {
        retries.makeDue(task, ticket);
    }

    /** Claims all waiting tasks below the limit and passes them to the sink. */
    void cancelBelow(long limit, CancelSink sink) {
        for (long ticket = ring.claimBelow(limit); ticket >= 0; ticket = ring.claimBelow(limit)) {
            Object task = ring.task(ticket);
            ring.release(ticket);
            signalNotFull();
            sink.drop(ticket, task);
        }
        cancelRetriesBelow(limit, sink);
    }

    void cancelRetriesBelow(long limit, CancelSink sink) {
        retries.cancelBelow(limit, sink);
    }

    /** Returns a sample of the oldest task that waits for a worker, retries first; null if there is none. */
    @Nullable
    TaskSample oldest() {
        TaskSample retry = retries.oldest();
        return retry != null ? retry : ring.oldest(context::index);
    }
}
