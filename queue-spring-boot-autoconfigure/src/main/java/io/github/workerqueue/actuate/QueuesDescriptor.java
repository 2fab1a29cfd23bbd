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
 * Response of the {@link QueueEndpoint}.
 *
 * @param queues the queues, in the order in which they were opened
 * @param settings the settings of a configured name while no queue of this name is open; otherwise {@code null}
 * @since 0.1
 */
public record QueuesDescriptor(
        List<QueueDescriptor> queues, @Nullable SettingsDescriptor settings) implements OperationResponseBody {

    /**
     * Creates a descriptor without settings.
     *
     * @param queues the queues, in the order in which they were opened
     */
    public QueuesDescriptor(List<QueueDescriptor> queues) {
        this(queues, null);
    }

    /**
     * Settings with which a queue is opened, unless the code that opens the queue changes them.
     *
     * @param workers the maximum number of running tasks
     * @param maxsize the maximum number of waiting tasks
     * @since 0.1
     */
    public record SettingsDescriptor(int workers, int maxsize) {}

    /**
     * Description of one queue.
     *
     * @param figures the name, ID, state and counters of the queue
     * @param running the running tasks, in submission order
     * @param oldest the first task, in submission order, that waits for a worker; {@code null} if none waits
     * @param blocked the producers that are blocked by the full queue, in the order in which they wait
     * @since 0.1
     */
    public record QueueDescriptor(
            QueueSnapshot figures,
            List<TaskDescriptor> running,
            @Nullable TaskDescriptor oldest,
            List<ProducerDescriptor> blocked) {}

    /**
     * Description of one task.
     *
     * @param index the index of the task in its round
     * @param name the name of the task; its class name if the name must not be shown
     * @param age the time for which the task has run or waited; {@code null} if no times are measured
     * @param thread the name of the thread that runs the task; {@code null} if the task waits, or occupies its worker
     *     without a thread
     * @param stack the stack of the thread; {@code null} if it was not requested
     * @param ended true if the stack was requested and the task ended while it was taken; otherwise {@code null}
     * @since 0.1
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
         * @param index the index of the task in its round
         * @param name the name of the task, or its class name
         * @param age the time for which the task has run or waited; {@code null} if no times are measured
         * @param thread the name of the thread that runs the task; {@code null} if there is none
         * @param stack the stack of the thread; {@code null} if it was not requested
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
     * Description of a blocked producer.
     *
     * @param thread the name of the thread of the producer
     * @param age the time for which the producer has been blocked
     * @since 0.1
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
