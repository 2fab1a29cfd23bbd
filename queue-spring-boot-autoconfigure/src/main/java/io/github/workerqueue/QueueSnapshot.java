package io.github.workerqueue;

/**
 * Snapshot of the counters of one queue. Each number is correct by itself. While the queue is quiescent, the numbers
 * add up exactly: {@code put = completed + failed + cancelled + depth + active}.
 *
 * @param name the name of the queue
 * @param id the ID of the queue, unique in the JVM
 * @param state the state of the queue
 * @param workers the maximum number of tasks that run concurrently
 * @param maxsize the capacity: the maximum number of waiting tasks
 * @param depth the number of waiting tasks, including child tasks beyond the capacity and tasks that wait for a retry
 * @param active the number of running tasks
 * @param overflow the number of waiting child tasks that were accepted beyond the capacity
 * @param blockedProducers the number of threads that are blocked in a put
 * @param counter the number of tasks accepted since the last join
 * @param collected the number of results collected for the next join
 * @param put the number of tasks accepted since the queue was opened
 * @param completed the number of tasks that ended without an exception
 * @param failed the number of tasks that ended with an exception
 * @param cancelled the number of tasks that were cancelled, before or while they ran
 * @param rejected the number of tasks that were rejected because the queue was full or closed, or its round had ended
 *     early; they are not part of {@code put}
 * @param retrying the number of tasks that have failed and wait for a retry; they are part of {@code depth} and do not
 *     count toward {@code maxsize}
 * @see WorkerQueue#snapshot()
 * @since 0.1
 */
public record QueueSnapshot(
        String name,
        long id,
        State state,
        int workers,
        int maxsize,
        int depth,
        int active,
        int overflow,
        int blockedProducers,
        long counter,
        long collected,
        long put,
        long completed,
        long failed,
        long cancelled,
        long rejected,
        int retrying) {

    /**
     * Creates a snapshot without tasks that wait for a retry.
     *
     * @param name the name of the queue
     * @param id the ID of the queue
     * @param state the state of the queue
     * @param workers the maximum number of tasks that run concurrently
     * @param maxsize the maximum number of waiting tasks
     * @param depth the number of waiting tasks
     * @param active the number of running tasks
     * @param overflow the number of waiting child tasks beyond the capacity
     * @param blockedProducers the number of threads that are blocked in a put
     * @param counter the number of tasks accepted since the last join
     * @param collected the number of results collected for the next join
     * @param put the number of tasks accepted since the queue was opened
     * @param completed the number of tasks that ended without an exception
     * @param failed the number of tasks that ended with an exception
     * @param cancelled the number of cancelled tasks
     * @param rejected the number of rejected tasks
     */
    public QueueSnapshot(
            String name,
            long id,
            State state,
            int workers,
            int maxsize,
            int depth,
            int active,
            int overflow,
            int blockedProducers,
            long counter,
            long collected,
            long put,
            long completed,
            long failed,
            long cancelled,
            long rejected) {
        this(
                name,
                id,
                state,
                workers,
                maxsize,
                depth,
                active,
                overflow,
                blockedProducers,
                counter,
                collected,
                put,
                completed,
                failed,
                cancelled,
                rejected,
                0);
    }

    /**
     * State of a queue.
     *
     * @since 0.1
     */
    public enum State {
        /** State of a queue that accepts tasks and runs them. */
        OPEN,
        /** State of a queue that accepts tasks while it has room, but starts no task until it is resumed or closed. */
        PAUSED,
        /** State of a queue that accepts only child tasks, and waits for all accepted tasks. */
        CLOSING,
        /** State of a queue that accepts no tasks, and has no task left that could still start. */
        CLOSED
    }
}
