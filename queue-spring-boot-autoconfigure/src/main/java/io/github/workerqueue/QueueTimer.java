package io.github.workerqueue;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs what a factory's queues have to do at some later time, on one thread, which is there only while something is scheduled. */
final class QueueTimer {

    /*
     * A thread that all queues wait for must not wait for anybody: what is scheduled here is short, and hands everything that
     * may run code of the user (a task's toString(), the dependents of a stage, a logger) over to a thread of the queue.
     *
     * After the close, what was scheduled still runs, as tasks that the close did not wait for still run; what they schedule
     * then gets a thread of its own.
     */

    private static final int KEEP_ALIVE_SECONDS = 1;

    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

    private final @Nullable ThreadGroup group = Thread.currentThread().getThreadGroup();

    private final ScheduledThreadPoolExecutor executor = executor();

    /** Something that is still to come. */
    @FunctionalInterface
    interface Scheduled {

        /** Forgets it, unless it has begun. */
        void cancel();
    }

    /** Runs something once, after so many nanoseconds. */
    Scheduled schedule(Runnable action, long nanos) {
        Runnable logged = () -> run(action);
        Future<?> future;
        try {
            future = executor.schedule(logged, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ex) {
            future = executor().schedule(logged, nanos, TimeUnit.NANOSECONDS);
        }
        Future<?> scheduled = future;
        return () -> scheduled.cancel(false);
    }

    /** Lets the thread end when nothing is scheduled any more. */
    void close() {
        executor.shutdown();
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (Throwable ex) {
            QueueLog.logger.error("A scheduled action of a queue failed", ex);
        }
    }

    private ScheduledThreadPoolExecutor executor() {
        ScheduledThreadPoolExecutor made = new ScheduledThreadPoolExecutor(1, this::thread);
        made.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        made.allowCoreThreadTimeOut(true);
        made.setRemoveOnCancelPolicy(true);
        return made;
    }

    private Thread thread(Runnable worker) {
        Thread thread = new Thread(group, worker, "queue-timer", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        return thread;
    }
}
