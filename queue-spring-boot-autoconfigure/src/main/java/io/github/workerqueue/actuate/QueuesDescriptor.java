package io.github.workerqueue.actuate;

import io.github.workerqueue.QueueReport;
import io.github.workerqueue.QueueReport.BlockedProducer;
import io.github.workerqueue.QueueReport.Task;
import io.github.workerqueue.QueueReport.WaitingTask;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint says of queues.
 *
 * @param queues each queue, in the order in which they were opened
 */
public record QueuesDescriptor(List<QueueDescriptor> queues) implements OperationResponseBody {

    /**
     * What it says of one queue.
     *
     * @param figures its name, number, state and figures
     * @param running the tasks that run, in put order
     * @param oldest the task that waits longest; null if none waits
     * @param blocked the producers that are held back by a full queue, the first in line first
     */
    public record QueueDescriptor(
            QueueSnapshot figures,
            List<TaskDescriptor> running,
            @Nullable TaskDescriptor oldest,
            List<ProducerDescriptor> blocked) {}

    /**
     * What it says of one task.
     *
     * @param index the place of the task in put order
     * @param name its name; the name of its class where it was not given and is not to be shown
     * @param age how long it has run, or waited; null where no times are measured
     * @param thread the name of the thread that runs it; null if it waits, or a stage holds its worker
     * @param stack what that thread does; null unless it was asked for
     */
    public record TaskDescriptor(
            long index,
            String name,
            @Nullable Duration age,
            @Nullable String thread,
            @Nullable List<String> stack) {}

    /**
     * What it says of a producer that is held back.
     *
     * @param thread the name of the thread that puts
     * @param age how long it has waited
     */
    public record ProducerDescriptor(String thread, Duration age) {}

    static QueuesDescriptor of(List<WorkerQueue<?>> queues, boolean values, boolean stacks) {
        return new QueuesDescriptor(
                queues.stream().map(queue -> describe(queue, values, stacks)).toList());
    }

    private static QueueDescriptor describe(WorkerQueue<?> queue, boolean values, boolean stacks) {
        QueueReport report = queue.report();
        Map<Long, List<StackTraceElement>> stackByIndex = stacks ? report.stacks(queue) : Map.of();
        WaitingTask oldest = report.oldest();
        return new QueueDescriptor(
                report.figures(),
                report.running().stream()
                        .map(task -> describe(task, values, task.thread(), stackByIndex.get(task.index())))
                        .toList(),
                oldest == null ? null : describe(oldest, values, null, null),
                report.blocked().stream().map(QueuesDescriptor::describe).toList());
    }

    private static TaskDescriptor describe(
            Task task, boolean values, @Nullable Thread thread, @Nullable List<StackTraceElement> stack) {
        String name = values || task.named() ? task.name() : task.type();
        return new TaskDescriptor(
                task.index(),
                name,
                task.age(),
                thread == null ? null : thread.getName(),
                stack == null
                        ? null
                        : stack.stream().map(StackTraceElement::toString).toList());
    }

    private static ProducerDescriptor describe(BlockedProducer producer) {
        return new ProducerDescriptor(producer.thread().getName(), producer.age());
    }
}
