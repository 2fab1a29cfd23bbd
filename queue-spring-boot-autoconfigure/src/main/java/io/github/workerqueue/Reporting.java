package io.github.workerqueue;

import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.QueueReport.WaitingTask;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks at what a queue does. */
final class Reporting {

    /*
     * Nothing is held up, and nothing is written for it that would not be written anyway. So what is read of a task may have
     * been overwritten by the next meanwhile: of a slot, and of a cell of the ring. Each has a ticket that never comes again;
     * what was read between two looks at the same ticket belongs to that.
     *
     * The index of a task that runs is right, as no round ends meanwhile; that of one that waits is read while none can end.
     */

    /** How often to look at what keeps changing. */
    static final int LOOKS = 100;

    private Reporting() {}

    static QueueReport of(Engine engine) {
        return of(engine, Occupancy::look);
    }

    /** As {@link #of}, with the stacks of running tasks, each taken while that task was looked at. */
    static QueueReport withStacks(Engine engine) {
        return of(engine, Occupancy::lookWithStack);
    }

    private static QueueReport of(Engine engine, Function<Slot, @Nullable Sight> look) {
        QueueSnapshot figures = Figures.of(engine);
        List<Sight> running = new ArrayList<>();
        engine.slots.used().forEach(slot -> {
            Sight sight = look.apply(slot);
            if (sight != null) {
                running.add(sight);
            }
        });
        Sight oldest = engine.rounds.quiescence().<@Nullable Sight>attempt(() -> oldest(engine));
        long now = engine.now();
        return new QueueReport(
                figures,
                running.stream()
                        .sorted(Comparator.comparingLong(Sight::index))
                        .map(sight -> new RunningTask(
                                sight.index(), sight.source(), age(engine, sight, now), sight.thread(), sight.stack()))
                        .toList(),
                oldest == null ? null : new WaitingTask(oldest.index(), oldest.source(), age(engine, oldest, now)),
                engine.gate.blocked());
    }

    /** A task that waits to run again was put before all that are in the ring. */
    private static @Nullable Sight oldest(Engine engine) {
        Sight retry = engine.retries.oldest();
        return retry != null ? retry : oldestInRing(engine);
    }

    private static @Nullable Sight oldestInRing(Engine engine) {
        Ring ring = engine.ring;
        for (int looks = 0; looks < LOOKS; looks++) {
            long ticket = ring.claimed();
            if (ticket >= ring.issued()) {
                return null;
            }
            Object task = ring.peek(ticket);
            if (task != null) {
                Sight sight = Sight.of(engine.rounds.index(ticket), task, ring.stamp(ticket), null);
                VarHandle.acquireFence();
                if (ticket == ring.claimed()) {
                    return sight;
                }
            }
            Ring.pause(looks);
        }
        return null;
    }

    private static @Nullable Duration age(Engine engine, Sight sight, long now) {
        return engine.timed ? Durations.between(sight.since(), now) : null;
    }
}
