package io.github.workerqueue;

/**
 * The figures of one queue at one moment. Each is right by itself; together they add up exactly while the queue is quiet:
 * {@code put = completed + failed + cancelled + depth + active}.
 *
 * @param name the name of the queue
 * @param id a number that no other queue of the factory has
 * @param state whether it takes tasks
 * @param workers how many tasks may run at once
 * @param maxsize how many tasks may wait
 * @param depth how many tasks wait now, those above the bound and those that wait for a retry included
 * @param active how many tasks run now
 * @param overflow how many of the waiting tasks were put above the bound, by tasks of this queue
 * @param blockedProducers how many threads are held back in a put
 * @param counter how many tasks were put since the last join
 * @param collected how many results wait for the next join
 * @param put how many tasks were accepted since the queue was opened
 * @param completed how many ran without an exception
 * @param failed how many threw
 * @param cancelled how many were cancelled, before or while they ran
 * @param rejected how many were refused, as the queue was full or closed; these are not in {@code put}
 * @param retrying number of tasks that have failed and wait for a retry, part of {@code depth}; they do not count toward
 *     {@code maxsize}
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
     * @param name as of the record
     * @param id as of the record
     * @param state as of the record
     * @param workers as of the record
     * @param maxsize as of the record
     * @param depth as of the record
     * @param active as of the record
     * @param overflow as of the record
     * @param blockedProducers as of the record
     * @param counter as of the record
     * @param collected as of the record
     * @param put as of the record
     * @param completed as of the record
     * @param failed as of the record
     * @param cancelled as of the record
     * @param rejected as of the record
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

    /** Whether a queue takes tasks, and runs them. */
    public enum State {
        /** It takes tasks. */
        OPEN,
        /** It takes tasks, as long as there is room, and starts none until it is resumed or closed. */
        PAUSED,
        /** It takes tasks from its own tasks only, and waits for all of them. */
        CLOSING,
        /** It takes no tasks any more, and none is left that could still start. */
        CLOSED
    }
}
