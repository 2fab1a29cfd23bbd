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
 * @param depth how many tasks wait now, those above the bound included
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
        long rejected) {

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
