package io.github.workerqueue.board;

import io.github.workerqueue.QueueSnapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Response of the {@link QueueBoardEndpoint} to {@code data}: the overview of all names, and the selected queue.
 *
 * @param instance the identifier of this run of the application
 * @param time the time of the response, in ISO 8601 format
 * @param second the number of the newest sample
 * @param page the page of the overview, from 1
 * @param pages the number of pages
 * @param names the number of names
 * @param overview the names of this page, sorted
 * @param controls the access to the endpoint that changes queues
 * @param selected the selected name; {@code null} without one
 * @since 0.1
 */
public record BoardDescriptor(
        String instance,
        String time,
        long second,
        int page,
        int pages,
        int names,
        List<NameDescriptor> overview,
        ControlsDescriptor controls,
        @Nullable SelectedDescriptor selected)
        implements OperationResponseBody {

    /**
     * Overview of one name. All numbers are sums over its open queues.
     *
     * @param name the name
     * @param open the number of open queues
     * @param workers the maximum number of running tasks
     * @param active the number of running tasks
     * @param maxsize the maximum number of waiting tasks
     * @param depth the number of waiting tasks
     * @param succeeded the number of tasks that succeeded in the last second
     * @param failed the number of tasks that failed in the last second
     * @param cancelled the number of tasks that were cancelled in the last second
     * @param limit the first limit, in their order, among the open queues
     * @since 0.1
     */
    public record NameDescriptor(
            String name,
            int open,
            long workers,
            long active,
            long maxsize,
            long depth,
            long succeeded,
            long failed,
            long cancelled,
            LimitDescriptor limit) {}

    /**
     * Present limit of a queue.
     *
     * @param kind the kind of the limit: closing, paused, hold, stalled, rate, permits, workers, producer, starting or
     *     none
     * @param text the sentence that names the limit
     * @param also the sentences of further limits; {@code null} if there are none, and in the overview
     * @since 0.1
     */
    public record LimitDescriptor(
            String kind, String text, @Nullable List<String> also) {}

    /**
     * Access to the endpoint that changes queues.
     *
     * @param href the address of the endpoint relative to the base of the page, with a slash at its end; {@code null}
     *     if it is not exposed
     * @param reason the reason why queues cannot be changed; {@code null} if they can
     * @since 0.1
     */
    public record ControlsDescriptor(
            @Nullable String href, @Nullable String reason) {}

    /**
     * Selected name and queue. The parts that describe a queue are {@code null} if no queue of the name is open.
     *
     * @param name the name
     * @param id the ID of the selected queue
     * @param queues the newest open queues of the name, the newest last
     * @param figures the snapshot of the selected queue
     * @param limit the present limit of the selected queue
     * @param samples the newest samples of the name: the number of the {@code first} one, and a list for each figure
     * @param lanes the recent work of each worker of the selected queue
     * @param progress the progress of the present round of the selected queue
     * @param running the running tasks, the oldest first
     * @param runningMore the number of further running tasks; {@code null} if there are none
     * @param oldest the task that has waited longest; {@code null} if none waits
     * @param blocked the blocked producers
     * @param blockedMore the number of further blocked producers; {@code null} if there are none
     * @param failures the failures of the name; {@code null} if there is none after the requested version
     * @since 0.1
     */
    public record SelectedDescriptor(
            String name,
            @Nullable Long id,
            List<QueueDescriptor> queues,
            @Nullable QueueSnapshot figures,
            LimitDescriptor limit,
            Map<String, Object> samples,
            @Nullable LanesDescriptor lanes,
            @Nullable ProgressDescriptor progress,
            @Nullable List<RunningDescriptor> running,
            @Nullable Integer runningMore,
            @Nullable WaitingDescriptor oldest,
            @Nullable List<ProducerDescriptor> blocked,
            @Nullable Integer blockedMore,
            @Nullable FailuresDescriptor failures) {}

    /**
     * Open queue of the selected name.
     *
     * @param id the ID of the queue
     * @param state the state of the queue
     * @since 0.1
     */
    public record QueueDescriptor(long id, QueueSnapshot.State state) {}

    /**
     * Work of the workers in the last minute, recorded while a page is open.
     *
     * @param first the second of the first cell
     * @param workers the number of workers
     * @param shown the lanes of the busiest workers, by their number
     * @param others the number of workers without a lane here
     * @param othersBusy the share of the last second for which these workers were busy, from 0 to 1; {@code null} if
     *     there are none
     * @since 0.1
     */
    public record LanesDescriptor(
            long first,
            int workers,
            List<LaneDescriptor> shown,
            int others,
            @Nullable Double othersBusy) {}

    /**
     * Lane of one worker.
     *
     * @param worker the number of the worker, from 1
     * @param first the second of the first cell, if the lane begins earlier than the others; otherwise {@code null}
     * @param cells the cells, three characters per second: the busy share from 0 to 9, the outcome, and the kind
     * @since 0.1
     */
    public record LaneDescriptor(int worker, @Nullable Long first, String cells) {}

    /**
     * Progress of the present round.
     *
     * @param done the number of tasks that have ended
     * @param accepted the number of accepted tasks
     * @param seconds the time until the accepted tasks have ended, at the rate of the last ten seconds; {@code null} if
     *     it is unknown
     * @since 0.1
     */
    public record ProgressDescriptor(
            long done, long accepted, @Nullable Number seconds) {}

    /**
     * Running task.
     *
     * @param index the index of the task in its round
     * @param name the name of the task; its class name if the name must not be shown
     * @param worker the number of the worker, from 1
     * @param attempts the number of attempts, with the present one
     * @param age the time for which the task has run, in seconds; {@code null} if no times are measured
     * @param thread the name of the thread; {@code null} if the task occupies its worker without a thread
     * @param async true if the task occupies its worker without a thread; otherwise {@code null}
     * @since 0.1
     */
    public record RunningDescriptor(
            long index,
            String name,
            int worker,
            int attempts,
            @Nullable Number age,
            @Nullable String thread,
            @Nullable Boolean async) {}

    /**
     * Waiting task.
     *
     * @param index the index of the task in its round
     * @param name the name of the task; its class name if the name must not be shown
     * @param age the time for which the task has waited, in seconds; {@code null} if no times are measured
     * @since 0.1
     */
    public record WaitingDescriptor(
            long index, String name, @Nullable Number age) {}

    /**
     * Blocked producer.
     *
     * @param thread the name of the thread
     * @param age the time for which the producer has been blocked, in seconds
     * @since 0.1
     */
    public record ProducerDescriptor(String thread, Number age) {}

    /**
     * Failures of one name.
     *
     * @param version the version, which grows with each failure
     * @param total the number of failures
     * @param groups the failures by their exception, the newest first
     * @since 0.1
     */
    public record FailuresDescriptor(long version, long total, List<FailureGroupDescriptor> groups) {}

    /**
     * Failures with the same type of exception.
     *
     * @param exception the class name of the exception
     * @param count the number of failures
     * @param message the message of the newest exception; {@code null} if there is none, or it must not be shown
     * @param last the time of the newest failure, in ISO 8601 format
     * @param tasks the newest failed tasks, the newest first
     * @since 0.1
     */
    public record FailureGroupDescriptor(
            String exception, long count, @Nullable String message, String last, List<FailedTaskDescriptor> tasks) {}

    /**
     * Failed task.
     *
     * @param task the name of the task, or its class name if the name must not be shown; {@code null} if it is unknown
     * @param index the index of the task in its round
     * @param attempts the number of attempts; {@code null} if it is unknown
     * @param id the ID of the queue
     * @since 0.1
     */
    public record FailedTaskDescriptor(
            @Nullable String task, long index, @Nullable Integer attempts, long id) {}

    /**
     * Response of the {@link QueueBoardEndpoint} to {@code history}: all samples of one name.
     *
     * @param name the name
     * @param instance the identifier of this run of the application
     * @param second the number of the newest sample
     * @param samples the samples of the last ten minutes: the number of the {@code first} one, and a list for each
     *     figure
     * @since 0.1
     */
    public record HistoryDescriptor(String name, String instance, long second, Map<String, Object> samples)
            implements OperationResponseBody {}
}
