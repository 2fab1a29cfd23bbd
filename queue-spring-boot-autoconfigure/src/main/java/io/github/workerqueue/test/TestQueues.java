package io.github.workerqueue.test;

import io.github.workerqueue.QueueFactory;
import io.github.workerqueue.QueueSettings;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Factories for tests. Their queues use the same engine and keep the contract of
 * {@link io.github.workerqueue.WorkerQueue}, but have no threads: each task runs on a thread of the test.
 *
 * <pre>{@code
 * try (QueueFactory queues = TestQueues.inCallingThread()) {
 *     PriceService service = new PriceService(queues, client);
 *     assertThat(service.prices(List.of("A-1", "A-2"))).hasSize(2);
 * }
 * }</pre>
 *
 * <h2>Tasks in the calling thread</h2>
 *
 * <p>With {@link #inCallingThread()}, a task has run when the put returns. Its child tasks have run, too, after the
 * task and not inside it. Tasks start and end in submission order.
 *
 * <h2>Shuffled tasks</h2>
 *
 * <p>With {@link #shuffled(long)}, tasks wait until the test waits for them: in {@code join}, {@code close}, the
 * {@code get} of a future, or a put into a full queue. The next task is then drawn from those that workers could run at
 * that moment, which are the first {@code workers} tasks in submission order that have not ended. Code that relies on
 * the order in which tasks end, or on a task ending before another event, therefore fails. With the same seed, it fails
 * again.
 *
 * <p>Futures of {@code submit} and tasks of the executor view may be waited for elsewhere. A put of such a task
 * therefore lets all waiting tasks run.
 *
 * <h2>Differences from other queues</h2>
 *
 * <ul>
 *   <li>{@code putDelayed} does not wait, nor does a retry wait for its delay. Rate limits, holds and total workers
 *       have no effect.
 *   <li>A task of {@code putAsync} occupies its worker until its stage completes, as usual. Its result is collected,
 *       and its failure is handled, in the thread that completes the stage. A join waits for that thread.
 *   <li>If the queue is paused and tasks wait, a join or a put into the full queue would wait forever, so it throws an
 *       {@link IllegalStateException}. With a timeout, it ends immediately, as if the timeout was over.
 *   <li>Task timeouts and deadlines measure real time. A queue that becomes unreachable before it is closed runs no
 *       further task.
 *   <li>A task must not wait for another task, except by joining another queue or by waiting for a future of
 *       {@code submit} of another queue. It would wait forever, since no two tasks run at the same time.
 *   <li>Tasks see the thread locals of the test. They do not see them in production.
 * </ul>
 *
 * @see TestQueueConfiguration
 * @since 0.1
 */
public final class TestQueues {

    private static final Logger logger = LoggerFactory.getLogger(TestQueues.class);

    private TestQueues() {}

    /**
     * Returns a factory with the default settings whose tasks run inside the put.
     *
     * @return a new factory
     */
    public static QueueFactory inCallingThread() {
        return inCallingThread(QueueSettings.defaults());
    }

    /**
     * Returns a factory whose tasks run inside the put.
     *
     * @param settings the settings of all its queues
     * @return a new factory
     */
    public static QueueFactory inCallingThread(QueueSettings settings) {
        return inCallingThread(QueueFactory.builder().defaults(settings));
    }

    /**
     * Returns a factory whose tasks run inside the put.
     *
     * @param builder the builder with the settings of the queues and the listeners
     * @return a new factory
     */
    public static QueueFactory inCallingThread(QueueFactory.Builder builder) {
        return builder.inCallingThread().build();
    }

    /**
     * Returns a factory with the default settings whose tasks run in a different order each time. A line at INFO has
     * the seed, with which {@link #shuffled(long)} repeats the order.
     *
     * @return a new factory
     */
    public static QueueFactory shuffled() {
        return shuffled(new SplittableRandom().nextLong());
    }

    /**
     * Returns a factory with the default settings whose tasks run in a random order. A line at INFO has the seed.
     *
     * @param seed the seed; the same seed gives the same order
     * @return a new factory
     */
    public static QueueFactory shuffled(long seed) {
        return shuffled(seed, QueueSettings.defaults());
    }

    /**
     * Returns a factory whose tasks run in a random order. A line at INFO has the seed.
     *
     * @param seed the seed; the same seed gives the same order
     * @param settings the settings of all its queues
     * @return a new factory
     */
    public static QueueFactory shuffled(long seed, QueueSettings settings) {
        return shuffled(seed, QueueFactory.builder().defaults(settings));
    }

    /**
     * Returns a factory whose tasks run in a random order. A line at INFO has the seed.
     *
     * @param seed the seed; the same seed gives the same order
     * @param builder the builder with the settings of the queues and the listeners
     * @return a new factory
     */
    public static QueueFactory shuffled(long seed, QueueFactory.Builder builder) {
        logger.info(
                "The tasks of this factory run in the order of seed {}; use this seed again to repeat the order", seed);
        return builder.shuffled(seed).build();
    }
}
