package io.github.workerqueue;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Source of the snapshots of one queue. After the queue has terminated, it provides the last snapshot and no longer
 * retains the queue.
 */
final class SnapshotSource implements Supplier<QueueSnapshot> {

    private final AtomicReference<@Nullable QueueEngine> engine;

    /** Last snapshot; null until the queue has terminated. Written before {@code engine} is cleared. */
    private volatile @Nullable QueueSnapshot last;

    SnapshotSource(QueueEngine engine) {
        this.engine = new AtomicReference<>(engine);
    }

    @Override
    public QueueSnapshot get() {
        QueueEngine living = engine.get();
        return living == null ? Objects.requireNonNull(last) : of(living);
    }

    /** Keeps the last snapshot and releases the engine. Call this method once the queue has terminated. */
    void freeze() {
        last = get();
        engine.set(null);
    }

    static QueueSnapshot of(QueueEngine engine) {
        QueueContext context = engine.context;
        Backlog backlog = engine.backlog;
        Sums sums = new Sums(engine.slots.usedSlots());
        int retrying = backlog.retrying();
        return new QueueSnapshot(
                context.name,
                context.id,
                state(engine),
                engine.throttle.workers(),
                context.settings.maxsize(),
                backlog.depth(retrying),
                engine.slots.active(),
                backlog.overflowSize(),
                engine.producers.count(),
                engine.round.counter(),
                sums.collected,
                backlog.acceptedCount(),
                sums.completed,
                sums.failed,
                sums.cancelled + engine.cancellation.droppedCount(),
                engine.admission.rejectedCount(),
                retrying);
    }

    private static QueueSnapshot.State state(QueueEngine engine) {
        Ring ring = engine.ring;
        if (ring.hasAny(Ring.CLOSED)) {
            return QueueSnapshot.State.CLOSED;
        }
        if (ring.hasAny(Ring.CLOSING | Ring.DRAINING)) {
            return QueueSnapshot.State.CLOSING;
        }
        return engine.throttle.isPaused() ? QueueSnapshot.State.PAUSED : QueueSnapshot.State.OPEN;
    }

    private static final class Sums {

        private long collected;

        private long completed;

        private long failed;

        private long cancelled;

        Sums(UsedSlots used) {
            completed = used.completed();
            failed = used.failed();
            cancelled = used.cancelled();
            used.forEach(this::add);
        }

        private void add(WorkerSlot slot) {
            collected += ResultChunk.count(slot.outcomes.results());
            completed += slot.outcomes.completed();
            failed += slot.outcomes.failed();
            cancelled += slot.outcomes.cancelled();
        }
    }
}
