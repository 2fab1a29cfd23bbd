package io.github.workerqueue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Factory that opens worker queues and keeps the platform threads that they share. In a Spring Boot application, the
 * factory is a bean, configured by the properties under {@code queue}. Without Spring, {@link #create(QueueSettings)}
 * or {@link #builder()} creates a factory:
 *
 * <pre>{@code
 * try (QueueFactory queues = QueueFactory.create(QueueSettings.defaults().withWorkers(100));
 *         WorkerQueue<Price> queue = queues.open("prices")) {
 *     queue.putAll(skus, client::price);
 *     return queue.join();
 * }
 * }</pre>
 *
 * <p>A factory is thread-safe. Opening and closing a queue is cheap, so open a queue for each job instead of sharing
 * one. A platform thread that no queue needs ends after 10 seconds.
 *
 * <p>A {@code null} argument causes a {@link NullPointerException} in every method. This interface is not intended to
 * be implemented outside this library; methods will be added.
 *
 * @see WorkerQueue
 * @since 0.1
 */
public interface QueueFactory extends AutoCloseable {

    /**
     * Opens a queue named {@code default} with the default settings. Does not block.
     *
     * @param <T> the type of the results
     * @return the queue
     * @throws IllegalStateException if this factory is closing or closed
     */
    <T> WorkerQueue<T> open();

    /**
     * Opens a queue with the settings of its name. Any number of queues can be open under one name. Does not block.
     *
     * @param name the name, which selects the settings and appears in threads, log lines and meters; 1 to 200
     *     characters, without control characters and not only blanks
     * @param <T> the type of the results
     * @return the queue
     * @throws IllegalArgumentException if the name is invalid, or unknown to a factory with
     *     {@linkplain Builder#strictNames strict names}
     * @throws IllegalStateException if this factory is closing or closed
     */
    <T> WorkerQueue<T> open(String name);

    /**
     * Opens a queue named {@code default} with changed settings. Does not block.
     *
     * @param change the change of the default settings. It cannot change the settings that all queues of a name share,
     *     {@link QueueSettings#totalWorkers()} and {@link QueueSettings#rateLimits()}
     * @param <T> the type of the results
     * @return the queue
     * @throws IllegalArgumentException if the change affects the total workers or the rate limits
     * @throws IllegalStateException if this factory is closing or closed
     */
    <T> WorkerQueue<T> open(UnaryOperator<QueueSettings> change);

    /**
     * Opens a queue with changed settings. Does not block.
     *
     * @param name the name, which selects the settings and appears in threads, log lines and meters; 1 to 200
     *     characters, without control characters and not only blanks
     * @param change the change of the settings of that name. It cannot change the settings that all queues of a name
     *     share, {@link QueueSettings#totalWorkers()} and {@link QueueSettings#rateLimits()}
     * @param <T> the type of the results
     * @return the queue
     * @throws IllegalArgumentException if the name is invalid, or unknown to a factory with
     *     {@linkplain Builder#strictNames strict names}, or if the change affects the total workers or the rate limits
     * @throws IllegalStateException if this factory is closing or closed
     */
    <T> WorkerQueue<T> open(String name, UnaryOperator<QueueSettings> change);

    /**
     * Returns the settings with which a queue of this name is opened.
     *
     * @param name the name
     * @return the settings of the instance of that name, or the defaults if there is no such instance
     */
    QueueSettings settings(String name);

    /**
     * Returns the queues that are open or closing.
     *
     * @return a new list, in the order in which the queues were opened
     */
    List<WorkerQueue<?>> queues();

    /**
     * Closes all queues together, so that a pipeline of queues loses no task. From the call on, threads that do not run
     * a task of this factory are rejected by all queues, and no queue can be opened. Tasks can put into any queue of
     * the factory until all queues are quiescent. Then all queues are closed. Blocks until then.
     *
     * <p>If the calling thread is interrupted while it waits, the unfinished tasks are cancelled and passed to the
     * {@link AbandonedTaskHandler} of their queue, and the interrupt flag is set again. A second close waits for the
     * first, unless the first was a {@link #close(Duration)} that returned {@code false}.
     *
     * @throws IllegalStateException if called from a task of one of the queues, since the call would wait for that task
     */
    @Override
    void close();

    /**
     * Closes all queues together, as {@link #close()} does, within a timeout. The tasks that are unfinished at the
     * timeout are cancelled, and this method does not wait for them. One warning per queue counts them, and each of
     * them is passed to the {@link AbandonedTaskHandler} of its queue. The tasks of all queues are interrupted before
     * any task is reported. An interrupt counts as the end of the timeout, and the interrupt flag is set again.
     *
     * <p>This method returns at most one second after the timeout, regardless of tasks, handlers and listeners that are
     * still running: see {@link WorkerQueue#close(Duration)}. After this method has returned {@code false},
     * {@link #close()} returns immediately, and a further call of this method waits for the cancelled tasks.
     *
     * @param timeout the maximum time to wait; zero or less does not wait, more than {@code Long.MAX_VALUE} nanoseconds
     *     means forever
     * @return true if all accepted tasks have ended; false if unfinished tasks were cancelled, or if cancelled tasks of
     *     an earlier close still run
     * @throws IllegalStateException if called from a task of one of the queues, since the call would wait for that task
     */
    boolean close(Duration timeout);

    /**
     * Closes factories, queues and executor views together within one timeout. Containers and other code that ends an
     * application can use this method. The queues drain as in {@link #close(Duration)}: their tasks can put into any of
     * them until all are quiescent.
     *
     * <p>Blocks until then, at most for the timeout and one more second. An interrupt counts as the end of the timeout,
     * and the interrupt flag is set again. Unlike the other closes, this method can be called from a task. It does not
     * wait for the calling task. Tasks that only the worker of that task could run are abandoned when all other queues
     * are quiescent.
     *
     * @param objects the objects to close; those that are neither a factory, nor a queue, nor the executor view of one
     *     are ignored, so that a container can pass everything that it holds
     * @param timeout the maximum time to wait; zero or less does not wait, more than {@code Long.MAX_VALUE} nanoseconds
     *     means forever
     * @return true if all accepted tasks have ended; false if unfinished tasks were cancelled, or if cancelled tasks of
     *     an earlier close still run
     */
    static boolean closeAll(Collection<?> objects, Duration timeout) {
        return DefaultQueueFactory.closeAll(objects, Timeout.of(Durations.nanos(timeout)));
    }

    /**
     * Creates a factory whose queues all have the same settings.
     *
     * @param defaults the settings
     * @return a new factory
     */
    static QueueFactory create(QueueSettings defaults) {
        return builder().defaults(defaults).build();
    }

    /**
     * Returns a builder for a factory.
     *
     * @return a new builder with {@link QueueSettings#defaults()}, no instances and no listener
     */
    static Builder builder() {
        return new Builder();
    }

    /**
     * Builder of a {@link QueueFactory}. In a Spring Boot application, a builder with the configured settings is a
     * prototype bean. A builder is not thread-safe.
     *
     * <pre>{@code
     * QueueFactory queues = QueueFactory.builder()
     *         .instance("prices", QueueSettings.defaults().withWorkers(100))
     *         .instance("orders", QueueSettings.defaults().withWorkers(10).withFailFast(true))
     *         .strictNames(true)
     *         .build();
     * }</pre>
     *
     * @since 0.1
     */
    final class Builder {

        private final Map<String, QueueSettings> instances = new LinkedHashMap<>();

        private final List<QueueListener> listeners = new ArrayList<>();

        private QueueSettings defaults = QueueSettings.defaults();

        private boolean strictNames;

        private @Nullable ThreadFactory threadFactory;

        private CallerRunsThreads.@Nullable Maker callingThread;

        private Builder() {}

        /**
         * Sets the settings of the queues whose name has no settings of its own.
         *
         * @param defaults the settings; initially {@link QueueSettings#defaults()}
         * @return this builder
         */
        public Builder defaults(QueueSettings defaults) {
            this.defaults = Objects.requireNonNull(defaults, "defaults must not be null");
            return this;
        }

        /**
         * Sets the settings of the queues of one name. They replace the defaults as a whole.
         *
         * @param name the name, with 1 to 200 characters, without control characters and not only blanks
         * @param settings the settings
         * @return this builder
         * @throws IllegalArgumentException if the name is blank, too long, or has control characters
         */
        public Builder instance(String name, QueueSettings settings) {
            instances.put(
                    Names.requireQueueName(Objects.requireNonNull(name, "name must not be null")),
                    Objects.requireNonNull(settings, "settings must not be null"));
            return this;
        }

        /**
         * Sets whether {@code open} rejects names without settings of their own, except {@code default}. By default, a
         * queue with such a name uses the defaults. If other names have settings, the factory logs this at INFO, once
         * per name.
         *
         * @param strictNames true to reject such names with an {@link IllegalArgumentException}
         * @return this builder
         */
        public Builder strictNames(boolean strictNames) {
            this.strictNames = strictNames;
            return this;
        }

        /**
         * Adds a listener, which is notified about all queues of the factory.
         *
         * @param listener the listener
         * @return this builder
         */
        public Builder listener(QueueListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener must not be null"));
            return this;
        }

        /**
         * Sets the factory of the platform threads that the queues share. The threads keep the name and the daemon flag
         * that this factory gives them. Queues on virtual threads do not use it.
         *
         * @param threadFactory the thread factory; the default creates daemon threads, named {@code queue-<name>-<n>}
         *     while they work for a queue
         * @return this builder
         */
        public Builder threadFactory(ThreadFactory threadFactory) {
            this.threadFactory = Objects.requireNonNull(threadFactory, "threadFactory must not be null");
            return this;
        }

        /**
         * Lets tasks run in the thread that puts them, sequentially, before the put returns. A child task runs after
         * its parent. Intended for tests; see {@code io.github.workerqueue.test.TestQueues}.
         *
         * @return this builder
         */
        public Builder inCallingThread() {
            this.callingThread = (helpers, id) -> new CallerRunsThreads(helpers);
            return this;
        }

        /**
         * Lets tasks run in the thread that waits for them, in a join, a close or a put into a full queue. They run
         * sequentially, in an order that is drawn from the orders in which the workers could have run them. Intended
         * for tests; see {@code io.github.workerqueue.test.TestQueues}.
         *
         * @param seed the seed; the same seed gives the same order
         * @return this builder
         */
        public Builder shuffled(long seed) {
            this.callingThread = (helpers, id) -> new ShuffledThreads(helpers, seed + id);
            return this;
        }

        /**
         * Builds the factory. Its threads have the context class loader of the thread that calls this method.
         *
         * @return a new factory
         */
        public QueueFactory build() {
            return new DefaultQueueFactory(
                    defaults,
                    Map.copyOf(instances),
                    strictNames,
                    CompositeQueueListener.of(listeners),
                    threadFactory,
                    callingThread);
        }
    }
}
