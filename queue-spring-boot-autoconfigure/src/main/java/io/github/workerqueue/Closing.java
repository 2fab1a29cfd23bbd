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
final class Closing {

    /*
     * The flags of the ring are the state: open -> CLOSING or DRAINING -> CLOSED. CLOSED is set at an instant of quiescence, or
     * by a close whose time is up, which then cancels the rest.
     *
     * No code of the user runs on a thread that closes: the listeners are notified by Callbacks. A close without a
     * timeout waits for them, and one with a timeout for less than a second.
     */

    private final Engine engine;

    private final Consumer<Engine> closed;

    /** Number of closes that have cancelled tasks and not reported all of them. */
    private final AtomicInteger reporting = new AtomicInteger();

    /** Opens when the first close whose time is up has cancelled the unfinished tasks; null until one does. */
    private final AtomicReference<@Nullable CountDownLatch> cut = new AtomicReference<>();

    private final AtomicBoolean concluded = new AtomicBoolean();

    /** Opens when the listeners have been notified. */
    private final CountDownLatch notified = new CountDownLatch(1);

    /** Kept, for a slot that comes too late for a task runs for a moment. */
    private volatile boolean terminated;

    /** Whether a close with a timeout has returned false. A close without one no longer waits then. */
    private volatile boolean givenUp;

    /** Whether no handle is left that could join. */
    private volatile boolean lost;

    Closing(Engine engine, Consumer<Engine> closed) {
        this.engine = engine;
        this.closed = closed;
    }

    /** Rejects puts from outside. The last task closes the queue then. */
    void begin() {
        reject(Ring.CLOSING);
        stopped();
    }

    /** Begins the close of a queue that no thread can use any longer. */
    void beginLost() {
        lost = true;
        begin();
    }

    /** Rejects puts of threads that run no task of the factory, or of another one that drains with it. */
    void beginDrain(Drain drain) {
        engine.drain = drain;
        reject(Ring.DRAINING);
    }

    boolean isBegun() {
        return engine.ring.has(Ring.CLOSING);
    }

    boolean isClosed() {
        return engine.ring.has(Ring.CLOSED);
    }

    /** Whether nothing runs, and every abandoned task has been reported. */
    boolean isTerminated() {
        if (terminated) {
            return true;
        }
        boolean now = isClosed()
                && engine.overflow.size() == 0
                && engine.isQuiet()
                && !engine.cancellation.isUnderWay()
                && reporting.get() == 0;
        if (now && engine.slots.left() == 0) {
            terminated = true;
        }
        return now;
    }

    /** Whether a close has nothing to wait for. */
    boolean isOver(Timeout timeout) {
        return isTerminated() || (givenUp && timeout.isEndless());
    }

    boolean awaitTermination(long nanos) throws InterruptedException {
        Loan loan = Loan.ofCurrentTask();
        try {
            return engine.rounds.quiescence().await(() -> isTerminated() ? true : null, nanos) != null;
        } finally {
            loan.takeBack();
        }
    }

    /** Call this method when nothing may be left to wait for. */
    void stopped() {
        if (isBegun() && engine.rounds.quiescence().attempt(this::finish) != null) {
            engine.rounds.stopped();
            conclude();
            engine.figures.conclude();
        }
    }

    /** Closes the queue and waits for quiescence. Returns false if unfinished tasks were cancelled. */
    boolean close(long nanos) {
        StackGuard.check();
        Timeout timeout = Timeout.of(nanos);
        if (!isOver(timeout)) {
            Admission.refuseInside(engine, "close()");
        }
        Loan loan = Loan.ofCurrentTask();
        boolean nothingLeft;
        try {
            nothingLeft = closeWithin(timeout);
        } finally {
            loan.takeBack(timeout);
        }
        engine.rounds.throwUntoldFailure();
        return nothingLeft;
    }

    /** As {@link #close}, without the failures of tasks. */
    private boolean closeWithin(Timeout timeout) {
        begin();
        boolean interruptedBefore = engine.interrupted.forget();
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
        Quiescence quiescence = engine.rounds.quiescence();
        if (quiescence.attempt(() -> ended(timeout)) != null
                || quiescence.await(() -> ended(timeout), timeout.remaining()) != null) {
            conclude();
        }
    }

    private @Nullable Boolean ended(Timeout timeout) {
        if (isClosed()) {
            return isOver(timeout) ? true : null;
        }
        return finish();
    }

    /** Waits for quiescence, or until a close has given up. */
    boolean awaitQuiet(Timeout timeout) throws InterruptedException {
        Quiescence quiescence = engine.rounds.quiescence();
        return quiescence.await(() -> (isOver(timeout) || isStuck()) ? (Boolean) true : quiet(), timeout.remaining())
                != null;
    }

    /** Whether the tasks of all workers wait for the end of a drain, so that no other task can run. */
    private boolean isStuck() {
        return engine.slots.left() >= engine.quota.workers();
    }

    /** Waits until the interrupted tasks have ended, unless a close with a timeout has given up. */
    void awaitEnd() {
        engine.rounds.quiescence().awaitUninterruptibly(() -> isTerminated() || givenUp);
    }

    /** A close with a timeout returns false: from now on, a close without one does not wait. */
    void giveUp() {
        givenUp = true;
        notified.countDown();
        engine.rounds.stopped();
    }

    /**
     * Cancels all unfinished tasks and closes the queue, as {@link #closeNow()}, unless it is closed. Returns null if it
     * is, or another thread does so, whose end this thread then awaits.
     */
    @Nullable
    CancelledTasks cut() {
        CountDownLatch other = cut.get();
        if (other == null && !isClosed()) {
            CountDownLatch done = new CountDownLatch(1);
            other = cut.compareAndExchange(null, done);
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

    /** Cancels all unfinished tasks and closes the queue immediately. {@link #reported()} must follow. */
    CancelledTasks closeNow() {
        reporting.incrementAndGet();
        try {
            reject(Ring.CLOSING);
            return engine.cancellation.closeNow();
        } catch (Throwable ex) {
            reported();
            throw ex;
        }
    }

    /** The tasks that {@link #closeNow()} cancelled have been reported. */
    void reported() {
        reporting.decrementAndGet();
        engine.stopped();
    }

    private void reject(long flag) {
        engine.ring.set(flag);
        engine.gate.signalAll();
        engine.quota.resume();
    }

    /** Closes the queue if it is quiescent; null while something is left. */
    private @Nullable Boolean finish() {
        if (engine.slots.left() > 0) {
            return null; // the drain closes the queue, and cancels the task that waits for it
        }
        if (isClosed()) {
            return isTerminated() ? true : null;
        }
        Boolean finished = atRest(end -> engine.overflow.closeAt(end));
        if (finished != null) {
            terminated = true;
        }
        return finished;
    }

    private @Nullable Boolean quiet() {
        return atRest(end -> true);
    }

    private @Nullable Boolean atRest(LongPredicate then) {
        if (!engine.slots.freeze()) {
            return null;
        }
        try {
            long end = engine.rounds.quietAt();
            return (end >= 0 && then.test(end)) ? true : null;
        } finally {
            engine.slots.thaw();
        }
    }

    /** Releases what only an open queue needs, and starts to notify the listeners. Once. */
    void conclude() {
        if (!concluded.compareAndSet(false, true)) {
            return;
        }
        engine.logLifecycle("joined");
        if (!lost) {
            engine.rounds.logUnjoined();
        }
        engine.rounds.closed();
        engine.quota.closed();
        closed.accept(engine);
        if (engine.listener == QueueListeners.NONE) {
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
        if (concluded.get() && !Callbacks.isCallback()) {
            Callbacks.await(notified, timeout);
        }
    }
}
