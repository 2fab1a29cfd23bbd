package io.github.workerqueue;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Threads on which the worker slots of a queue run. */
abstract class WorkerThreads {

    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

    /**
     * Returns the action that starts work on a thread of this name. The action throws any exception that keeps the
     * thread from starting.
     */
    abstract Runnable starter(Runnable work, String name);

    /** Ends the threads that are no longer needed. */
    abstract void close();

    /** Whether tasks run concurrently with the threads that put and wait. */
    boolean areParallel() {
        return true;
    }

    /**
     * Prepares a wait for the queue. If tasks have no threads of their own, this method runs them until the condition
     * holds.
     *
     * @return the remaining nanoseconds of the time limit
     */
    long await(String queue, String call, BooleanSupplier done, long nanos) {
        return nanos;
    }

    /** Whether a task waits for a thread that waits for the queue. */
    boolean hasWork() {
        return false;
    }

    /** Runs one such task. Returns false if there is none. */
    boolean runOne() {
        return false;
    }

    /** Runs such tasks after a put whose end a thread may await without the queue. */
    void afterSubmit() {}

    /** Undoes the changes that a task may have made to its thread. */
    @SuppressWarnings("ThreadPriorityCheck") // to undo, not to rely on it
    void reset(Thread current) {
        Thread.interrupted();
        if (current.getContextClassLoader() != loader) {
            current.setContextClassLoader(loader);
        }
        if (current.getPriority() != Thread.NORM_PRIORITY) {
            current.setPriority(Thread.NORM_PRIORITY);
        }
    }

    /** Pooled platform threads, shared by the queues of a factory. */
    static final class Platform extends WorkerThreads {

        private static final int KEEP_ALIVE_SECONDS = 10;

        private final ThreadPoolExecutor pool;

        /** Whether the pool may rename the threads, as no other factory has created them. */
        private final boolean renames;

        Platform(@Nullable ThreadFactory threadFactory) {
            this.renames = threadFactory == null;
            this.pool = new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    KEEP_ALIVE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    threadFactory == null ? new PoolThreadFactory() : threadFactory);
        }

        @Override
        Runnable starter(Runnable work, String name) {
            Runnable named = renames ? () -> runAs(name, work) : work;
            return () -> {
                try {
                    pool.execute(named);
                } catch (RejectedExecutionException ex) { // a task that close did not wait for still ends properly
                    pool.getThreadFactory().newThread(named).start();
                }
            };
        }

        private static void runAs(String name, Runnable work) {
            Thread current = Thread.currentThread();
            String before = current.getName();
            current.setName(name);
            try {
                work.run();
            } finally {
                current.setName(before);
            }
        }

        @Override
        void close() {
            pool.shutdown();
        }
    }

    /** Virtual threads, a new one for each start of a slot. */
    static final class Virtual extends WorkerThreads {

        @Override
        Runnable starter(Runnable work, String name) {
            ThreadFactory threads = VirtualThreads.factory(name);
            return () -> threads.newThread(work).start();
        }

        @Override
        void close() {}
    }

    /**
     * Factory of daemon threads in the thread group of its creator. They inherit nothing from the threads that need
     * them first.
     */
    private static final class PoolThreadFactory implements ThreadFactory {

        private final @Nullable ThreadGroup group = Thread.currentThread().getThreadGroup();

        private final AtomicInteger made = new AtomicInteger();

        @Override
        public Thread newThread(Runnable worker) {
            Thread thread = new Thread(group, worker, "queue-pool-" + made.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            return thread;
        }
    }
}
