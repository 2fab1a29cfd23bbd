package io.github.workerqueue;

import java.time.Duration;

/**
 * Limit that keeps the next task of a queue from starting now. This method shows the first limit of a queue:
 *
 * <pre>{@code
 * String text(WorkerQueue<?> queue) {
 *     for (QueueLimit limit : queue.limits()) {
 *         if (limit instanceof QueueLimit.Rate rate) {
 *             return "Next start in " + rate.remaining().toSeconds() + " s";
 *         }
 *         return limit.toString();
 *     }
 *     return "The next task is about to start";
 * }
 * }</pre>
 *
 * <p>A task waits for a worker if it was accepted and has not started. A failed task does not wait for a worker until
 * the delay of its retry is over.
 *
 * @see WorkerQueue#limits()
 * @since 0.1
 */
public sealed interface QueueLimit {

    /**
     * Pause of the queue, until {@link WorkerQueue#resume()} or a close.
     *
     * @since 0.1
     */
    record Paused() implements QueueLimit {}

    /**
     * Hold of the name, because a task has failed with a wait that a server asked for. No queue of the name starts a
     * task before its end, unless that queue closes.
     *
     * @param remaining the time until the end of the hold, which a later failure may extend
     * @see QueueSettings#withMaxHold
     * @since 0.1
     */
    record Hold(Duration remaining) implements QueueLimit {

        @Override
        public String toString() {
            return "Hold[remaining=" + Durations.roundedText(remaining) + "]";
        }
    }

    /**
     * Rate limits of the name, which delay a task that waits for a worker.
     *
     * @param limit the rate limit with the longest delay
     * @param remaining the time until the next start that the rate limits allow. All open queues of the name share that
     *     start
     * @since 0.1
     */
    record Rate(RateLimit limit, Duration remaining) implements QueueLimit {

        @Override
        public String toString() {
            return "Rate[limit=" + limit + ", remaining=" + Durations.roundedText(remaining) + "]";
        }
    }

    /**
     * Total workers of the name. A task waits for a worker and a worker is available, but all permits are in use.
     *
     * @param total the number of permits, as in {@link QueueSettings#totalWorkers()}
     * @param heldElsewhere the number of permits that other queues of the name hold; zero if this queue holds all
     * @since 0.1
     */
    record Permits(int total, int heldElsewhere) implements QueueLimit {}

    /**
     * Workers of the queue, all of which are busy.
     *
     * @param workers the maximum number of tasks that run concurrently. After a {@link WorkerQueue#resize}, more tasks
     *     may still run
     * @since 0.1
     */
    record Workers(int workers) implements QueueLimit {}

    /**
     * Producer of the tasks. No task waits for a worker, a worker is available, and the queue accepts tasks.
     *
     * @since 0.1
     */
    record Producer() implements QueueLimit {}
}
