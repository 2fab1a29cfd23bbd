package io.github.workerqueue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Shutdown of one queue: it rejects puts, drains the queue, and cancels the rest if its time is up. */
final class Shutdown {

    /*
     * The flags of the ring are the state.
     *
     *   open   -> CLOSING     begin(), by a close; only tasks of the queue may put
     *   open   -> DRAINING    beginDrain(), by a close of the factory; only tasks of its queues may put
     *   either -> CLOSED      tryClose(), at an instant of quiescence; no put is accepted
     *   any    -> CLOSED      cancelRemaining(), when the time of a close is up; cancels all unfinished tasks
     *   CLOSED -> terminated  once nothing runs and every abandoned task was reported; has no flag of its own
     *
     * Invariants: a task that was accepted before CLOSED runs, or is cancelled by a close and reported. The ring
     * becomes CLOSED by the CAS of its tail, so no put that was accepted goes unnoticed. release() takes effect once,
     * after CLOSED.
     *
     * Liveness: the last worker that stops calls tryTerminate(), which closes the queue and wakes the waiting closes.
     * After a close whose time is up, finishReport() does the same after the last report.
     *
     * No code of the user runs on a thread that closes: Callbacks notifies the listeners. A close without a timeout
     * waits for them, and one with a timeout for less than a second.
     */

    private final QueueContext context;

    private final Ring ring;

    private final PutOverflow overflow;

    private final BlockedProducers producers;

    private final WorkerSlots slots;

    private final StartThrottle throttle;

    private final Cancellation cancellation;

    private final Quiescence quiescence;

    private final Round round;

    private final ManagedWait wait;

    private final QueueSignals signals;

    /** Number of closes that have cancelled tasks and not reported all of them. */
    private final AtomicInteger reporting = new AtomicInteger();

    /** Opens when the first close whose time is up has cancelled the unfinished tasks; null until one does. */
    private final AtomicReference<@Nullable CountDownLatch> remainingCancelled = new AtomicReference<>();

    private final AtomicBoolean released = new AtomicBoolean();

    /** Opens when the listeners have been notified. */
    private final CountDownLatch notified = new CountDownLatch(1);

    /**
     * Whether the queue has terminated. Never reset, although a slot that is too late for a task still runs for a
     * moment.
     */
    private volatile boolean terminated;

    /** Whether a close with a timeout has returned false. A close without one no longer waits then. */
    private volatile boolean givenUp;

    /** Whether the queue was leaked, so that no handle is left that could join. */
    private volatile boolean leaked;

    Shutdown(
            QueueContext context,
            Ring ring,
            PutOverflow overflow,
            BlockedProducers producers,
            WorkerSlots slots,
            StartThrottle throttle,
            Cancellation cancellation,
            Quiescence quiescence,
            Round round,
            ManagedWait wait,
            QueueSignals signals) {
        this.context = context;
        this.ring = ring;
        this.overflow = overflow;
        this.producers = producers;
        this.slots = slots;
        this.throttle = throttle;
        this.cancellation = cancellation;
        this.quiescence = quiescence;
        this.round = round;
        this.wait = wait;
        this.signals = signals;
    }

    /** Rejects puts from outside. The last task then closes the queue. */
    void begin() {
        reject(Ring.CLOSING);
        tryTerminate();
    }

    /** Begins the close of a leaked queue. */
    void beginLeaked() {
        leaked = true;
        begin();
    }

    /** Rejects puts of threads that run no task of the factory, or of another one that drains with it. */
    void beginDrain(Object drain) {
        context.drain = drain;
        reject(Ring.DRAINING);
    }

    QueueContext context() {
        return context;
    }

    boolean isBegun() {
        return ring.hasAny(Ring.CLOSING);
    }

    boolean isClosed() {
        return ring.hasAny(Ring.CLOSED);
    }

    /** Whether nothing runs, and every abandoned task has been reported. */
    boolean isTerminated() {
        if (terminated) {
            return true;
        }
        boolean now = isClosed() && quiescence.isReached() && !cancellation.isUnderWay() && reporting.get() == 0;
        if (now && slots.absent() == 0) {
            terminated = true;
        }
        return now;
    }

    /** Whether a close has nothing to wait for. */
    boolean hasNothingToAwait(Timeout timeout) {
        return isTerminated() || (givenUp && timeout.isEndless());
    }

    /** Lets the closing task, if there is one, count as stopped during a drain. {@link #rejoin()} must follow. */
    void leave() {
        CurrentTask closing = closingTask();
        if (closing != null) {
            closing.setAbsent(true);
            slots.leave();
            quiescence.signal();
        }
    }

    /** Lets the closing task, if there is one, count as running again. */
    void rejoin() {
        CurrentTask closing = closingTask();
        if (closing != null) {
            slots.rejoin();
            closing.setAbsent(false);
            giveUp();
        }
    }

    /** Returns the task of this queue that runs on the current thread, and so closes the queue; null without one. */
    private @Nullable CurrentTask closingTask() {
        CurrentTask current = CurrentTask.ofThread();
        return current != null && current.context == context ? current : null;
    }

    boolean awaitTermination(long nanos) throws InterruptedException {
        ManagedWait.Loan loan = ManagedWait.lend();
        try {
            return quiescence.await(() -> isTerminated() ? true : null, nanos) != null;
        } finally {
            loan.close();
        }
    }

    /** Closes a closing queue if it is quiescent. Call this method when that may be the case. */
    void tryTerminate() {
        if (isBegun() && quiescence.attempt(this::tryClose) != null) {
            quiescence.signal();
            release();
            signals.freezeSnapshot();
        }
    }

    /** Closes the queue and waits for quiescence. Returns false if unfinished tasks were cancelled. */
    boolean close(long nanos) {
        StackGuard.check();
        Timeout timeout = Timeout.of(nanos);
        if (!hasNothingToAwait(timeout)) {
            wait.refuseInside("close()");
        }
        ManagedWait.Loan loan = ManagedWait.lend();
        boolean nothingLeft;
        try {
            nothingLeft = closeWithin(timeout);
        } finally {
            loan.close(timeout);
        }
        round.throwUnreportedFailure();
        return nothingLeft;
    }

    /** Closes the queue without throwing the failures of tasks. Returns false if unfinished tasks were cancelled. */
    private boolean closeWithin(Timeout timeout) {
        begin();
        boolean interruptedBefore = wait.interrupts.forget();
        boolean restore = false;
        if (!interruptedBefore) {
            try {
                awaitClosed(timeout);
            } catch (InterruptedException ex) {
                restore = true;
            }
        }
        boolean abandoned = new Abandonment(List.of(this)).run();
        if (timeout.isEndless()) {
            awaitEnd();
            awaitNotified(timeout);
        } else if (abandoned) {
            giveUp();
        }
        if (restore) {
            Thread.currentThread().interrupt();
        }
        return !abandoned;
    }

    private void awaitClosed(Timeout timeout) throws InterruptedException {
        if (quiescence.attempt(() -> endIfAwaited(timeout)) != null
                || quiescence.await(() -> endIfAwaited(timeout), timeout.remaining()) != null) {
            release();
        }
    }

    private @Nullable Boolean endIfAwaited(Timeout timeout) {
        if (isClosed()) {
            return hasNothingToAwait(timeout) ? true : null;
        }
        return tryClose();
    }

    /** Waits for quiescence, or until a close has given up. */
    boolean awaitQuiescence(Timeout timeout) throws InterruptedException {
        return quiescence.await(
                        () -> (hasNothingToAwait(timeout) || isStuck()) ? (Boolean) true : whenQuiescent(end -> true),
                        timeout.remaining())
                != null;
    }

    /** Whether the tasks of all workers wait for the end of a drain, so that no other task can run. */
    private boolean isStuck() {
        return slots.absent() >= throttle.workers();
    }

    /** Waits until the interrupted tasks have ended, unless a close with a timeout has given up. */
    void awaitEnd() {
        quiescence.awaitUninterruptibly(() -> isTerminated() || givenUp);
    }

    /** Ends the waits of closes without a timeout, as a close with one returns false. */
    void giveUp() {
        givenUp = true;
        notified.countDown();
        quiescence.signal();
    }

    /**
     * Cancels all unfinished tasks and closes the queue, as {@link #closeNow()}. Returns null if the queue is closed
     * already. If another thread is cancelling them, this method waits for it and returns null, too.
     */
    @Nullable
    CancelledTasks cancelRemaining() {
        CountDownLatch other = remainingCancelled.get();
        if (other == null && !isClosed()) {
            CountDownLatch done = new CountDownLatch(1);
            other = remainingCancelled.compareAndExchange(null, done);
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
            return cancellation.closeNow();
        } catch (Throwable ex) {
            finishReport();
            throw ex;
        }
    }

    /** Ends the report of the tasks that {@link #closeNow()} cancelled. */
    void finishReport() {
        reporting.decrementAndGet();
        quiescence.signalIfReached();
    }

    private void reject(long flag) {
        ring.set(flag);
        producers.signalAll();
        throttle.resume();
        throttle.endHold();
    }

    /** Closes the queue if it is quiescent. Returns null while a task is unfinished. */
    private @Nullable Boolean tryClose() {
        if (slots.absent() > 0) {
            return null; // the drain closes the queue, and cancels the task that waits for it
        }
        if (isClosed()) {
            return isTerminated() ? true : null;
        }
        Boolean finished = whenQuiescent(end -> overflow.closeIfTail(end));
        if (finished != null) {
            terminated = true;
        }
        return finished;
    }

    private @Nullable Boolean whenQuiescent(LongPredicate then) {
        if (!slots.freeze()) {
            return null;
        }
        try {
            long end = round.tailIfQuiescent();
            return (end >= 0 && then.test(end)) ? true : null;
        } finally {
            slots.thaw();
        }
    }

    /** Releases the resources of an open queue, and starts to notify the listeners. Further calls have no effect. */
    void release() {
        if (!released.compareAndSet(false, true)) {
            return;
        }
        context.logLifecycle("joined");
        if (!leaked) {
            round.logUnjoined();
        }
        round.cancelDeadline();
        throttle.cancelRateDelay();
        signals.release();
        if (context.listener == CompositeQueueListener.NONE) {
            notified.countDown();
        } else {
            Callbacks.start(context, List.of(this::notifyListener));
        }
    }

    private void notifyListener() {
        try {
            context.listener.closed(context.name, context.id);
        } finally {
            notified.countDown();
        }
    }

    /**
     * Waits until the listeners have been notified, through interrupts. Returns immediately before {@link #release()},
     * and in a callback, since a listener may close the queue, too.
     */
    void awaitNotified(Timeout timeout) {
        if (released.get() && !Callbacks.isCallback()) {
            Callbacks.await(notified, timeout);
        }
    }
}
