package io.github.workerqueue;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The figures of a queue, for those who may keep them longer than the queue: once nothing changes any more, the last ones. */
final class Figures implements Supplier<QueueSnapshot> {

    private final AtomicReference<@Nullable Engine> engine;

    /** Written before there is no engine any more. */
    private volatile @Nullable QueueSnapshot last;

    Figures(Engine engine) {
        this.engine = new AtomicReference<>(engine);
    }

    @Override
    public QueueSnapshot get() {
        Engine living = engine.get();
        return living == null ? Objects.requireNonNull(last) : of(living);
    }

    /** The queue is closed, and nothing of it runs any more. */
    void conclude() {
        last = get();
        engine.set(null);
    }

    static QueueSnapshot of(Engine engine) {
        Sums sums = new Sums(engine.slots.used());
        int retrying = engine.retries.size();
        return new QueueSnapshot(
                engine.name,
                engine.id,
                state(engine),
                engine.quota.workers(),
                engine.settings.maxsize(),
                engine.depth(retrying),
                engine.slots.active(),
                engine.overflow.size(),
                engine.gate.waiting(),
                engine.rounds.counter(),
                sums.collected,
                engine.overflow.accepted(),
                sums.completed,
                sums.failed,
                sums.cancelled + engine.dropped.get(),
                engine.entrance.rejected(),
                retrying);
    }

    private static QueueSnapshot.State state(Engine engine) {
        if (engine.ring.has(Ring.CLOSED)) {
            return QueueSnapshot.State.CLOSED;
        }
        if (engine.ring.has(Ring.CLOSING | Ring.DRAINING)) {
            return QueueSnapshot.State.CLOSING;
        }
        return engine.quota.isPaused() ? QueueSnapshot.State.PAUSED : QueueSnapshot.State.OPEN;
    }

    private static final class Sums {

        private long collected;

        private long completed;

        private long failed;

        private long cancelled;

        Sums(UsedSlots used) {
            completed = used.succeeded();
            failed = used.failed();
            cancelled = used.cancelled();
            used.forEach(this::add);
        }

        private void add(Slot slot) {
            collected += Results.count(slot.ledger.results());
            completed += slot.ledger.tally.succeeded();
            failed += slot.ledger.tally.failed();
            cancelled += slot.ledger.tally.cancelled();
        }
    }
}
