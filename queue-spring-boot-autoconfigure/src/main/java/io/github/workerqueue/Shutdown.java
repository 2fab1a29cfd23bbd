package io.github.workerqueue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The close of a queue: it rejects puts, waits for quiescence, and then rejects the tasks of the queue, too. */
final class Shutdown {

    /*
     * The flags of the ring are the state: open -> CLOSING or DRAINING -> CLOSED. CLOSED is set at an instant of quiescence, or
     * by a close whose time is up, which then cancels the rest.
     *
     * No code of the user runs on a thread that closes: the listeners are notified by Callbacks. A close without a
     * timeout waits for them, and one with a timeout for less than a second.
     */

    private final QueueEngine engine;

    private final Consumer<QueueEngine> onClose;

    /** Number of closes that have cancelled tasks and not reported all of them. */
    private final AtomicInteger reporting = new AtomicInteger();

    /** Opens when the first close whose time is up has cancelled the unfinished tasks; null until one does. */
    private final AtomicReference<@Nullable CountDownLatch> cancelRemaining = new AtomicReference<>();

    private final AtomicBoolean released = new AtomicBoolean();

    /** Opens when the listeners have been notified. */
    private final CountDownLatch notified = new CountDownLatch(1);

    /** Kept, for a slot that comes too late for a task runs for a moment. */
    private volatile boolean terminated;

    /** Whether a close with a timeout has returned false. A close without one no longer waits then. */
    private volatile boolean givenUp;

    /** Whether no handle is left that could join. */
    private volatile boolean leaked;

    Shutdown(QueueEngine engine, Consumer<QueueEngine> closed) {
        this.engine = engine;
        this.onClose = closed;
    }

    /** Rejects puts from outside. The last task closes the queue then. */
    void begin() {
        reject(Ring.CLOSING);
        tryTerminate();
    }

    /** Begins the close of a queue that no thread can use any longer. */
    void beginLeaked() {
        leaked = true;
        begin();
    }

    /** Rejects puts of threads that run no task of the factory, or of another one that drains with it. */
    void beginDrain(Drain drain) {
        engine.drain = drain;
        reject(Ring.DRAINING);
    }

    boolean isBegun() {
        return engine.ring.hasAny(Ring.CLOSING);
    }

    boolean isClosed() {
        return engine.ring.hasAny(Ring.CLOSED);
    }

    /** Whether nothing runs, and every abandoned task has been reported. */
    boolean isTerminated() {
        if (terminated) {
            return true;
        }
        boolean now = isClosed()
                && engine.overflow.size() == 0
                && engine.isQuiescent()
                && !engine.cancellation.isUnderWay()
                && reporting.get() == 0;
        if (now && engine.slots.absent() == 0) {
            terminated = true;
        }
        return now;
    }

    /** Whether a close has nothing to wait for. */
    boolean hasNothingToAwait(Timeout timeout) {
        return isTerminated() || (givenUp && timeout.isEndless());
    }

    boolean awaitTermination(long nanos) throws InterruptedException {
        ManagedWait loan = ManagedWait.ofCurrentTask();
        try {
            return engine.round.quiescence().await(() -> isTerminated() ? true : null, nanos) != null;
        } finally {
            loan.takeBack();
        }
    }

    /** Call this method when nothing may be left to wait for. */
    void tryTerminate() {
        if (isBegun() && engine.round.quiescence().attempt(this::tryClose) != null) {
            engine.round.signalQuiescence();
            release();
            engine.snapshots.freeze();
        }
    }

    /** Closes the queue and waits for quiescence. Returns false if unfinished tasks were cancelled. */
    boolean close(long nanos) {
        StackGuard.check();
        Timeout timeout = Timeout.of(nanos);
        if (!hasNothingToAwait(timeout)) {
            Producer.refuseInside(engine, "close()");
        }
        ManagedWait loan = ManagedWait.ofCurrentTask();
        boolean nothingLeft;
        try {
            nothingLeft = closeWithin(timeout);
        } finally {
            loan.takeBack(timeout);
        }
        engine.round.throwUnreportedFailure();
        return nothingLeft;
    }

    /** As {@link #close}, without the failures of tasks. */
    private boolean closeWithin(Timeout timeout) {
        begin();
        boolean interruptedBefore = engine.interrupts.forget();
        boolean restore = false;
        if (!interruptedBefore) {
            try {
                awaitClosed(timeout);
            } catch (InterruptedException ex) {
                restore = true;
            }
        }
        boolean left = new Abandonment(List.of(engine)).run();
        if (timeout.isEndless()) {
            awaitEnd();
            awaitNotified(timeout);
        } else if (left) {
            giveUp();
        }
        if (restore) {
            Thread.currentThread().interrupt();
        }
        return !left;
    }

    private void awaitClosed(Timeout timeout) throws InterruptedException {
        Quiescence quiescence = engine.round.quiescence();
        if (quiescence.attempt(() -> tryTerminate(timeout)) != null
                || quiescence.await(() -> tryTerminate(timeout), timeout.remaining()) != null) {
            release();
        }
    }

    private @Nullable Boolean tryTerminate(Timeout timeout) {
        if (isClosed()) {
            return hasNothingToAwait(timeout) ? true : null;
        }
        return tryClose();
    }

    /** Waits for quiescence, or until a close has given up. */
    boolean awaitQuiescence(Timeout timeout) throws InterruptedException {
        Quiescence quiescence = engine.round.quiescence();
        return quiescence.await(
                        () -> (hasNothingToAwait(timeout) || isStuck()) ? (Boolean) true : ifQuiescent(),
                        timeout.remaining())
                != null;
    }

    /** Whether the tasks of all workers wait for the end of a drain, so that no other task can run. */
    private boolean isStuck() {
        return engine.slots.absent() >= engine.throttle.workers();
    }

    /** Waits until the interrupted tasks have ended, unless a close with a timeout has given up. */
    void awaitEnd() {
        engine.round.quiescence().awaitUninterruptibly(() -> isTerminated() || givenUp);
    }

    /** A close with a timeout returns false: from now on, a close without one does not wait. */
    void giveUp() {
        givenUp = true;
        notified.countDown();
        engine.round.signalQuiescence();
    }

    /**
     * Cancels all unfinished tasks and closes the queue, as {@link #closeNow()}, unless it is closed. Returns null if it
     * is, or another thread does so, whose end this thread then awaits.
     */
    @Nullable
    CancelledTasks cancelRemaining() {
        CountDownLatch other = cancelRemaining.get();
        if (other == null && !isClosed()) {
            CountDownLatch done = new CountDownLatch(1);
            other = cancelRemaining.compareAndExchange(null, done);
            if (other == null) {
                try {
                    return closeNow();
                } finally {
                    done.countDown();
                }
            }
        }
        if (other != null) {
            Callbacks.await(other, Timeout.of(Callbacks.PATIENCE_NANOS));
        }
        return null;
    }

    /** Cancels all unfinished tasks and closes the queue immediately. {@link #finishReport()} must follow. */
    CancelledTasks closeNow() {
        reporting.incrementAndGet();
        try {
            reject(Ring.CLOSING);
            return engine.cancellation.closeNow();
        } catch (Throwable ex) {
            finishReport();
            throw ex;
        }
    }

    /** The tasks that {@link #closeNow()} cancelled have been reported. */
    void finishReport() {
        reporting.decrementAndGet();
        engine.signalIfQuiescent();
    }

    private void reject(long flag) {
        engine.ring.set(flag);
        engine.producers.signalAll();
        engine.throttle.resume();
    }

    /** Closes the queue if it is quiescent; null while something is left. */
    private @Nullable Boolean tryClose() {
        if (engine.slots.absent() > 0) {
            return null; // the drain closes the queue, and cancels the task that waits for it
        }
        if (isClosed()) {
            return isTerminated() ? true : null;
        }
        Boolean finished = whenQuiescent(end -> engine.overflow.closeIfTail(end));
        if (finished != null) {
            terminated = true;
        }
        return finished;
    }

    private @Nullable Boolean ifQuiescent() {
        return whenQuiescent(end -> true);
    }

    private @Nullable Boolean whenQuiescent(LongPredicate then) {
        if (!engine.slots.freeze()) {
            return null;
        }
        try {
            long end = engine.round.tailIfQuiescent();
            return (end >= 0 && then.test(end)) ? true : null;
        } finally {
            engine.slots.thaw();
        }
    }

    /** Releases what only an open queue needs, and starts to notify the listeners. Once. */
    void release() {
        if (!released.compareAndSet(false, true)) {
            return;
        }
        engine.logLifecycle("joined");
        if (!leaked) {
            engine.round.logUnjoined();
        }
        engine.round.cancelDeadline();
        engine.throttle.cancelRateDelay();
        onClose.accept(engine);
        if (engine.listener == CompositeQueueListener.NONE) {
            notified.countDown();
        } else {
            Callbacks.start(engine, List.of(this::notifyListener));
        }
    }

    private void notifyListener() {
        try {
            engine.listener.closed(engine.name, engine.id);
        } finally {
            notified.countDown();
        }
    }

    /** Waits until the listeners have been notified, through interrupts, if that has begun. A listener may close, too. */
    void awaitNotified(Timeout timeout) {
        if (released.get() && !Callbacks.isCallback()) {
            Callbacks.await(notified, timeout);
        }
    }
}
