package io.github.workerqueue;

import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Calls of user code that a close or a cancel causes: listeners, interceptors, dependents of futures,
 * {@code toString()} of a task. They run in order on a thread of the library, never on the thread that closes or
 * cancels.
 */
final class Callbacks {

    /*
     * One run makes all calls, on its own thread, while each call returns. Once a wait for the calls has timed out, a
     * second thread watches the run, since a call may never return. If no call has begun for a few milliseconds, the
     * watching thread starts another run for the rest, and the former run ends after its call.
     *
     * Invariants: calls begin in order. No call is lost if another one never returns. Each blocked call costs one
     * thread.
     */

    /** Total time for which a close or a cancel waits for user code. */
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    /** Maximum time for which a call delays the next one, once a wait has timed out. */
    private static final long HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final ThreadLocal<Boolean> CALLBACK = ThreadLocal.withInitial(() -> false);

    private final WorkerThreads threads;

    private final String queueName;

    private final CountDownLatch returned = new CountDownLatch(1);

    private final AtomicBoolean watched = new AtomicBoolean();

    /** Guarded by this. */
    private final Iterator<? extends Runnable> calls;

    /** Run that makes the next call. Guarded by this. */
    private @Nullable Object run;

    /** Number of calls that have begun. Guarded by this. */
    private long begun;

    /** Number of calls that have begun and not returned. Guarded by this. */
    private int active;

    private Callbacks(QueueContext context, Iterator<? extends Runnable> calls) {
        this.threads = context.threads;
        this.queueName = context.name;
        this.calls = calls;
    }

    /** Starts the calls, on the kind of thread on which the queue runs its tasks. */
    static Callbacks start(QueueContext context, Collection<? extends Runnable> calls) {
        Callbacks callbacks = new Callbacks(context, calls.iterator());
        if (calls.isEmpty()) {
            callbacks.returned.countDown();
        } else {
            callbacks.startRun();
        }
        return callbacks;
    }

    /** Whether the current thread makes such a call. */
    static boolean isCallback() {
        return CALLBACK.get();
    }

    private void startRun() {
        Object next = new Object();
        replaceRun(next);
        start(() -> makeCalls(next, true), () -> makeCalls(next, false));
    }

    private synchronized void replaceRun(Object next) {
        run = next;
    }

    private void start(Runnable work, Runnable inPlace) {
        if (threads.areParallel()) {
            try {
                threads.starter(work, "queue-callbacks-" + queueName).run();
                return;
            } catch (Throwable ex) {
                String message = "Queue '{}': no thread could be started for the callbacks of a close or cancel";
                QueueLog.log(Level.ERROR, message, queueName, ex);
            }
        }
        inPlace.run();
    }

    private void makeCalls(Object mine, boolean ownThread) {
        boolean within = isCallback();
        CALLBACK.set(true);
        try {
            for (Runnable call = next(mine); call != null; call = next(mine)) {
                if (ownThread) {
                    threads.reset(Thread.currentThread());
                }
                make(call);
            }
        } finally {
            if (!within) {
                CALLBACK.remove();
            }
        }
    }

    /** Begins the next call. Returns null if there is none, or another run makes it. */
    private synchronized @Nullable Runnable next(Object mine) {
        if (run != mine || !calls.hasNext()) {
            return null;
        }
        begun++;
        active++;
        return calls.next();
    }

    private void make(Runnable call) {
        try {
            call.run();
        } catch (Throwable ex) {
            QueueLog.log(Level.WARN, "Queue '{}': a callback of a close or cancel failed", queueName, ex);
        } finally {
            if (isLast()) {
                returned.countDown();
            }
        }
    }

    private synchronized boolean isLast() {
        active--;
        return active == 0 && !calls.hasNext();
    }

    /** Waits until all calls have returned, through interrupts. Returns false if the wait timed out. */
    boolean await(Timeout timeout) {
        boolean inTime = await(returned, timeout);
        if (!inTime && watched.compareAndSet(false, true)) {
            start(this::watch, () -> {});
        }
        return inTime;
    }

    private void watch() {
        for (long before = begunIfMore(); before >= 0; ) {
            LockSupport.parkNanos(this, HEAD_START_NANOS);
            long now = begunIfMore();
            if (now == before) {
                startRun();
            }
            before = now;
        }
    }

    /** Returns the number of calls that have begun; -1 if all have begun. */
    private synchronized long begunIfMore() {
        return calls.hasNext() ? begun : -1;
    }

    /** Waits for a latch, through interrupts. Returns false if the wait timed out. */
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
