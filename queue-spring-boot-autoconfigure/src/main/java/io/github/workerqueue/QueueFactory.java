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
 * Opens worker queues. In a Spring application it is a bean, made from the properties under {@code queue}; without
 * Spring, {@link #create(QueueSettings)} makes one. Thread-safe.
 *
 * <p>The factory keeps the platform threads that its queues share; a thread that no queue needs ends after 10 seconds.
 * Opening and closing a queue is cheap, so open one for each job rather than share one.
 *
 * <p>This interface is not meant to be implemented outside this library; methods will be added. Null arguments are a
 * {@link NullPointerException} everywhere.
 */
public interface QueueFactory extends AutoCloseable {

    /**
     * Opens a queue with the defaults, named {@code default}.
     *
     * @param <T> the type of the results
     * @return the queue
     * @throws IllegalStateException if this factory is closed or closing
     */
    <T> WorkerQueue<T> open();

    /**
     * Opens a queue with the settings of its name. Does not block. Any number of queues may be open under one name.
     *
     * @param name the name, for the settings, threads, log lines and meters; 1 to 200 characters without control
     *     characters
     * @param <T> the type of the results
     * @return the queue
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IllegalStateException if this factory is closed or closing
     */
    <T> WorkerQueue<T> open(String name);

    /**
     * Opens a queue named {@code default} with changed settings.
     *
     * @param change changes the defaults
     * @param <T> the type of the results
     * @return the queue
     * @throws IllegalArgumentException if the change is one of {@link QueueSettings#totalWorkers()}
     * @throws IllegalStateException if this factory is closed or closing
     */
    <T> WorkerQueue<T> open(UnaryOperator<QueueSettings> change);

    /**
     * Opens a queue with changed settings.
     *
     * @param name the name, for the settings, threads, log lines and meters; 1 to 200 characters without control
     *     characters
     * @param change changes the settings of that name; those that all its queues share can't be changed here
     * @param <T> the type of the results
     * @return the queue
     * @throws IllegalArgumentException if the name is not allowed, or the change is one of
     *     {@link QueueSettings#totalWorkers()} or {@link QueueSettings#rateLimits()}
     * @throws IllegalStateException if this factory is closed or closing
     */
    <T> WorkerQueue<T> open(String name, UnaryOperator<QueueSettings> change);

    /**
     * The settings that a queue of this name gets.
     *
     * @param name the name
     * @return the settings of the instance of that name, else the defaults
     */
    QueueSettings settings(String name);

    /**
     * The queues that are open now, or closing.
     *
     * @return a new list, in the order in which they were opened
     */
    List<WorkerQueue<?>> queues();

    /**
     * Closes all queues together: from now on, threads that run no task of this factory are refused everywhere, tasks
     * may put into any queue of the factory until all are quiet, then all are closed, so that a pipeline of queues
     * loses nothing. Blocks until then. If the calling thread is interrupted meanwhile, what is outstanding is
     * cancelled and handed to the {@link AbandonedTaskHandler} of its queue, and the interrupt restored. A second close
     * waits for the first, unless that was a {@link #close(Duration)} that returned false.
     *
     * @throws IllegalStateException if called by a task of one of the queues, for which it would wait
     */
    @Override
    void close();

    /**
     * Closes all queues together, as {@link #close()}, within a timeout. Tasks that are unfinished then are cancelled,
     * counted in one WARN line per queue, passed one by one to the {@link AbandonedTaskHandler} of the queue's
     * settings, and not awaited. All queues are interrupted before any task is reported. An interrupt counts as the end
     * of the timeout, and is restored.
     *
     * <p>Returns at most one second after the timeout, whatever the tasks, handlers and listeners do: see
     * {@link WorkerQueue#close(Duration)}. After this method has returned false, {@link #close()} returns immediately,
     * and a further call of this method waits for the cancelled tasks.
     *
     * @param timeout how long to wait at most; zero or less does not wait, beyond {@code Long.MAX_VALUE} nanoseconds
     *     means
     *     for ever
     * @return false if something was left and was cancelled
     * @throws IllegalStateException if called by a task of one of the queues, for which it would wait
     */
    boolean close(Duration timeout);

    /**
     * Closes factories, queues and executor views together within one timeout, for containers and other code that ends
     * an application. The queues drain as in {@link #close(Duration)}: their tasks may put into any of them until all
     * are quiescent.
     *
     * <p>Blocks until then, at most for the timeout and one more second. An interrupt counts as the end of the timeout,
     * and is restored. Unlike the other closes, this method may be called from a task. It does not wait for the calling
     * task. Tasks that only the worker of that task could run are abandoned when all other queues are quiescent.
     *
     * @param objects the objects to close; those that are neither a factory, nor a queue, nor the executor view of one
     *     are
     *     ignored, so that a container can pass everything that it holds
     * @param timeout the maximum time to wait; zero or less does not wait, beyond {@code Long.MAX_VALUE} nanoseconds
     *     means
     *     forever
     * @return false if unfinished tasks were cancelled, or cancelled tasks of an earlier close still run
     */
    static boolean closeAll(Collection<?> objects, Duration timeout) {
        return DefaultQueueFactory.closeAll(objects, Timeout.of(Durations.nanos(timeout)));
    }

    /**
     * Makes a factory whose queues all have the same settings.
     *
     * @param defaults the settings
     * @return the factory
     */
    static QueueFactory create(QueueSettings defaults) {
        return builder().defaults(defaults).build();
    }

    /**
     * Starts to build a factory.
     *
     * @return a builder with {@link QueueSettings#defaults()}, no instances and no listener
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a factory. Not thread-safe. */
    final class Builder {

        private final Map<String, QueueSettings> instances = new LinkedHashMap<>();

        private final List<QueueListener> listeners = new ArrayList<>();

        private QueueSettings defaults = QueueSettings.defaults();

        private boolean strictNames;

        private @Nullable ThreadFactory threadFactory;

        private CallingThread.@Nullable Maker callingThread;

        private Builder() {}

        /**
         * Sets the settings of queues whose name has none of its own.
         *
         * @param defaults the settings
         * @return this builder
         */
        public Builder defaults(QueueSettings defaults) {
            this.defaults = Objects.requireNonNull(defaults, "defaults must not be null");
            return this;
        }

        /**
         * Sets the settings of the queues of one name; they replace the defaults as a whole.
         *
         * @param name the name, with 1 to 200 characters and no control characters
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
         * Sets whether {@code open} rejects names without settings of their own, {@code default} excepted. By default,
         * such a name uses the defaults, and the factory logs one INFO line per name if other names have settings.
         *
         * @param strictNames true to reject such names with an {@link IllegalArgumentException}
         * @return this builder
         */
        public Builder strictNames(boolean strictNames) {
            this.strictNames = strictNames;
            return this;
        }

        /**
         * Adds a listener, which hears all queues.
         *
         * @param listener the listener
         * @return this builder
         */
        public Builder listener(QueueListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener must not be null"));
            return this;
        }

        /**
         * Sets what makes the platform threads that the queues share. Its threads keep the name and the daemon flag
         * that it gives them. Queues on virtual threads do not use it.
         *
         * @param threadFactory makes the threads; the default makes daemon threads named {@code queue-<name>-<n>} while
         *     they work for a queue
         * @return this builder
         */
        public Builder threadFactory(ThreadFactory threadFactory) {
            this.threadFactory = Objects.requireNonNull(threadFactory, "threadFactory must not be null");
            return this;
        }

        /**
         * Runs tasks in the thread that puts them, one after the other, before the put returns: for tests. What a task
         * puts into its own queue runs after it. {@code io.github.workerqueue.test.TestQueues} says more.
         *
         * @return this builder
         */
        public Builder inCallingThread() {
            this.callingThread = (helpers, id) -> new CallingThread(helpers);
            return this;
        }

        /**
         * Runs tasks in the thread that waits for them (in join, close, a put into a full queue), one after the other,
         * in an order that is drawn from those in which the workers could have run them: for tests.
         * {@code io.github.workerqueue.test.TestQueues} says more.
         *
         * @param seed gives the same order each time
         * @return this builder
         */
        public Builder shuffled(long seed) {
            this.callingThread = (helpers, id) -> new Shuffle(helpers, seed + id);
            return this;
        }

        /**
         * Builds the factory. Its threads get the context class loader of the thread that calls this.
         *
         * @return a new factory
         */
        public QueueFactory build() {
            return new DefaultQueueFactory(
                    defaults,
                    Map.copyOf(instances),
                    strictNames,
                    QueueListeners.of(listeners),
                    threadFactory,
                    callingThread);
        }
    }
}
