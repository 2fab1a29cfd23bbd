package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** The tasks that failed and wait to run again: first for their time, then for a slot. */
final class RetryQueue {

    /*
     * They keep their tickets, so they cannot go through the ring again. When the time of one has come, the ring is guarded: a
     * slot that claims asks the StartThrottle, which sends it here first. Between the slot that ran it and the one that runs it again, a
     * task is here or on one of the two, which then counts as running, so nobody sees the queue quiet meanwhile.
     *
     * A cancel raises its limit and then looks here, a slot adds a task and then reads the limit: one of the two finds it.
     */

    private final QueueEngine engine;

    /** That of the quota. */
    private final ReentrantLock lock;

    /** Made with the first task. Guarded by the lock. */
    private @Nullable Waiting entries;

    /** How many there are of both. Written under the lock. */
    private volatile int size;

    /** How many wait for a slot. Written under the lock. */
    private volatile int dueSize;

    RetryQueue(QueueEngine engine, ReentrantLock lock) {
        this.engine = engine;
        this.lock = lock;
    }

    int size() {
        return size;
    }

    int dueCount() {
        return dueSize;
    }

    /** Lets a task run again after a time. By the slot that ran it. */
    void add(QueuedTask task, long ticket, long nanos) {
        Retry retry = new Retry(task, ticket);
        lock.lock();
        try {
            if (entries == null) {
                entries = new Waiting();
            }
            entries.pending.put(ticket, retry);
            updateCounts();
            schedule(retry, nanos);
        } finally {
            lock.unlock();
        }
        if (retry.timer == null || task.isCancelled()) {
            makeDue(retry);
        }
        if (ticket < engine.cancellation.limit()) {
            cancel(engine.cancellation.limit(), engine.cancellation::drop);
        }
    }

    private void schedule(Retry retry, long nanos) {
        if (engine.threads.areParallel()) {
            try {
                retry.timer = engine.timer.schedule(() -> makeDue(retry), nanos);
            } catch (Throwable ex) {
                String message = "Queue '{}': a retry delay could not be scheduled; the task is retried immediately";
                QueueLog.log(Level.ERROR, message, engine.name, ex);
            }
        }
    }

    /** Lets a task that ran with this ticket run as soon as there is a slot for it, if it waits for its time. */
    void makeDue(QueuedTask task, long ticket) {
        if (size == 0) {
            return;
        }
        Retry retry;
        lock.lock();
        try {
            retry = entries().pending.get(ticket);
        } finally {
            lock.unlock();
        }
        if (retry != null && retry.task == task) { // one that never ran has no ticket
            makeDue(retry);
        }
    }

    private void makeDue(Retry retry) {
        lock.lock();
        try {
            if (!entries().pending.remove(retry.ticket, retry)) {
                return;
            }
            retry.dueTime = engine.now();
            entries().due.put(retry.ticket, retry);
            updateCounts();
            engine.ring.guard();
            retry.cancelTimer();
        } finally {
            lock.unlock();
        }
        engine.wakeWorker();
    }

    /** Takes the first one that waits for a slot, for one that counts as running. Under the lock, and only if there is one. */
    Retry poll() {
        Retry first = entries().due.pollFirstEntry().getValue();
        updateCounts();
        return first;
    }

    /** The first one that waits for a slot, or null. */
    @Nullable
    TaskSample oldest() {
        if (dueSize == 0) {
            return null;
        }
        lock.lock();
        try {
            Map.Entry<Long, Retry> first = entries().due.firstEntry();
            if (first == null) {
                return null;
            }
            Retry retry = first.getValue();
            return TaskSample.of(engine.round.index(retry.ticket), retry.task, retry.dueTime, null);
        } finally {
            lock.unlock();
        }
    }

    /** Cancels those below the limit. While no round ends. */
    void cancel(long limit, Cancellation.CancelSink fate) {
        if (size == 0) {
            return;
        }
        List<Retry> cancelled = new ArrayList<>();
        lock.lock();
        try {
            for (Map<Long, Retry> below :
                    List.of(entries().pending.headMap(limit), entries().due.headMap(limit))) {
                cancelled.addAll(below.values());
                below.clear();
            }
            updateCounts();
        } finally {
            lock.unlock();
        }
        for (Retry retry : cancelled) {
            retry.cancelTimer();
            fate.drop(retry.ticket, retry.task);
        }
    }

    private void updateCounts() {
        dueSize = entries().due.size();
        size = entries().pending.size() + dueSize;
    }

    /** Once there was one. Under the lock. */
    private Waiting entries() {
        return Objects.requireNonNull(entries);
    }

    /** The tasks by ticket. */
    private static final class Waiting {

        /** Those whose time has not come. */
        private final TreeMap<Long, Retry> pending = new TreeMap<>();

        /** Those that wait for a slot. */
        private final TreeMap<Long, Retry> due = new TreeMap<>();
    }

    /** A task that is to run again. */
    static final class Retry {

        final QueuedTask task;

        final long ticket;

        /** Written under the lock, once; null if it does not wait for its time. */
        private volatile QueueTimer.@Nullable Scheduled timer;

        /** Since when it waits for a slot. Guarded by the lock. */
        private long dueTime;

        private Retry(QueuedTask task, long ticket) {
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
