package io.github.workerqueue;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Calls of user code to which a close or a cancel leads: listeners, interceptors, dependents of futures,
 * {@code toString()} of a task. They run in their order on a thread of the library, never on the one that closes or
 * cancels.
 */
final class Callbacks {

    /*
     * One thread makes all calls, as long as each returns. After a wait for them has timed out, a call may never
     * return, so every further call first starts a thread for the calls behind it. No call is lost, even if others never
     * return.
     *
     * The calls keep their order on several threads: a call begins when the one before it has returned, or has had a
     * few milliseconds for it. A thread that has started another one ends after its call, so threads do not accumulate.
     */

    /** Time for which a close or a cancel waits for code of the user in all. */
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    /** Time for which a call delays the next one after a wait has timed out. */
    private static final long HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final ThreadLocal<Boolean> CALLBACK = ThreadLocal.withInitial(() -> false);

    private final WorkerThreads threads;

    private final Queue<Runnable> calls;

    private final CountDownLatch outstanding;

    private final Runnable starter;

    private volatile boolean overdue;

    /** The call that was taken last. Guarded by this. */
    private @Nullable Turn last;

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
            boolean continued = false;
            for (Turn turn = take(); turn != null; turn = continued ? null : take()) {
                turn.begin();
                continued = overdue && !calls.isEmpty();
                if (continued) {
                    startThread();
                }
                if (ownThread) {
                    threads.reset(Thread.currentThread());
                }
                run(turn);
            }
        } finally {
            if (!within) {
                CALLBACK.remove();
            }
        }
    }

    private synchronized @Nullable Turn take() {
        Runnable call = calls.poll();
        if (call == null) {
            return null;
        }
        Turn turn = new Turn(call, last);
        last = turn;
        return turn;
    }

    private void run(Turn turn) {
        try {
            turn.call.run();
        } catch (Throwable ex) {
            SafeLogger.log(Level.WARN, "A callback of a close or a cancel failed", ex);
        } finally {
            turn.returned.countDown();
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

    /** A call, which begins after the one before it. */
    private static final class Turn {

        private final Runnable call;

        private final CountDownLatch begun = new CountDownLatch(1);

        private final CountDownLatch returned = new CountDownLatch(1);

        /** The call before this one, until this one begins. Confined to the thread that makes this call. */
        private @Nullable Turn before;

        Turn(Runnable call, @Nullable Turn before) {
            this.call = call;
            this.before = before;
        }

        void begin() {
            Turn earlier = before;
            before = null;
            if (earlier != null) {
                Callbacks.await(earlier.begun, Timeout.of(Engine.FOREVER));
                Callbacks.await(earlier.returned, Timeout.of(HEAD_START_NANOS));
            }
            begun.countDown();
        }
    }
}
