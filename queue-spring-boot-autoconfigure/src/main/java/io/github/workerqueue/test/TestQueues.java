package io.github.workerqueue.test;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Factories for tests. Their queues keep what {@link io.github.workerqueue.WorkerQueue} promises, as it is the same engine,
 * but have no threads: each task runs in a thread of the test.
 *
 * <p><b>In the calling thread.</b> With {@link #inCallingThread()} a task has run when the put returns, and so has what it put
 * into its own queue, which runs after it, not inside it. Tasks start and end in put order.
 *
 * <p><b>Shuffled.</b> With {@link #shuffled(long)} tasks wait until the test waits for them: in {@code join}, {@code close}, the
 * {@code get} of a future, or a put into a full queue. Then the next to run is drawn from those that workers could run at
 * that moment: the first {@code workers} in put order that have not ended. So code that relies on tasks ending in the order in
 * which they were put, or before something else happens, fails, and with the same seed it fails again. As futures of
 * {@code submit} and what was given to the executor view may be waited for elsewhere, putting those lets all that waits run.
 *
 * <p><b>For both.</b> {@code putDelayed} does not wait, nor does a retry for its time; rate limits and totals of a name do not
 * count. A task of {@code putAsync} holds its worker until its stage completes,
 * as ever; it is collected, and its failure handled, in the thread that completes the stage, and a join of it waits for that
 * thread. Where the queue is paused and tasks wait, a join, or a put into the full queue, would wait for ever, and throws an
 * {@link IllegalStateException}; with a time limit it ends at once, as if that were over. Time limits of tasks and rounds
 * count real time, and an abandoned queue runs nothing more.
 *
 * <p>NOTE: a task that waits for another task, other than by joining a queue or waiting for a future of {@code submit} of
 * another queue, waits for ever, as no two run at the same time. Thread locals of the test are seen by tasks, as they are not
 * in production.
 *
 * @see TestQueueConfiguration
 */
public final class TestQueues {

    private static final Logger logger = LoggerFactory.getLogger(TestQueues.class);

    private TestQueues() {}

    /**
     * Makes a factory with the default settings whose tasks run inside put.
     *
     * @return a new factory
     */
    public static QueueFactory inCallingThread() {
        return inCallingThread(QueueSettings.defaults());
    }

    /**
     * Makes a factory whose tasks run inside put.
     *
     * @param settings the settings of all its queues
     * @return a new factory
     */
    public static QueueFactory inCallingThread(QueueSettings settings) {
        return inCallingThread(QueueFactory.builder().defaults(settings));
    }

    /**
     * Makes a factory whose tasks run inside put.
     *
     * @param builder has the settings of its queues, and its listeners
     * @return a new factory
     */
    public static QueueFactory inCallingThread(QueueFactory.Builder builder) {
        return builder.inCallingThread().build();
    }

    /**
     * Makes a factory with the default settings whose tasks run in another order each time. A line of level INFO has the
     * seed, with which {@link #shuffled(long)} repeats it.
     *
     * @return a new factory
     */
    public static QueueFactory shuffled() {
        return shuffled(new SplittableRandom().nextLong());
    }

    /**
     * Makes a factory with the default settings whose tasks run in an order that is drawn. A line of level INFO has the seed.
     *
     * @param seed gives the same order each time
     * @return a new factory
     */
    public static QueueFactory shuffled(long seed) {
        return shuffled(seed, QueueSettings.defaults());
    }

    /**
     * Makes a factory whose tasks run in an order that is drawn. A line of level INFO has the seed.
     *
     * @param seed gives the same order each time
     * @param settings the settings of all its queues
     * @return a new factory
     */
    public static QueueFactory shuffled(long seed, QueueSettings settings) {
        return shuffled(seed, QueueFactory.builder().defaults(settings));
    }

    /**
     * Makes a factory whose tasks run in an order that is drawn. A line of level INFO has the seed.
     *
     * @param seed gives the same order each time
     * @param builder has the settings of its queues, and its listeners
     * @return a new factory
     */
    public static QueueFactory shuffled(long seed, QueueFactory.Builder builder) {
        logger.info(
                "The tasks of this factory run in the order of seed {}; use this seed again to repeat the order", seed);
        return builder.shuffled(seed).build();
    }
}
