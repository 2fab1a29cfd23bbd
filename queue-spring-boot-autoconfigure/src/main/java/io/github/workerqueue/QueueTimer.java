package io.github.workerqueue;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Timer of a factory for its queues. Its only thread exists while actions are scheduled. */
final class QueueTimer {

    /*
     * All queues depend on this thread, so it must not block. Scheduled actions are short. They leave all user code
     * (the toString() of a task, dependents of a stage, a logger) to threads of the queue.
     *
     * After the close, scheduled actions still run, since tasks may outlive the close. An action that such a task
     * schedules then gets a thread of its own.
     */

    private static final int KEEP_ALIVE_SECONDS = 1;

    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

    private final @Nullable ThreadGroup group = Thread.currentThread().getThreadGroup();

    private final ScheduledThreadPoolExecutor executor = executor();

    /** Scheduled action. */
    @FunctionalInterface
    interface Scheduled {

        /** Cancels the action, unless it has begun. */
        void cancel();
    }

    /** Schedules an action to run once, after a delay in nanoseconds. */
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

    /** Releases the thread once no action is scheduled. */
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
        ScheduledThreadPoolExecutor created = new ScheduledThreadPoolExecutor(1, this::thread);
        created.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        created.allowCoreThreadTimeOut(true);
        created.setRemoveOnCancelPolicy(true);
        return created;
    }

    private Thread thread(Runnable worker) {
        Thread thread = new Thread(group, worker, "queue-timer", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        return thread;
    }
}
