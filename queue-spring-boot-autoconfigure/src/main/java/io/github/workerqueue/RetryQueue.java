package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Tasks that wait for a retry: first for the end of the retry delay, then for a worker. */
final class RetryQueue {

    /*
     * The tasks keep their tickets, so they cannot pass through the ring again. When a retry is due, the ring is
     * guarded: a slot that claims asks StartThrottle, which claims from this queue first.
     *
     * Invariant: between two attempts, a task is in this queue, or its slot counts as running. So the queue never
     * looks quiescent meanwhile.
     *
     * Happens-before: a slot adds a task and then reads the limit of Cancellation. A cancel raises that limit and
     * then reads this queue. One of the two finds the task.
     */

    private final QueueContext context;

    private final Ring ring;

    private final ReentrantLock lock;

    private final QueueSignals signals;

    /** Created with the first task. Guarded by the lock. */
    private @Nullable Entries entries;

    /** Number of entries. Written under the lock. */
    private volatile int size;

    /** Number of due entries. Written under the lock. */
    private volatile int dueCount;

    /** Creates a queue that shares a lock with other parts, to save memory in idle queues. */
    RetryQueue(QueueContext context, Ring ring, ReentrantLock lock, QueueSignals signals) {
        this.context = context;
        this.ring = ring;
        this.lock = lock;
        this.signals = signals;
    }

    int size() {
        return size;
    }

    /** Returns the number of tasks that wait for a worker. */
    int dueCount() {
        return dueCount;
    }

    /** Adds a task that is due after a delay. The caller must be the slot that ran the last attempt. */
    void add(QueuedTask task, long ticket, long nanos) {
        Entry entry = new Entry(task, ticket);
        lock.lock();
        try {
            if (entries == null) {
                entries = new Entries();
            }
            entries.delayed.put(ticket, entry);
            updateCounts();
            schedule(entry, nanos);
        } finally {
            lock.unlock();
        }
        if (entry.timer == null || task.isCancelled()) {
            makeDue(entry);
        }
    }

    private void schedule(Entry entry, long nanos) {
        if (context.threads.areParallel()) {
            try {
                entry.timer = context.timer.schedule(() -> makeDue(entry), nanos);
            } catch (Throwable ex) {
                String message = "Queue '{}': a retry delay could not be scheduled; the task is retried immediately";
                QueueLog.log(Level.ERROR, message, context.name, ex);
            }
        }
    }

    /** Ends the delay of a task that was last claimed with this ticket, if there is one. */
    void makeDue(QueuedTask task, long ticket) {
        if (size == 0) {
            return;
        }
        Entry entry;
        lock.lock();
        try {
            entry = entries().delayed.get(ticket);
        } finally {
            lock.unlock();
        }
        if (entry != null && entry.task == task) { // a task that never ran has no ticket
            makeDue(entry);
        }
    }

    private void makeDue(Entry entry) {
        lock.lock();
        try {
            if (!entries().delayed.remove(entry.ticket, entry)) {
                return;
            }
            entry.dueTime = context.now();
            entries().due.put(entry.ticket, entry);
            updateCounts();
            ring.guard();
            entry.cancelTimer();
        } finally {
            lock.unlock();
        }
        signals.wakeWorker();
    }

    /** Claims the first due task. Call this method under the lock, and only if a task is due. */
    Entry poll() {
        Entry first = entries().due.pollFirstEntry().getValue();
        updateCounts();
        return first;
    }

    /** Returns a sample of the first due task; null if there is none. */
    @Nullable
    TaskSample oldest() {
        if (dueCount == 0) {
            return null;
        }
        lock.lock();
        try {
            Map.Entry<Long, Entry> first = entries().due.firstEntry();
            if (first == null) {
                return null;
            }
            Entry entry = first.getValue();
            return TaskSample.ofWaiting(context.index(entry.ticket), entry.task, entry.dueTime);
        } finally {
            lock.unlock();
        }
    }

    /** Gives all tasks below the limit to a sink. Call this method only while no round ends. */
    void cancelBelow(long limit, CancelSink sink) {
        if (size == 0) {
            return;
        }
        List<Entry> cancelled = new ArrayList<>();
        lock.lock();
        try {
            for (Map<Long, Entry> below :
                    List.of(entries().delayed.headMap(limit), entries().due.headMap(limit))) {
                cancelled.addAll(below.values());
                below.clear();
            }
            updateCounts();
        } finally {
            lock.unlock();
        }
        for (Entry entry : cancelled) {
            entry.cancelTimer();
            sink.drop(entry.ticket, entry.task);
        }
    }

    private void updateCounts() {
        dueCount = entries().due.size();
        size = entries().delayed.size() + dueCount;
    }

    /** Returns the entries, once there was one. Guarded by the lock. */
    private Entries entries() {
        return Objects.requireNonNull(entries);
    }

    /** Tasks by their tickets. */
    private static final class Entries {

        /** Tasks within their retry delay. */
        private final TreeMap<Long, Entry> delayed = new TreeMap<>();

        /** Tasks that wait for a worker. */
        private final TreeMap<Long, Entry> due = new TreeMap<>();
    }

    /** Task that waits for a retry. */
    static final class Entry {

        final QueuedTask task;

        final long ticket;

        /** Written once, under the lock; null if the task has no delay. */
        private volatile QueueTimer.@Nullable Scheduled timer;

        /** End of the retry delay. Guarded by the lock. */
        private long dueTime;

        private Entry(QueuedTask task, long ticket) {
            this.task = task;
            this.ticket = ticket;
        }

        long dueTime() {
            return dueTime;
        }

        private void cancelTimer() {
            QueueTimer.Scheduled scheduled = timer;
            if (scheduled != null) {
                scheduled.cancel();
            }
        }
    }
}
