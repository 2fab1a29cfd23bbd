package io.github.workerqueue;

import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.QueueReport.WaitingTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builder of reports on one queue. */
final class ReportBuilder {

    /*
     * A report blocks neither producers nor workers, and they write nothing for it alone. So a task may be replaced
     * by the next one while its slot, or its cell of the ring, is read. But no ticket recurs: the values read between
     * two reads of the same ticket belong to that ticket.
     *
     * The index of a running task is stable, as no round ends while a task runs. A waiting task is read under the
     * lock of Quiescence, under which no round ends.
     */

    private ReportBuilder() {}

    static QueueReport of(QueueEngine engine) {
        return of(engine, CurrentTask::sample);
    }

    /** Builds a report that includes the stacks of the running tasks. */
    static QueueReport withStacks(QueueEngine engine) {
        return of(engine, CurrentTask::sampleWithStack);
    }

    private static QueueReport of(QueueEngine engine, Function<CurrentTask, @Nullable TaskSample> sampler) {
        QueueSnapshot figures = SnapshotSource.of(engine);
        List<TaskSample> running = new ArrayList<>();
        engine.slots.usedSlots().forEach(slot -> {
            TaskSample sample = sampler.apply(slot.current);
            if (sample != null) {
                running.add(sample);
            }
        });
        TaskSample oldest = engine.quiescence.<@Nullable TaskSample>attempt(engine.backlog::oldest);
        long now = engine.context.now();
        return new QueueReport(
                figures,
                running.stream()
                        .sorted(Comparator.comparingLong(TaskSample::index))
                        .map(sample -> new RunningTask(
                                sample.index(),
                                sample.source(),
                                age(engine, sample, now),
                                sample.thread(),
                                sample.stack(),
                                sample.worker(),
                                sample.attempts()))
                        .toList(),
                oldest == null ? null : new WaitingTask(oldest.index(), oldest.source(), age(engine, oldest, now)),
                engine.producers.report());
    }

    private static @Nullable Duration age(QueueEngine engine, TaskSample sample, long now) {
        return engine.context.timed ? Durations.between(sample.since(), now) : null;
    }
}
