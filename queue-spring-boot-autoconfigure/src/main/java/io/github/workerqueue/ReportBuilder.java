package io.github.workerqueue;

import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.QueueReport.WaitingTask;
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

    private ReportBuilder() {}

    static QueueReport of(QueueEngine engine) {
        return of(engine, CurrentTask::sample);
    }

    /** As {@link #of}, with the stacks of running tasks, each taken while that task was looked at. */
    static QueueReport withStacks(QueueEngine engine) {
        return of(engine, CurrentTask::sampleWithStack);
    }

    private static QueueReport of(QueueEngine engine, Function<CurrentTask, @Nullable TaskSample> look) {
        QueueSnapshot figures = SnapshotSource.of(engine);
        List<TaskSample> running = new ArrayList<>();
        engine.slots.usedSlots().forEach(slot -> {
            TaskSample sight = look.apply(slot.current);
            if (sight != null) {
                running.add(sight);
            }
        });
        TaskSample oldest = engine.quiescence.<@Nullable TaskSample>attempt(engine.backlog::oldest);
        long now = engine.context.now();
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

    private static @Nullable Duration age(QueueEngine engine, TaskSample sight, long now) {
        return engine.context.timed ? Durations.between(sight.since(), now) : null;
    }
}
