package io.github.workerqueue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A bounded worker queue, which runs at most {@link #workers()} tasks concurrently and holds at most {@link #maxsize()}
 * waiting tasks. While the queue is full, it blocks its producers (backpressure). {@link #join()} returns the results
 * of the tasks in submission order, the order in which the queue accepted the tasks.
 *
 * <p>A {@link QueueFactory} opens worker queues. A queue is thread-safe. Close it after use, preferably with
 * try-with-resources:
 *
 * <pre>{@code
 * try (WorkerQueue<Price> queue = queues.open("prices")) {
 *     queue.putAll(skus, client::price);
 *     return queue.join();
 * }
 * }</pre>
 *
 * <h2>Putting tasks</h2>
 *
 * <p>A method that puts a task blocks while the queue is full. Only {@code offer} returns {@code false} instead,
 * immediately or after its timeout. Each accepted task gets the next index, from 0 after each join, and tasks start in
 * this order. A blocked put ends early with one of these exceptions, and its task is not put:
 *
 * <ul>
 *   <li>an {@link InterruptedException} if its thread is interrupted,
 *   <li>a {@link QueueClosedException} if the queue is {@linkplain #close() closed},
 *   <li>a {@link CancellationException} if the queue is {@linkplain #cancel() cancelled}.
 * </ul>
 *
 * <h2>Failures</h2>
 *
 * <p>An exception that a task throws is passed to the {@linkplain QueueSettings#withExceptionHandler exception
 * handler}, once, and the worker survives. The exception of a task of {@link #submit submit} is passed to its future
 * instead. If a task is {@linkplain TaskRetryPolicy retried}, only its last exception is passed on.
 *
 * <h2>Calls from tasks of the queue</h2>
 *
 * <p>A task can put child tasks into its own queue. Such a put never waits for room, since a full queue would otherwise
 * wait for itself: child tasks are accepted beyond the capacity. {@code offer} keeps the capacity. The same holds for
 * the exception handlers of tasks, and for the tasks of queues that were opened inside a task.
 *
 * <p>In these places, {@link #join()}, {@link #close()}, and waiting for an unfinished future of {@link #submit submit}
 * or for a future derived from it throw an {@link IllegalStateException}, since the call might wait forever. They do so
 * whether or not another worker is free. The same holds for {@code invokeAll}, {@code invokeAny},
 * {@code awaitTermination} and unfinished futures of the {@linkplain #asExecutorService() executor view}.
 *
 * <h2>Names of tasks</h2>
 *
 * <p>Failures, reports and log lines show the name in the {@link TaskOptions} of a task. Without such a name, they show
 * the {@code toString()} of its item or, if the task has no item, of the task. A lambda, a method reference and a
 * {@code FutureTask} without a {@code toString()} of their own are named {@code task 17} after their index. A
 * {@link TaskInfo}, which has no index yet, shows their class.
 *
 * <h2>Round</h2>
 *
 * <p>A round consists of the tasks accepted between two joins. A {@linkplain QueueSettings#withDeadline deadline}, or
 * the first failure if the queue {@linkplain QueueSettings#withFailFast fails fast}, ends the round early and cancels
 * the rest of it. Until a join has thrown the corresponding exception, every put throws a
 * {@link QueueDeadlineException} or a {@link QueueFailedException}.
 *
 * <h2>Threads</h2>
 *
 * <p>Tasks run on daemon threads of the queue, which inherit nothing from the thread of the producer. A thread runs
 * many tasks, so later tasks see the thread locals that a task leaves behind. A task that returns {@code null}, or
 * {@code kotlin.Unit} as a Kotlin block without a result does, uses no memory after it has run. The number of such
 * tasks is unlimited.
 *
 * <h2>Memory consistency</h2>
 *
 * <p>Actions in a thread before it puts a task happen-before the execution of the task. Actions of the task
 * happen-before {@code join} returns, before {@link #responses()} contains the result, before the future completes, and
 * before the exception handler is called.
 *
 * <h2>Stack overflow</h2>
 *
 * <p>A call that throws a {@link StackOverflowError} leaves the queue intact: no task is lost and no lock stays locked.
 * The task of a put that throws this error may or may not have been accepted. If no worker could be started for it, the
 * task starts with the next call that puts or waits.
 *
 * <h2>Limits</h2>
 *
 * <p>Without a close, unfinished tasks are lost when the JVM exits. {@link #join()} waits until the queue is quiescent,
 * that is, until no task waits or runs. While other threads keep putting tasks, there may be no such instant. Threads
 * that share a queue should therefore use {@link #submit submit}, or a join with a timeout.
 *
 * <p>A {@code null} argument causes a {@link NullPointerException} in every method. A timeout of zero or less does not
 * wait; a timeout of more than {@code Long.MAX_VALUE} nanoseconds (292 years) means forever. This interface is not
 * intended to be implemented outside this library; methods will be added.
 *
 * @param <T> the type of the results that {@code join} returns
 * @see QueueFactory#open(String)
 * @since 0.1
 */
public interface WorkerQueue<T> extends AutoCloseable {

    /**
     * Puts a task whose result the next join returns. Blocks while the queue is full, unless called from a task of this
     * queue.
     *
     * <p>If the task returns a {@link CompletionStage}, use {@link #putAsync(Callable)}. Here, the stage itself is the
     * result: the queue does not limit, await or cancel its operation, nor handle its failure. If a stage is unfinished
     * when its task returns, the logger {@code io.github.workerqueue.WorkerQueue.async} logs a warning, once per queue
     * name.
     *
     * @param task the task; a {@code null} that it returns is not collected
     * @throws InterruptedException if interrupted before or while waiting; the task was not put
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    void put(Callable<? extends @Nullable T> task) throws InterruptedException;

    /**
     * Puts a task with options, in the same way as {@link #put(Callable)}.
     *
     * @param task the task; a {@code null} that it returns is not collected
     * @param options the name, retry policy and timeout of the task
     * @throws InterruptedException if interrupted before or while waiting; the task was not put
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    void put(Callable<? extends @Nullable T> task, TaskOptions options) throws InterruptedException;

    /**
     * Waits for a delay and then puts a task, in the same way as {@link #put(Callable)}. Use this method to spread
     * load. The calling thread waits, as in Pyot's queue, and the task takes no room meanwhile. A close or a cancel
     * ends this wait, too.
     *
     * @param task the task; a {@code null} that it returns is not collected
     * @param delay the time to wait before the put; zero does not wait
     * @throws IllegalArgumentException if the delay is negative
     * @throws InterruptedException if interrupted before or while waiting; the task was not put
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    void putDelayed(Callable<? extends @Nullable T> task, Duration delay) throws InterruptedException;

    /**
     * Puts an asynchronous task, which returns a {@link CompletionStage}. From the start of the task until its stage
     * completes, it occupies a worker, so that at most {@link #workers()} operations are in flight. While it waits for
     * the stage, it has no thread. The value of the stage is collected, and its failure is handled, as for any other
     * task. A {@code null} stage is a failure.
     *
     * <p>Blocks while the queue is full, unless called from a task of this queue. A cancel of the task cancels the
     * stage. The thread that completes the stage only hands its outcome over: exception handler, listeners and later
     * tasks run on worker threads.
     *
     * @param task the task, which starts the asynchronous operation and returns its stage
     * @throws InterruptedException if interrupted before or while waiting; the task was not put
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    void putAsync(Callable<? extends CompletionStage<? extends @Nullable T>> task) throws InterruptedException;

    /**
     * Puts an asynchronous task with options, in the same way as {@link #putAsync(Callable)}.
     *
     * @param task the task, which starts the asynchronous operation and returns its stage
     * @param options the name, retry policy and timeout of the task
     * @throws InterruptedException if interrupted before or while waiting; the task was not put
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    void putAsync(Callable<? extends CompletionStage<? extends @Nullable T>> task, TaskOptions options)
            throws InterruptedException;

    /**
     * Puts a task for each item. Takes an item, puts its task and then takes the next item, so the iterable can be lazy
     * or endless. Blocks while the queue is full, unless called from a task of this queue.
     *
     * <p>If this method throws an exception, its own or that of the iterator, a task was put for every item that was
     * taken, except perhaps the last one.
     *
     * @param items the items; the {@code toString()} of each item names its task
     * @param function the function of each task; a {@code null} that it returns is not collected
     * @param <S> the type of the items
     * @throws InterruptedException if interrupted before or while waiting
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    <S extends @Nullable Object> void putAll(
            Iterable<? extends S> items, TaskFunction<? super S, ? extends @Nullable T> function)
            throws InterruptedException;

    /**
     * Puts a task for each item, in the same way as {@link #putAll(Iterable, TaskFunction)}, with the same options for
     * all tasks.
     *
     * @param items the items
     * @param function the function of each task; a {@code null} that it returns is not collected
     * @param options the options of each task. A name is the name of all tasks, in place of the {@code toString()} of
     *     the items; a retry policy and a timeout apply to each task separately
     * @param <S> the type of the items
     * @throws InterruptedException if interrupted before or while waiting
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    <S extends @Nullable Object> void putAll(
            Iterable<? extends S> items, TaskFunction<? super S, ? extends @Nullable T> function, TaskOptions options)
            throws InterruptedException;

    /**
     * Puts a task in the same way as {@link #put(Callable)}, if the queue has room. Never blocks, and keeps the
     * capacity even if called from a task of this queue.
     *
     * @param task the task; a {@code null} that it returns is not collected
     * @return true if the task was accepted; false if the queue is full, or if blocked producers that have waited
     *     longer come first
     * @throws QueueClosedException if the queue is closed
     */
    boolean offer(Callable<? extends @Nullable T> task);

    /**
     * Puts a task in the same way as {@link #put(Callable)}, if the queue has room within a timeout. Keeps the capacity
     * even if called from a task of this queue.
     *
     * @param task the task; a {@code null} that it returns is not collected
     * @param timeout the maximum time to wait for room; zero or less does not wait
     * @return true if the task was accepted; false if the queue was full until the timeout
     * @throws InterruptedException if interrupted before or while waiting; the task was not put
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    boolean offer(Callable<? extends @Nullable T> task, Duration timeout) throws InterruptedException;

    /**
     * Puts a task without a result, so that nothing is collected. Blocks while the queue is full, unless called from a
     * task of this queue.
     *
     * <p>The work must be complete when the task returns. If the task starts an asynchronous operation, the queue sees
     * neither the stage nor its failure, and logs no warning: use {@link #putAsync(Callable)} instead.
     *
     * @param task the task
     * @throws InterruptedException if interrupted before or while waiting; the task was not put
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    void execute(TaskAction task) throws InterruptedException;

    /**
     * Puts a task without a result for each item, in the same way as {@link #putAll putAll}. Nothing is collected.
     *
     * @param items the items; the {@code toString()} of each item names its task
     * @param consumer the consumer that each task calls with its item
     * @param <S> the type of the items
     * @throws InterruptedException if interrupted before or while waiting
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    <S extends @Nullable Object> void executeAll(Iterable<? extends S> items, TaskConsumer<? super S> consumer)
            throws InterruptedException;

    /**
     * Puts a task for each item, in the same way as {@link #executeAll(Iterable, TaskConsumer)}, with the same options
     * for all tasks.
     *
     * @param items the items
     * @param consumer the consumer that each task calls with its item
     * @param options the options of each task. A name is the name of all tasks, in place of the {@code toString()} of
     *     the items; a retry policy and a timeout apply to each task separately
     * @param <S> the type of the items
     * @throws InterruptedException if interrupted before or while waiting
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    <S extends @Nullable Object> void executeAll(
            Iterable<? extends S> items, TaskConsumer<? super S> consumer, TaskOptions options)
            throws InterruptedException;

    /**
     * Puts a task and returns a future of its outcome. Joins do not return the result of the task, and the exception
     * handler does not receive its exception. Blocks while the queue is full, unless called from a task of this queue.
     *
     * <p>{@code cancel(true)} on the future cancels a waiting task and interrupts a running one; {@code cancel(false)}
     * has an effect only while the task waits. A task whose future is complete before the task starts, for example by
     * {@link CompletableFuture#orTimeout orTimeout}, never starts and counts as cancelled. A running task does not
     * notice that its future is complete: only {@code cancel(true)} and a task timeout interrupt it. Cancelling a
     * future derived from the returned one does not reach the task.
     *
     * <p>Inside a task of this queue, {@code get} and {@code join} on the unfinished future throw an
     * {@link IllegalStateException}. The same holds for futures derived from it by {@code thenApply},
     * {@code thenCompose}, {@code copy} and the other methods of the future. The queue cannot recognize futures that
     * other futures create from it:
     *
     * <ul>
     *   <li>futures of the static methods {@link CompletableFuture#allOf allOf} and {@link CompletableFuture#anyOf
     *       anyOf},
     *   <li>futures of {@code other.thenCombine(future, ..)},
     *   <li>futures of {@code minimalCompletionStage()}.
     * </ul>
     *
     * <p>A task that waits for one of them may wait for itself forever. Instead, let the task open a queue, and use
     * {@link #putAll putAll} and {@link #join()}, or {@code invokeAll} of the executor view, on that queue.
     *
     * <p>A task without a result returns {@code null}. There is no overload for it, since a method reference such as
     * {@code repository::count} would fit both:
     *
     * <pre>{@code
     * CompletableFuture<Void> saved = queue.submit(() -> {
     *     repository.save(order);
     *     return null;
     * });
     * }</pre>
     *
     * @param task the task
     * @param <R> the type of its result
     * @return the future. Its dependents run on a thread of the queue, within the {@linkplain TaskScope#handle scopes}
     *     of the task, unless they are asynchronous or the caller completes the future
     * @throws InterruptedException if interrupted before or while waiting; the task was not put
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    <R extends @Nullable Object> CompletableFuture<R> submit(Callable<? extends R> task) throws InterruptedException;

    /**
     * Puts a task with options and returns a future of its outcome, in the same way as {@link #submit(Callable)}.
     *
     * @param task the task
     * @param options the name, retry policy and timeout of the task
     * @param <R> the type of its result
     * @return the future
     * @throws InterruptedException if interrupted before or while waiting; the task was not put
     * @throws QueueClosedException if the queue is closed before or during the call
     * @throws CancellationException if the queue is cancelled during the call
     */
    <R extends @Nullable Object> CompletableFuture<R> submit(Callable<? extends R> task, TaskOptions options)
            throws InterruptedException;

    /**
     * Waits until the queue is quiescent, ends the round and returns its results in submission order. The queue is
     * quiescent at an instant without waiting or running tasks, and without running exception handlers. Child tasks and
     * tasks that wait for a retry are included.
     *
     * <p>The instant of quiescence ends the round: the queue clears the results, and the next index is 0 again. A queue
     * can be joined any number of times. If several threads join concurrently, exactly one of them receives each
     * result. After a close, the first join returns the results that were never joined, and further joins return empty
     * lists.
     *
     * @return the non-null results; a new, unmodifiable list with random access
     * @throws InterruptedException if interrupted before or while waiting; no task is cancelled, and no result is lost
     * @throws QueueDeadlineException if the deadline of the round has passed; the exception has the results
     * @throws QueueFailedException if the queue fails fast and a task has failed; the exception has the results
     * @throws IllegalStateException if called from a task of this queue, since the call would wait for that task
     */
    List<T> join() throws InterruptedException;

    /**
     * Joins in the same way as {@link #join()} and checks the type of each result.
     *
     * @param type the type that every result must have; {@code int.class} means {@code Integer.class}
     * @param <R> the type of the results
     * @return the non-null results; a new, unmodifiable list with random access
     * @throws ClassCastException if a result has another type; the message has its index and both types, and no result
     *     is cleared
     * @throws InterruptedException if interrupted before or while waiting; no task is cancelled, and no result is lost
     * @throws QueueDeadlineException if the deadline of the round has passed; the exception has the results
     * @throws QueueFailedException if the queue fails fast and a task has failed; the exception has the results
     * @throws IllegalStateException if called from a task of this queue, since the call would wait for that task
     */
    <R extends T> List<R> join(Class<R> type) throws InterruptedException;

    /**
     * Joins in the same way as {@link #join()}, within a timeout.
     *
     * @param timeout the maximum time to wait; zero or less does not wait
     * @return the non-null results; a new, unmodifiable list with random access
     * @throws TimeoutException if tasks still wait or run; no task is cancelled, and the next join returns all results
     * @throws InterruptedException if interrupted before or while waiting; no task is cancelled, and no result is lost
     * @throws QueueDeadlineException if the deadline of the round has passed; the exception has the results
     * @throws QueueFailedException if the queue fails fast and a task has failed; the exception has the results
     * @throws IllegalStateException if called from a task of this queue, since the call would wait for that task
     */
    List<T> join(Duration timeout) throws InterruptedException, TimeoutException;

    /**
     * Joins within a timeout, as {@link #join(Duration)} does, and checks the type of each result, as
     * {@link #join(Class)} does.
     *
     * @param type the type that every result must have; {@code int.class} means {@code Integer.class}
     * @param timeout the maximum time to wait; zero or less does not wait
     * @param <R> the type of the results
     * @return the non-null results; a new, unmodifiable list with random access
     * @throws ClassCastException if a result has another type; the message has its index and both types, and no result
     *     is cleared
     * @throws TimeoutException if tasks still wait or run; no task is cancelled, and the next join returns all results
     * @throws InterruptedException if interrupted before or while waiting; no task is cancelled, and no result is lost
     * @throws QueueDeadlineException if the deadline of the round has passed; the exception has the results
     * @throws QueueFailedException if the queue fails fast and a task has failed; the exception has the results
     * @throws IllegalStateException if called from a task of this queue, since the call would wait for that task
     */
    <R extends T> List<R> join(Class<R> type, Duration timeout) throws InterruptedException, TimeoutException;

    /**
     * Cancels all accepted tasks that have not finished. The queue stays open. Waiting tasks never start. A running
     * task is interrupted. The stage of an asynchronous task is cancelled, and its worker is available immediately.
     *
     * <p>The queue drops the later result or exception of a cancelled task: its exception handler is not called, and
     * its future is cancelled. A put in progress in another thread throws a {@link CancellationException}. Collected
     * results stay for the next join, which waits until the interrupted tasks have ended.
     *
     * <p>A task can call this method and is not interrupted itself. Listeners, interceptors, stages and dependents of
     * futures are called on a thread of the library. This method waits for them, but for less than one second.
     * Otherwise, it does not block.
     */
    void cancel();

    /**
     * Prevents further tasks from starting. Running tasks continue, and the queue accepts tasks as before, so puts
     * block when it is full. A join of a paused queue waits, and logs a warning after 10 seconds. On a queue that is
     * closing, this method has no effect. Does not block. A task can call this method.
     */
    void pause();

    /** Lets tasks start again after a {@link #pause()}. Without a pause, this method has no effect. Does not block. */
    void resume();

    /**
     * Changes the number of workers. If it grows, waiting tasks start immediately. If it shrinks, no task is
     * interrupted: no further task starts while more tasks run than allowed. {@link #maxsize()} and {@link #settings()}
     * stay the same. Does not block. A task can call this method.
     *
     * @param workers the number of workers, from 1 to 100,000
     * @throws IllegalArgumentException if the number is out of range
     */
    void resize(int workers);

    /**
     * Closes the queue: waits until all accepted tasks have ended, and then releases the workers. From the call on,
     * puts from outside the queue are rejected with a {@link QueueClosedException}, including those that are blocked.
     * Running tasks can still put child tasks. A paused queue is resumed, and waiting tasks start in spite of a
     * {@linkplain QueueSettings#withMaxHold hold}. Apart from fail-fast, exceptions of tasks are not thrown.
     *
     * <p>A second close waits for the first, unless the first was a {@link #close(Duration)} that returned
     * {@code false}.
     *
     * <p>If the calling thread is interrupted while it waits, the unfinished tasks are cancelled and passed to the
     * {@link AbandonedTaskHandler}. The call still waits until the interrupted tasks have ended, and then sets the
     * interrupt flag again, as {@link ExecutorService} does in its close since JDK 19. This method behaves in the same
     * way if a method of this queue threw an {@link InterruptedException} to the calling thread, and the thread has not
     * used the queue successfully since. In this case, it does not set the interrupt flag.
     *
     * @throws QueueFailedException if the queue fails fast, a task has failed, and no call has thrown this exception
     *     yet; the queue is closed
     * @throws IllegalStateException if called from a task of this queue, since the call would wait for that task
     */
    @Override
    void close();

    /**
     * Closes the queue in the same way as {@link #close()}, within a timeout. The tasks that are unfinished at the
     * timeout are cancelled, and this method does not wait for them. One warning counts them, and each of them is
     * passed to the {@link AbandonedTaskHandler} of the settings. Every accepted task has thus completed, failed, been
     * cancelled or been passed to the handler. An interrupt counts as the end of the timeout, and the interrupt flag is
     * set again.
     *
     * <p>This method returns at most one second after the timeout. Handlers, listeners, interceptors, stages,
     * dependents of futures and the {@code toString()} of tasks are called on threads of the library. This method waits
     * for them within that second, and they continue without it afterwards. A task whose {@code toString()} has not
     * returned by then is reported by its class.
     *
     * <p>After this method has returned {@code false}, {@link #close()} returns immediately, and a further call of this
     * method waits for the cancelled tasks.
     *
     * @param timeout the maximum time to wait; zero or less does not wait, more than {@code Long.MAX_VALUE} nanoseconds
     *     means forever
     * @return true if all accepted tasks have ended; false if unfinished tasks were cancelled, or if cancelled tasks of
     *     an earlier close still run
     * @throws QueueFailedException if the queue fails fast, a task has failed, and no call has thrown this exception
     *     yet; the queue is closed
     * @throws IllegalStateException if called from a task of this queue, since the call would wait for that task
     */
    boolean close(Duration timeout);

    /**
     * Returns the name of this queue.
     *
     * @return the name with which the queue was opened
     */
    String name();

    /**
     * Returns the settings of this queue.
     *
     * @return the settings with which the queue was opened
     */
    QueueSettings settings();

    /**
     * Returns the maximum number of tasks that run concurrently.
     *
     * @return the number of the settings, or that of the last {@link #resize}
     */
    int workers();

    /**
     * Returns the capacity: the maximum number of waiting tasks.
     *
     * @return the capacity, 1 or more
     */
    int maxsize();

    /**
     * Returns the number of waiting tasks.
     *
     * @return the number, including child tasks beyond the capacity and tasks that wait for a retry
     */
    int depth();

    /**
     * Returns the number of running tasks.
     *
     * @return the number, including asynchronous tasks in flight
     */
    int active();

    /**
     * Returns the number of tasks that were accepted since the last join.
     *
     * @return the number, which is the index of the next task
     */
    long counter();

    /**
     * Returns the results collected so far in this round, in submission order. No result is cleared.
     *
     * @return the non-null results of all tasks that had finished before the call and were not joined yet; a new,
     *     unmodifiable list
     */
    List<T> responses();

    /**
     * Returns the current counters of this queue.
     *
     * @return a snapshot of the counters
     */
    QueueSnapshot snapshot();

    /**
     * Returns a report on the current work of this queue: its counters, the running tasks with their times, the oldest
     * waiting task, and the blocked producers. Does not block, does not slow tasks down, and does not call any
     * {@code toString()}.
     *
     * @return the report, which refers to tasks and threads; do not keep it
     */
    QueueReport report();

    /**
     * Returns the same report as {@link #report()}, with the stacks of the running tasks. Each stack is taken while the
     * report looks at its task, so it belongs to that task, on platform threads and on virtual threads. If the task
     * ends meanwhile, the report shows the next task of the worker instead, or after several such tasks the last of
     * them, with an empty stack. The cost grows with the number of running tasks: the JVM stops each of their threads
     * for some microseconds.
     *
     * @return the report, which refers to tasks and threads; do not keep it
     * @see QueueReport.RunningTask#stack()
     */
    QueueReport reportWithStacks();

    /**
     * Returns the limits that keep the next task from starting now, in this order: {@link QueueLimit.Paused},
     * {@link QueueLimit.Hold}, {@link QueueLimit.Rate}, {@link QueueLimit.Permits}, {@link QueueLimit.Workers} and
     * {@link QueueLimit.Producer}. The list is empty while a waiting task is about to start, while a closing queue has
     * no waiting task but available workers, and once the queue is closed. Any thread may call this method. It waits
     * for no task, and does not slow tasks down.
     *
     * @return the limits at some moment of the call; a new, unmodifiable list
     */
    List<QueueLimit> limits();

    /**
     * Returns a view of this queue as an executor service. Its {@code execute} and {@code submit} put tasks into the
     * queue. Its {@code shutdown()} rejects further tasks and lets the queue drain. Closing the view closes the queue.
     *
     * <p>The methods {@code execute} and {@code submit} block while the queue is full, unless called from a task of
     * this queue. An interrupt makes them throw a {@link java.util.concurrent.RejectedExecutionException} and set the
     * interrupt flag again.
     *
     * <p>Do not use the view on a thread that must not block, such as a shared timer or an event loop. If the queue is
     * full, {@code CompletableFuture.delayedExecutor(.., view)} blocks the only timer of the JVM: no other delay and no
     * {@code orTimeout} ends meanwhile. A warning is logged in this case, once per queue name. Blocked event loops are
     * not detected. Put from an executor with threads that may block instead: {@code delayedExecutor(..,
     * other).execute(() -> view.execute(task))}.
     *
     * <p>The exception of a submitted task is passed to its future, and the task counts as failed. The exception
     * handler is not called, the task is not retried, and its failure does not end a round. The same holds for a
     * {@code FutureTask} that is passed to {@code execute}. The view cannot see an exception that the task itself
     * catches, as those of {@code CompletableFuture.supplyAsync} do: such a task counts as completed.
     *
     * <p>The methods {@code invokeAll} and {@code invokeAny} also block while the queue is full, but not beyond their
     * timeout. When they return or throw, all of their unfinished tasks have been cancelled.
     *
     * <p>In a task of this queue, {@code invokeAll}, {@code invokeAny}, {@code awaitTermination}, the close of the view
     * and {@code get} on an unfinished future of its {@code submit} throw an {@link IllegalStateException}. The view
     * cannot recognize a {@code CompletableFuture.supplyAsync(.., view)}: a task must not wait for such a future of its
     * own queue.
     *
     * <p>The method {@code shutdownNow()} also rejects child tasks, interrupts running tasks, and returns all tasks
     * that never started. Each returned task can be run manually:
     *
     * <ul>
     *   <li>a task passed to {@code execute} is returned itself,
     *   <li>a task submitted to the view is returned as its future,
     *   <li>any other task is returned as a task that completes the future of {@link #submit}. Without such a future,
     *       it throws the exception of the original task, a checked one in a
     *       {@link java.util.concurrent.CompletionException}.
     * </ul>
     *
     * <p>None of the returned tasks is cancelled. A thread that waits for the future of such a task therefore waits
     * until the task is run manually or cancelled.
     *
     * @return the view
     */
    ExecutorService asExecutorService();
}
