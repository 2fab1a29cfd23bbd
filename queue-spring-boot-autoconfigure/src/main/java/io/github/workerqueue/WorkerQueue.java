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
 * A bounded worker queue: at most {@link #workers()} tasks run at once, at most {@link #maxsize()} wait, a producer that is
 * too fast is held back, and {@link #join()} hands over what the tasks returned, in the order in which they were put.
 * Opened by a {@link QueueFactory}; thread-safe. Close it, best with try-with-resources:
 *
 * <pre>{@code
 * try (WorkerQueue<String> queue = queues.open("riot")) {
 *     queue.putAll(summoners, riot::puuid);
 *     return queue.join();
 * }
 * }</pre>
 *
 * <p><b>Putting.</b> Every method that puts blocks while the queue is full, {@code offer} aside. Everything accepted takes
 * the next index, from 0 after each join, and tasks are started in that order. While it blocks, an interrupt ends the wait
 * with an {@link InterruptedException}, a {@link #close()} with a {@link QueueClosedException} and a {@link #cancel()} with
 * a {@link CancellationException}; in each of these cases the task was not put.
 *
 * <p><b>Failures.</b> What a task throws reaches the {@linkplain QueueSettings#withExceptionHandler exception handler},
 * once; the worker lives on. With {@link #submit submit} it reaches the future instead.
 *
 * <p><b>Tasks of this queue</b> (and their exception handlers, and the tasks of queues that were opened inside them) may put
 * into it without ever waiting for room: their children are admitted above the bound, else a full queue would wait for
 * itself. {@link #join()}, {@link #close()} and waiting for an unfinished future of {@link #submit submit}, or for one derived
 * from it, may never end there, so they throw an {@link IllegalStateException}, whether or not another worker is free. The
 * same holds for {@code invokeAll}, {@code invokeAny}, {@code awaitTermination} and unfinished futures of the {@linkplain
 * #asExecutorService() executor view}.
 *
 * <p><b>Names of tasks.</b> Failures, reports and log lines name a task by its {@link TaskOptions}, else by the
 * {@code toString()} of its item, else by its own. A lambda, a method reference and a {@code FutureTask} without a
 * {@code toString()} of their own are called {@code task 17} by their index, and in a {@link TaskInfo}, which has no
 * index yet, by their class.
 *
 * <p><b>Rounds that end early.</b> With a {@link QueueSettings#withDeadline deadline}, or where the queue {@link
 * QueueSettings#withFailFast fails fast}, the deadline or the first failure cancels the rest of a round. Until a join has
 * thrown it, everything that puts throws a {@link QueueDeadlineException} or a {@link QueueFailedException} then.
 *
 * <p><b>Threads.</b> Tasks run on daemon threads of the queue, which inherit nothing from the thread that puts; thread
 * locals that a task leaves behind are seen by later tasks. Put as many tasks as you like that return null: what returns
 * null costs no memory after it ran. The same holds for {@code kotlin.Unit}, the value of a Kotlin block without a result.
 *
 * <p><b>Memory consistency.</b> What a thread did before it put a task happens-before the task runs; what the task did
 * happens-before join returns, before {@link #responses()} shows its result, before its future completes, and before its
 * exception handler is called.
 *
 * <p><b>Stack overflow.</b> A call that runs out of stack leaves the queue intact: it neither loses a task nor keeps a lock. A
 * put that throws a {@link StackOverflowError} may or may not have been accepted. If no worker could be started for it, the
 * task starts with the next call that puts or waits.
 *
 * <p>NOTE: without a close, what is outstanding when the JVM exits is lost. {@link #join()} waits for a moment at which
 * nothing waits and nothing runs; threads that share a queue use {@link #submit submit}, or a time limit. This interface is
 * not meant to be implemented outside this library; methods will be added.
 *
 * <p>Null arguments are a {@link NullPointerException} everywhere. A time-out of zero or less does not wait; one beyond
 * {@code Long.MAX_VALUE} nanoseconds (292 years) means for ever.
 *
 * @param <T> the type of the results that join returns
 * @see QueueFactory#open(String)
 */
public interface WorkerQueue<T> extends AutoCloseable {

    /**
     * Puts a task whose result the next join returns. Blocks while the queue is full.
     *
     * <p>If the task returns a {@link CompletionStage}, use {@link #putAsync(Callable)}. Here, the stage itself is the
     * result: the queue does not limit, await or cancel its operation, nor handle its failure. If a stage is not done
     * when its task returns, a WARN of the logger {@code io.github.workerqueue.WorkerQueue.async} says so, once per
     * queue name.
     *
     * @param task the task; a null that it returns is not collected
     * @throws InterruptedException if interrupted before or while it waits; the task was not put
     * @throws QueueClosedException if the queue is closed, or closes while this waits
     * @throws CancellationException if the queue is cancelled while this waits
     */
    void put(Callable<? extends @Nullable T> task) throws InterruptedException;

    /**
     * Puts a task, as {@link #put(Callable)}, and says something of it.
     *
     * @param task the task; a null that it returns is not collected
     * @param options its name, its retry policy and its timeout
     * @throws InterruptedException if interrupted before or while it waits; the task was not put
     * @throws QueueClosedException if the queue is closed, or closes while this waits
     * @throws CancellationException if the queue is cancelled while this waits
     */
    void put(Callable<? extends @Nullable T> task, TaskOptions options) throws InterruptedException;

    /**
     * Waits, then puts, as {@link #put(Callable)}: a way to spread load. It is the caller that waits, as in Pyot's queue.
     * A close or a cancel ends this wait too.
     *
     * @param task the task; a null that it returns is not collected
     * @param delay how long to wait first; zero does not wait
     * @throws IllegalArgumentException if the delay is negative
     * @throws InterruptedException if interrupted before or while it waits; the task was not put
     * @throws QueueClosedException if the queue is closed, or closes while this waits
     * @throws CancellationException if the queue is cancelled while this waits
     */
    void putDelayed(Callable<? extends @Nullable T> task, Duration delay) throws InterruptedException;

    /**
     * Puts a task that starts something asynchronous. From its start until its stage completes it holds a worker slot, so
     * that at most {@link #workers()} are in flight; while it waits for the stage it holds no thread. The value of the stage
     * is collected and its failure handled like those of any other task; a null stage is a failure. The thread that
     * completes the stage only hands over. Blocks while the queue is full.
     *
     * @param task calls the asynchronous operation and returns its stage, which is cancelled if the task is
     * @throws InterruptedException if interrupted before or while it waits; the task was not put
     * @throws QueueClosedException if the queue is closed, or closes while this waits
     * @throws CancellationException if the queue is cancelled while this waits
     */
    void putAsync(Callable<? extends CompletionStage<? extends @Nullable T>> task) throws InterruptedException;

    /**
     * Puts a task that starts something asynchronous, as {@link #putAsync(Callable)}, and says something of it.
     *
     * @param task calls the asynchronous operation and returns its stage, which is cancelled if the task is
     * @param options its name, its retry policy and its timeout
     * @throws InterruptedException if interrupted before or while it waits; the task was not put
     * @throws QueueClosedException if the queue is closed, or closes while this waits
     * @throws CancellationException if the queue is cancelled while this waits
     */
    void putAsync(Callable<? extends CompletionStage<? extends @Nullable T>> task, TaskOptions options)
            throws InterruptedException;

    /**
     * Takes one item, puts a task for it, takes the next; endless and lazy iterables work. Blocks while the queue is full.
     * Where an exception ends it (an interrupt, a close, a cancel, one of the iterator's own), a task was put for every item
     * that was taken, the last one perhaps not.
     *
     * @param items the items; the {@code toString()} of each names its task
     * @param function what each task does with its item; a null that it returns is not collected
     * @param <S> the type of the items
     * @throws InterruptedException if interrupted before or while it waits
     * @throws QueueClosedException if the queue is closed, or closes meanwhile
     * @throws CancellationException if the queue is cancelled meanwhile
     */
    <S extends @Nullable Object> void putAll(
            Iterable<? extends S> items, TaskFunction<? super S, ? extends @Nullable T> function)
            throws InterruptedException;

    /**
     * Puts a task for each item, as {@link #putAll(Iterable, TaskFunction)}, with the same options for all of these tasks.
     *
     * @param items the items
     * @param function the work of each task on its item; a null that it returns is not collected
     * @param options the options of each task. A name is the name of all tasks, in place of the {@code toString()} of the
     *     items; a retry policy and a timeout apply to each task by itself
     * @param <S> the type of the items
     * @throws InterruptedException if interrupted before or while it waits
     * @throws QueueClosedException if the queue is closed, or closes meanwhile
     * @throws CancellationException if the queue is cancelled meanwhile
     */
    <S extends @Nullable Object> void putAll(
            Iterable<? extends S> items, TaskFunction<? super S, ? extends @Nullable T> function, TaskOptions options)
            throws InterruptedException;

    /**
     * Puts a task, as {@link #put(Callable)}, if there is room now. Never blocks, and keeps the bound for tasks of this
     * queue too.
     *
     * @param task the task; a null that it returns is not collected
     * @return false if the queue is full, or producers that were held back longer come first
     * @throws QueueClosedException if the queue is closed
     */
    boolean offer(Callable<? extends @Nullable T> task);

    /**
     * Puts a task, as {@link #put(Callable)}, if there is room within a time. Keeps the bound for tasks of this queue too.
     *
     * @param task the task; a null that it returns is not collected
     * @param timeout how long to wait at most
     * @return false if the queue was full all the time
     * @throws InterruptedException if interrupted before or while it waits; the task was not put
     * @throws QueueClosedException if the queue is closed, or closes while this waits
     * @throws CancellationException if the queue is cancelled while this waits
     */
    boolean offer(Callable<? extends @Nullable T> task, Duration timeout) throws InterruptedException;

    /**
     * Puts a task that returns nothing, so that nothing is collected. Blocks while the queue is full.
     *
     * <p>The task must have done its work when it returns. If it starts an asynchronous operation, the queue can see
     * neither the stage nor its failure, and logs no warning: use {@link #putAsync(Callable)} instead.
     *
     * @param task the task
     * @throws InterruptedException if interrupted before or while it waits; the task was not put
     * @throws QueueClosedException if the queue is closed, or closes while this waits
     * @throws CancellationException if the queue is cancelled while this waits
     */
    void execute(TaskAction task) throws InterruptedException;

    /**
     * Takes one item, puts a task that consumes it, takes the next, as {@link #putAll putAll}; nothing is collected.
     *
     * @param items the items; the {@code toString()} of each names its task
     * @param consumer what each task does with its item
     * @param <S> the type of the items
     * @throws InterruptedException if interrupted before or while it waits
     * @throws QueueClosedException if the queue is closed, or closes meanwhile
     * @throws CancellationException if the queue is cancelled meanwhile
     */
    <S extends @Nullable Object> void executeAll(Iterable<? extends S> items, TaskConsumer<? super S> consumer)
            throws InterruptedException;

    /**
     * Puts a task for each item, as {@link #executeAll(Iterable, TaskConsumer)}, with the same options for all of these tasks.
     *
     * @param items the items
     * @param consumer the work of each task on its item
     * @param options the options of each task. A name is the name of all tasks, in place of the {@code toString()} of the
     *     items; a retry policy and a timeout apply to each task by itself
     * @param <S> the type of the items
     * @throws InterruptedException if interrupted before or while it waits
     * @throws QueueClosedException if the queue is closed, or closes meanwhile
     * @throws CancellationException if the queue is cancelled meanwhile
     */
    <S extends @Nullable Object> void executeAll(
            Iterable<? extends S> items, TaskConsumer<? super S> consumer, TaskOptions options)
            throws InterruptedException;

    /**
     * Puts a task whose outcome goes to a future: join does not return its result, and the exception handler does not get
     * its exception. Blocks while the queue is full. {@code cancel(true)} on the future interrupts the task if it runs,
     * {@code cancel(false)} has an effect only while it waits. A task whose future is complete before the task starts, by
     * {@link CompletableFuture#orTimeout orTimeout} for example, never starts and counts as cancelled. A running task does not
     * notice it: only {@code cancel(true)} and a task timeout interrupt a task. Cancelling a future that is derived from the
     * returned one does not reach the task.
     *
     * <p>Inside a task of this queue, {@code get} and {@code join} on the unfinished future throw an
     * {@link IllegalStateException}, and so they do on futures derived from it by {@code thenApply}, {@code thenCompose},
     * {@code copy} and the other methods of the future. The queue cannot recognize futures that other futures make of it:
     * those of the static methods {@link CompletableFuture#allOf allOf} and {@link CompletableFuture#anyOf anyOf}, of
     * {@code other.thenCombine(future, ..)}, and of {@code minimalCompletionStage()}. A task that waits for one of them may
     * wait for itself forever. Instead, let the task open a queue, and use {@link #putAll putAll} and {@link #join()}, or
     * {@code invokeAll} of the executor view, on that queue.
     *
     * <p>A task without a result returns null. There is no overload for it, as a method reference such as {@code
     * repository::count} would fit both:
     *
     * <pre>{@code
     * CompletableFuture<Void> sent = queue.submit(() -> {
     *     mailer.send(mail);
     *     return null;
     * });
     * }</pre>
     *
     * @param task the task
     * @param <R> the type of its result
     * @return the future; its dependents run on a thread of the queue, within the {@linkplain TaskScope#handle scopes}
     *     of the task, unless they are asynchronous or the caller completes the future
     * @throws InterruptedException if interrupted before or while it waits; the task was not put
     * @throws QueueClosedException if the queue is closed, or closes while this waits
     * @throws CancellationException if the queue is cancelled while this waits
     */
    <R extends @Nullable Object> CompletableFuture<R> submit(Callable<? extends R> task) throws InterruptedException;

    /**
     * Puts a task whose outcome goes to a future, as {@link #submit(Callable)}, and says something of it.
     *
     * @param task the task
     * @param options its name, its retry policy and its timeout
     * @param <R> the type of its result
     * @return the future
     * @throws InterruptedException if interrupted before or while it waits; the task was not put
     * @throws QueueClosedException if the queue is closed, or closes while this waits
     * @throws CancellationException if the queue is cancelled while this waits
     */
    <R extends @Nullable Object> CompletableFuture<R> submit(Callable<? extends R> task, TaskOptions options)
            throws InterruptedException;

    /**
     * Waits for a moment at which nothing waits and nothing runs, and returns what was collected until then, in put order.
     * That moment ends the round: the results are handed over and forgotten, and the next index is 0 again. May be called
     * any number of times; of concurrent joins, each result is returned by exactly one. After a close it returns, once,
     * what was never joined, then empty lists.
     *
     * @return the non-null results: a new, unmodifiable list with random access
     * @throws InterruptedException if interrupted before or while it waits; nothing is lost and nothing is cancelled
     * @throws QueueDeadlineException if the deadline of the round has passed; it has the results
     * @throws QueueFailedException if the queue fails fast and a task has failed; it has the results
     * @throws IllegalStateException if called by a task of this queue, for which it would wait
     */
    List<T> join() throws InterruptedException;

    /**
     * Joins, as {@link #join()}, and checks the type of each result.
     *
     * @param type the type that every result must have; {@code int.class} means {@code Integer.class}
     * @param <R> the type of the results
     * @return the non-null results: a new, unmodifiable list with random access
     * @throws ClassCastException if a result is of another type, with its index and both types; nothing is cleared
     * @throws InterruptedException if interrupted before or while it waits; nothing is lost and nothing is cancelled
     * @throws IllegalStateException if called by a task of this queue, for which it would wait
     */
    <R extends T> List<R> join(Class<R> type) throws InterruptedException;

    /**
     * Joins, as {@link #join()}, within a time.
     *
     * @param timeout how long to wait at most
     * @return the non-null results: a new, unmodifiable list with random access
     * @throws TimeoutException if something still waits or runs; nothing is lost and nothing is cancelled
     * @throws InterruptedException if interrupted before or while it waits; nothing is lost and nothing is cancelled
     * @throws IllegalStateException if called by a task of this queue, for which it would wait
     */
    List<T> join(Duration timeout) throws InterruptedException, TimeoutException;

    /**
     * Joins within a time, as {@link #join(Duration)}, and checks the type of each result, as {@link #join(Class)}.
     *
     * @param type the type that every result must have; {@code int.class} means {@code Integer.class}
     * @param timeout how long to wait at most
     * @param <R> the type of the results
     * @return the non-null results: a new, unmodifiable list with random access
     * @throws ClassCastException if a result is of another type, with its index and both types; nothing is cleared
     * @throws TimeoutException if something still waits or runs; nothing is lost and nothing is cancelled
     * @throws InterruptedException if interrupted before or while it waits; nothing is lost and nothing is cancelled
     * @throws IllegalStateException if called by a task of this queue, for which it would wait
     */
    <R extends T> List<R> join(Class<R> type, Duration timeout) throws InterruptedException, TimeoutException;

    /**
     * Ends what was accepted and has not finished; the queue stays usable. What waits never starts. A running task is
     * interrupted, a stage is cancelled and its slot freed at once. What a cancelled task then returns or throws is dropped;
     * its exception handler is not called; its future is cancelled. Puts under way in other threads throw a
     * {@link CancellationException}. What was collected stays for the next join, which waits until the interrupted tasks
     * have ended. A task may call it, and is not interrupted itself.
     *
     * <p>Listeners, interceptors, stages and dependents of futures are called on a thread of the library. This method waits for
     * them, but for less than a second; otherwise, it does not block.
     */
    void cancel();

    /**
     * Lets no further task start; those that run go on. The queue takes tasks as before, so puts block once it is full. Does
     * not block. A task may call it. A join of a paused queue waits, and says so in a WARN after 10 seconds. On a queue that
     * closes, it has no effect.
     */
    void pause();

    /** Lets tasks start again after a {@link #pause()}. Does not block; without a pause it has no effect. */
    void resume();

    /**
     * Changes how many tasks run at once. Growing lets what waits start at once; shrinking interrupts nothing: as long as more
     * tasks run than may, no further one starts. The maxsize stays as it is, and so do {@link #settings()}. Does not block. A
     * task may call it.
     *
     * @param workers 1 to 100,000
     * @throws IllegalArgumentException if it is out of range
     */
    void resize(int workers);

    /**
     * Closes the queue: from now on, puts from outside are refused with a {@link QueueClosedException}, also those that are
     * held back; running tasks may still put. A paused queue is resumed. Blocks until everything accepted has ended. Throws nothing that tasks threw.
     * A second close waits for the first, unless that was a {@link #close(Duration)} that returned false.
     *
     * <p>If the calling thread is interrupted while it waits, what is outstanding is cancelled and handed to the
     * {@link AbandonedTaskHandler}, the wait goes on until the interrupted tasks have ended, and the interrupt is restored, as
     * {@link ExecutorService} does in its close since JDK 19.
     * If a method of this queue threw an {@link InterruptedException} to the calling thread, and the thread has not used the
     * queue successfully since, this method behaves as if it was interrupted. It does not set the interrupt flag in this case.
     *
     * @throws QueueFailedException if the queue fails fast, a task has failed, and nothing has thrown it yet; it is closed
     * @throws IllegalStateException if called by a task of this queue, for which it would wait
     */
    @Override
    void close();

    /**
     * Closes the queue, as {@link #close()}, within a timeout. Tasks that are unfinished then are cancelled, counted in one
     * WARN line, passed one by one to the {@link AbandonedTaskHandler} of the settings, and not awaited. So every accepted task
     * has completed, failed, been cancelled or been passed to the handler. An interrupt counts as the end of the timeout, and
     * is restored.
     *
     * <p>Returns at most one second after the timeout. Handlers, listeners, interceptors, stages, dependents of futures and the
     * {@code toString()} of tasks are called on threads of the library. This method waits for them within that second, and
     * they continue without it afterwards. A task whose {@code toString()} has not returned is reported by its class.
     *
     * <p>After this method has returned false, {@link #close()} returns immediately, and a further call of this method waits
     * for the cancelled tasks.
     *
     * @param timeout how long to wait at most; zero or less does not wait, beyond {@code Long.MAX_VALUE} nanoseconds means
     *     for ever
     * @return false if something was left and was cancelled
     * @throws IllegalStateException if called by a task of this queue, for which it would wait
     */
    boolean close(Duration timeout);

    /**
     * The name of this queue.
     *
     * @return the name that it was opened with
     */
    String name();

    /**
     * How this queue was set up.
     *
     * @return the settings with which it was opened
     */
    QueueSettings settings();

    /**
     * How many tasks may run at once.
     *
     * @return the number of the settings, or that of the last {@link #resize}
     */
    int workers();

    /**
     * How many tasks may wait.
     *
     * @return 1 or more
     */
    int maxsize();

    /**
     * How many tasks wait now.
     *
     * @return the number, those above the bound and those that wait for a retry included
     */
    int depth();

    /**
     * How many tasks run now.
     *
     * @return the number, asynchronous tasks in flight included
     */
    int active();

    /**
     * How many tasks were put since the last join.
     *
     * @return the number; it is the index of the next task
     */
    long counter();

    /**
     * What was collected so far, in put order. Nothing is cleared.
     *
     * @return the results of all tasks that finished before the call and were not joined yet: a new, unmodifiable list
     */
    List<T> responses();

    /**
     * The figures of this queue now.
     *
     * @return the figures
     */
    QueueSnapshot snapshot();

    /**
     * What this queue does now: its figures, what runs and for how long, the oldest task that waits, and the producers that
     * are held back. Costs the tasks nothing. Does not block, and does not call the {@code toString()} of anything.
     *
     * @return the report, which refers to tasks and threads; don't keep it
     */
    QueueReport report();

    /**
     * Returns the same report as {@link #report()}, with the stacks of the running tasks. Each stack is taken while the report
     * looks at its task, so it belongs to that task, on a platform thread and on a virtual one. If the task ends meanwhile, the
     * report shows the next task of the worker instead, or after several such tasks the last of them, with an empty stack. The
     * cost grows with the number of running tasks: the JVM stops each of their threads for some microseconds.
     *
     * @return the report, which refers to tasks and threads; don't keep it
     * @see QueueReport.RunningTask#stack()
     */
    QueueReport reportWithStacks();

    /**
     * A view of this queue as an executor service: its execute and submit put, {@code shutdown()} refuses what comes later and
     * lets the queue drain, closing it closes the queue. Its execute and submit block while the queue is full; an interrupt
     * makes them throw a {@link java.util.concurrent.RejectedExecutionException} and sets the flag again. A task of this queue
     * does not wait for room.
     *
     * <p>Do not use the view where a thread must not block: on a shared timer or on an event loop. On a full queue, the
     * timer of {@code CompletableFuture.delayedExecutor(.., view)} blocks, which is the only one of the JVM: no other
     * delay and no {@code orTimeout} ends meanwhile. A WARN says so, once per queue name. Blocked event loops are not
     * detected. Put from an executor whose threads may block instead:
     * {@code delayedExecutor(.., other).execute(() -> view.execute(task))}.
     *
     * <p>The exception of a submitted task goes to its future, and the task counts as failed. The exception handler is
     * not called, the task is not retried, and its failure does not end a round. The same holds for a
     * {@code FutureTask} that is given to {@code execute}. The view cannot see an exception that the task itself
     * catches, as those of {@code CompletableFuture.supplyAsync} do: such a task counts as completed.
     *
     * <p>{@code invokeAll} and {@code invokeAny} block while the queue is full, too, but not beyond their timeout. When they
     * return or throw, every unfinished task of theirs has been cancelled.
     *
     * <p>In a task of this queue, {@code invokeAll}, {@code invokeAny}, {@code awaitTermination}, the close of the view and
     * {@code get} on an unfinished future of its {@code submit} throw an {@link IllegalStateException}. The view cannot
     * recognize a {@code CompletableFuture.supplyAsync(.., view)}: a task must not wait for one of its own queue.
     *
     * <p>{@code shutdownNow()} also refuses what running tasks put, interrupts those, and returns all tasks that never started,
     * each so that it can be run by hand: what was given to execute itself, what was submitted to the view as its future, and
     * of the others a task that completes the future of {@link #submit}, or else throws what it throws, checked exceptions in a
     * {@link java.util.concurrent.CompletionException}. None of them is cancelled, so whoever waits for such a future waits
     * until it is run by hand or cancelled.
     *
     * @return the view
     */
    ExecutorService asExecutorService();
}
