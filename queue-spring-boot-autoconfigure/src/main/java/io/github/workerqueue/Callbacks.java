package io.github.workerqueue;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.event.Level;

/**
 * Calls of user code to which a close or a cancel leads: listeners, interceptors, dependents of futures, {@code toString()} of
 * a task. They run in their order on a thread of the library, never on the one that closes or cancels.
 */
final class Callbacks {

    /*
     * One thread makes all calls, as long as each returns. Once a wait for them has timed out, a call may never return, so
     * from then on every call first starts a thread for those behind it. None of them is lost, whatever one of them does.
     */

    /** Time for which a close or a cancel waits for code of the user in all. */
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    private static final ThreadLocal<Boolean> CALLBACK = ThreadLocal.withInitial(() -> false);

    private final WorkerThreads threads;

    private final Queue<Runnable> calls;

    private final CountDownLatch outstanding;

    private final Runnable starter;

    private volatile boolean overdue;

    private Callbacks(Engine engine, Collection<Runnable> calls) {
        this.threads = engine.threads;
        this.calls = new ConcurrentLinkedQueue<>(calls);
        this.outstanding = new CountDownLatch(calls.size());
        this.starter = threads.starter(() -> run(true), "queue-callbacks-" + engine.name);
    }

    /** Starts to make the calls, in the way in which this queue runs its tasks. */
    static Callbacks start(Engine engine, Collection<Runnable> calls) {
        Callbacks callbacks = new Callbacks(engine, calls);
        if (!calls.isEmpty()) {
            callbacks.startThread();
        }
        return callbacks;
    }

    /** Whether the current thread makes such a call. */
    static boolean isCallback() {
        return CALLBACK.get();
    }

    private void startThread() {
        if (threads.areParallel()) {
            try {
                starter.run();
                return;
            } catch (Throwable ex) {
                SafeLogger.log(Level.ERROR, "No thread could be started to report a close or a cancel", ex);
            }
        }
        run(false);
    }

    private void run(boolean ownThread) {
        boolean within = isCallback();
        CALLBACK.set(true);
        try {
            for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
                if (overdue && !calls.isEmpty()) {
                    startThread();
                }
                if (ownThread) {
                    threads.reset(Thread.currentThread());
                }
                run(call);
            }
        } finally {
            if (!within) {
                CALLBACK.remove();
            }
        }
    }

    private void run(Runnable call) {
        try {
            call.run();
        } catch (Throwable ex) {
            SafeLogger.log(Level.WARN, "A callback of a close or a cancel failed", ex);
        } finally {
            outstanding.countDown();
        }
    }

    /** Waits until all have returned, through interrupts. Returns false if one has not in time. */
    boolean await(Timeout timeout) {
        boolean returned = await(outstanding, timeout);
        if (!returned) {
            overdue = true;
            if (!calls.isEmpty()) {
                startThread();
            }
        }
        return returned;
    }

    /** Waits for a latch, through interrupts. Returns false if it has not opened in time. */
    static boolean await(CountDownLatch latch, Timeout timeout) {
        boolean interrupted = false;
        try {
            for (; ; ) {
                try {
                    return latch.await(timeout.remaining(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException ex) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
