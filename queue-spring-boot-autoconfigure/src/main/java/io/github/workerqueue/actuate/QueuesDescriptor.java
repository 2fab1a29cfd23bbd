package io.github.workerqueue.actuate;

import io.github.workerqueue.QueueReport;
import io.github.workerqueue.QueueReport.BlockedProducer;
import io.github.workerqueue.QueueReport.RunningTask;
import io.github.workerqueue.QueueReport.Task;
import io.github.workerqueue.QueueReport.WaitingTask;
import io.github.workerqueue.QueueSettings;
import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.WorkerQueue;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint says of queues.
 *
 * @param queues each queue, in the order in which they were opened
 * @param settings the settings of the queues of a configured name while none is open; else null
 */
public record QueuesDescriptor(
        List<QueueDescriptor> queues, @Nullable SettingsDescriptor settings) implements OperationResponseBody {

    /**
     * Creates a descriptor without settings.
     *
     * @param queues each queue, in the order in which they were opened
     */
    public QueuesDescriptor(List<QueueDescriptor> queues) {
        this(queues, null);
    }

    /**
     * Settings with which a queue is opened, unless the code that opens it changes them.
     *
     * @param workers maximum number of running tasks
     * @param maxsize maximum number of waiting tasks
     */
    public record SettingsDescriptor(int workers, int maxsize) {}

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
     * @param ended true if the stack was asked for and the task ended while it was taken; else null
     */
    public record TaskDescriptor(
            long index,
            String name,
            @Nullable Duration age,
            @Nullable String thread,
            @Nullable List<String> stack,
            @Nullable Boolean ended) {

        /**
         * Creates a descriptor of a task that has not ended.
         *
         * @param index as of the record
         * @param name as of the record
         * @param age as of the record
         * @param thread as of the record
         * @param stack as of the record
         */
        public TaskDescriptor(
                long index,
                String name,
                @Nullable Duration age,
                @Nullable String thread,
                @Nullable List<String> stack) {
            this(index, name, age, thread, stack, null);
        }
    }

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

    static QueuesDescriptor of(QueueSettings settings) {
        return new QueuesDescriptor(List.of(), new SettingsDescriptor(settings.workers(), settings.maxsize()));
    }

    private static QueueDescriptor describe(WorkerQueue<?> queue, boolean values, boolean stacks) {
        QueueReport report = stacks ? queue.reportWithStacks() : queue.report();
        WaitingTask oldest = report.oldest();
        return new QueueDescriptor(
                report.figures(),
                report.running().stream().map(task -> describe(task, values)).toList(),
                oldest == null ? null : describe(oldest, values, null, null),
                report.blocked().stream().map(QueuesDescriptor::describe).toList());
    }

    static TaskDescriptor describe(RunningTask task, boolean values) {
        return describe(task, values, task.thread(), task.stack());
    }

    private static TaskDescriptor describe(
            Task task, boolean values, @Nullable Thread thread, @Nullable List<StackTraceElement> stack) {
        String name = values || task.named() ? task.name() : task.type();
        boolean ended = stack != null && stack.isEmpty();
        return new TaskDescriptor(
                task.index(),
                name,
                task.age(),
                thread == null ? null : thread.getName(),
                stack == null || ended
                        ? null
                        : stack.stream().map(StackTraceElement::toString).toList(),
                ended ? true : null);
    }

    private static ProducerDescriptor describe(BlockedProducer producer) {
        return new ProducerDescriptor(producer.thread().getName(), producer.age());
    }
}
