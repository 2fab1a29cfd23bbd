package io.github.workerqueue.board;

import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.WorkerQueue;
import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Record of one queue, which does not keep the queue alive. */
final class QueueRecord {

    /** Number of seconds over which the rate of the progress is measured. */
    private static final int RATE_SECONDS = 10;

    final long id;

    final NameRecord name;

    /** Recent work of the workers; null unless a page is open. */
    volatile @Nullable Lanes lanes;

    private final @Nullable Supplier<QueueSnapshot> figures;

    private volatile WeakReference<@Nullable WorkerQueue<?>> queue = new WeakReference<>(null);

    /** Whether the totals below are those of an earlier snapshot, or of the opening. Guarded by this object. */
    private boolean counted;

    /** Totals that the name already has. Guarded by this object. */
    private long completed;

    /** As above. */
    private long failed;

    /** As above. */
    private long cancelled;

    /** Number of ended tasks at the newest samples, by the second. Guarded by this object. */
    private final long[] ended = new long[RATE_SECONDS + 1];

    /** Number of samples so far. Guarded by this object. */
    private int samples;

    /**
     * Creates a record.
     *
     * @param id the ID of the queue
     * @param name the record of its name
     * @param figures the supplier of snapshots; null if the recorder was not notified that the queue was opened
     */
    QueueRecord(long id, NameRecord name, @Nullable Supplier<QueueSnapshot> figures) {
        this.id = id;
        this.name = name;
        this.figures = figures;
        this.counted = figures != null;
    }

    /** Returns the queue; null if it is unknown or no longer reachable. */
    @Nullable
    WorkerQueue<?> queue() {
        return queue.get();
    }

    void setQueue(WorkerQueue<?> queue) {
        this.queue = new WeakReference<>(queue);
    }

    /** Returns a snapshot, also of a queue that is closed; null if the queue is no longer reachable. */
    @Nullable
    QueueSnapshot snapshot() {
        if (figures != null) {
            return figures.get();
        }
        WorkerQueue<?> reachable = queue();
        return reachable == null ? null : reachable.snapshot();
    }

    /**
     * Adds the tasks that have ended since the last call to the name. If the opening of the queue was not noticed, the
     * first call adds none.
     */
    synchronized void add(QueueSnapshot snapshot) {
        if (counted) {
            name.ended(
                    Math.max(0, snapshot.completed() - completed),
                    Math.max(0, snapshot.failed() - failed),
                    Math.max(0, snapshot.cancelled() - cancelled));
        }
        counted = true;
        completed = Math.max(completed, snapshot.completed());
        failed = Math.max(failed, snapshot.failed());
        cancelled = Math.max(cancelled, snapshot.cancelled());
    }

    /** Remembers the number of ended tasks of a second, after {@link #add}. */
    synchronized void sampled() {
        ended[samples++ % ended.length] = completed + failed + cancelled;
    }

    /** Returns the number of tasks that ended per second in the last ten seconds; 0 if it is unknown. */
    synchronized double rate() {
        int seconds = Math.min(samples - 1, RATE_SECONDS);
        if (seconds < 1) {
            return 0;
        }
        long now = ended[(samples - 1) % ended.length];
        return (double) (now - ended[(samples - 1 - seconds) % ended.length]) / seconds;
    }
}
