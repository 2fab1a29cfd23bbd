package io.github.workerqueue;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Gives threads to slots. */
abstract class WorkerThreads {

    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

    /** What starts some work on a thread of that name; it throws whatever keeps a thread from starting. */
    abstract Runnable starter(Runnable work, String name);

    /** Lets threads that nothing needs any more end. */
    abstract void close();

    /** Makes a slot, which {@link #starter} gives a thread. */
    WorkerSlot slot(QueueEngine engine, int number, long nextIdle) {
        return new WorkerSlot(engine, number, nextIdle);
    }

    /** Whether tasks run beside those who put and wait for them. */
    boolean areParallel() {
        return true;
    }

    /** Whether the current thread runs a task of the queue, perhaps below one of another queue. */
    boolean runsBelow() {
        return false;
    }

    /** How long a put that is delayed by so many nanoseconds really waits. */
    long delay(long nanos) {
        return nanos;
    }

    /**
     * Must be called by a thread that is about to wait for the queue: where tasks have no threads, it runs them.
     *
     * @return how many nanoseconds are left to wait
     */
    long beforeWait(QueueEngine engine, String call, BooleanSupplier done, long nanos) {
        return nanos;
    }

    /** Whether something waits for a thread that waits for the queue. */
    boolean hasWork(QueueEngine engine) {
        return false;
    }

    /** Runs one of those things. Returns whether there was one. */
    boolean runOne(QueueEngine engine) {
        return false;
    }

    /** Must be called after a task was put for whose end one may wait without the queue. */
    void afterSubmit(QueueEngine engine) {}

    /** Undoes what a task may have done to its thread. */
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

    /** Platform threads, pooled; shared by the queues of a factory. */
    static final class Platform extends WorkerThreads {

        private static final int KEEP_ALIVE_SECONDS = 10;

        private final ThreadPoolExecutor pool;

        /** Whether the threads are ours to rename. */
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

    /** Virtual threads, one for each time that a slot gets to run. */
    static final class Virtual extends WorkerThreads {

        @Override
        Runnable starter(Runnable work, String name) {
            ThreadFactory threads = VirtualThreads.factory(name);
            return () -> threads.newThread(work).start();
        }

        @Override
        void close() {}
    }

    /** Daemon threads of the thread group of its creator that inherit nothing from those who happen to need them. */
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
