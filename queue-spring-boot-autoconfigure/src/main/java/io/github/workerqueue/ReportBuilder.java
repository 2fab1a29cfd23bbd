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
final class ReportBuilder {

    /*
     * Nothing is held up, and nothing is written for it that would not be written anyway. So what is read of a task may have
     * been overwritten by the next meanwhile: of a slot, and of a cell of the ring. Each has a ticket that never comes again;
     * what was read between two looks at the same ticket belongs to that.
     *
     * The index of a task that runs is right, as no round ends meanwhile; that of one that waits is read while none can end.
     */

    /** How often to look at what keeps changing. */
    static final int LOOKS = 100;

    private ReportBuilder() {}

    static QueueReport of(QueueEngine engine) {
        return of(engine, CurrentTask::sample);
    }

    /** As {@link #of}, with the stacks of running tasks, each taken while that task was looked at. */
    static QueueReport withStacks(QueueEngine engine) {
        return of(engine, CurrentTask::sampleWithStack);
    }

    private static QueueReport of(QueueEngine engine, Function<WorkerSlot, @Nullable TaskSample> look) {
        QueueSnapshot figures = SnapshotSource.of(engine);
        List<TaskSample> running = new ArrayList<>();
        engine.slots.usedSlots().forEach(slot -> {
            TaskSample sight = look.apply(slot);
            if (sight != null) {
                running.add(sight);
            }
        });
        TaskSample oldest = engine.round.quiescence().<@Nullable TaskSample>attempt(() -> oldest(engine));
        long now = engine.now();
        return new QueueReport(
                figures,
                running.stream()
                        .sorted(Comparator.comparingLong(TaskSample::index))
                        .map(sight -> new RunningTask(
                                sight.index(), sight.source(), age(engine, sight, now), sight.thread(), sight.stack()))
                        .toList(),
                oldest == null ? null : new WaitingTask(oldest.index(), oldest.source(), age(engine, oldest, now)),
                engine.producers.report());
    }

    /** A task that waits to run again was put before all that are in the ring. */
    private static @Nullable TaskSample oldest(QueueEngine engine) {
        TaskSample retry = engine.retries.oldest();
        return retry != null ? retry : oldestInRing(engine);
    }

    private static @Nullable TaskSample oldestInRing(QueueEngine engine) {
        Ring ring = engine.ring;
        for (int looks = 0; looks < LOOKS; looks++) {
            long ticket = ring.head();
            if (ticket >= ring.tail()) {
                return null;
            }
            Object task = ring.peek(ticket);
            if (task != null) {
                TaskSample sight = TaskSample.of(engine.round.index(ticket), task, ring.putTime(ticket), null);
                VarHandle.acquireFence();
                if (ticket == ring.head()) {
                    return sight;
                }
            }
            Ring.pause(looks);
        }
        return null;
    }

    private static @Nullable Duration age(QueueEngine engine, TaskSample sight, long now) {
        return engine.timed ? Durations.between(sight.since(), now) : null;
    }
}
