package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The time in which the callable of a slot may be interrupted: from just before it to just after it. */
final class InterruptWindow {

    /*
     * The state is the ticket of the callable that runs, such a ticket with a bit above it, or one of three negative numbers. The thread of the slot leaves the
     * window by a CAS, and who interrupts enters it by one, so that an interrupt meets this callable or nothing; the thread
     * waits for an interrupt that is under way, and clears it.
     *
     * enter() writes the state, after which the slot reads the limit of Cancellation, while cancel() writes that limit and then
     * reads the state. All four are volatile, so one of the two sees the other, and no task slips through. Where both do, one
     * CAS decides: the slot retracts the ticket and does not run it, or the task counts as interrupted and runs.
     *
     * While a listener hears that a task is about to start, its ticket is announced, and a cancel may withdraw it: nobody waits
     * for a listener to return. Nor for a retry policy: while code of the user decides on the retry of a failed attempt, the
     * ticket is undecided, and a cancel may end it as if it had interrupted the attempt.
     */

    private static final VarHandle STATE;

    private static final VarHandle THREAD;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(InterruptWindow.class, "state", long.class);
            THREAD = lookup.findVarHandle(InterruptWindow.class, "thread", Thread.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private static final long NONE = -1;

    private static final long INTERRUPTING = -2;

    private static final long INTERRUPTED = -3;

    /** Added to a ticket. */
    private static final long ANNOUNCED = 1L << 62;

    /** Added to a ticket. */
    private static final long UNDECIDED = 1L << 61;

    @SuppressWarnings("unused") // through a VarHandle
    private long state = NONE;

    /** Written before the state by the thread of the slot. */
    private @Nullable Thread thread;

    void enter(long ticket, Thread current) {
        setThread(current);
        STATE.setVolatile(this, ticket);
    }

    /** Announces a ticket, which may be withdrawn until it enters. */
    void announce(long ticket) {
        STATE.setRelease(this, ticket + ANNOUNCED);
    }

    /** Enters with the ticket that was announced. Returns false if it was withdrawn. */
    boolean enterAnnounced(long ticket, Thread current) {
        setThread(current);
        return STATE.compareAndSet(this, ticket + ANNOUNCED, ticket);
    }

    /** Leaves before the callable runs. Returns false if it was interrupted, and so has to run. */
    boolean retract(long ticket) {
        return STATE.compareAndSet(this, ticket, NONE);
    }

    /** Lets a cancel end the task of a ticket whose attempt has failed, until it is decided whether there is another. */
    void beginDecision(long ticket) {
        STATE.setVolatile(this, ticket + UNDECIDED);
    }

    /** Ends the decision. Returns false if a cancel has ended the task. */
    boolean endDecision(long ticket) {
        if (STATE.compareAndSet(this, ticket + UNDECIDED, NONE)) {
            return true;
        }
        STATE.setVolatile(this, NONE);
        return false;
    }

    /** Leaves the window, with none of its interrupts left. Returns whether somebody interrupted what ran in it. */
    boolean leave(long ticket) {
        boolean interrupted = !STATE.compareAndSet(this, ticket, NONE);
        if (interrupted) {
            for (int spins = 0; (long) STATE.getVolatile(this) != INTERRUPTED; spins++) {
                Ring.pause(spins);
            }
            STATE.setVolatile(this, NONE);
            Thread.interrupted();
        }
        return interrupted;
    }

    /** From now on it is this thread that runs the task, or what follows it; null if none does. */
    void setThread(@Nullable Thread current) {
        THREAD.setRelease(this, current);
    }

    /** The thread that runs the task, or what follows it. Who sees it sees all that the thread wrote before it entered. */
    @Nullable
    Thread thread() {
        return (@Nullable Thread) THREAD.getAcquire(this);
    }

    /**
     * Withdraws the ticket that is announced, or interrupts the callable that runs, if it is below the limit.
     *
     * @param task gives the task of the ticket, while that is announced or in the window
     * @return whether the callable of a ticket below the limit runs, and nobody has to interrupt it any more
     */
    boolean cancel(long limit, Supplier<@Nullable Object> task, CancelSink fate) {
        long now = state();
        Object found = task.get(); // of this ticket, if the state is still the same below
        Object source = QueuedTask.sourceOf(found);
        if (now >= ANNOUNCED) {
            long announced = now - ANNOUNCED;
            if (announced < limit && STATE.compareAndSet(this, now, NONE)) {
                fate.drop(announced, Objects.requireNonNull(found));
            }
            return false;
        }
        if (now >= UNDECIDED) {
            long undecided = now - UNDECIDED;
            if (undecided < limit && STATE.compareAndSet(this, now, INTERRUPTED)) {
                fate.interrupt(undecided, source);
            }
            return state() < NONE;
        }
        if (now < limit && interrupt(now)) {
            fate.interrupt(now, source);
        }
        return state() < NONE || (now >= 0 && thread == Thread.currentThread());
    }

    /** Whether a callable runs. */
    boolean isRunning() {
        long now = state();
        return now >= 0 && now < UNDECIDED;
    }

    /** Interrupts the callable of this ticket, if it runs, and on another thread. */
    boolean interrupt(long ticket) {
        if (ticket < 0 || state() != ticket) {
            return false;
        }
        Thread runner = thread; // of this ticket, if the state is still the same below
        if (runner == null || runner == Thread.currentThread() || !STATE.compareAndSet(this, ticket, INTERRUPTING)) {
            return false;
        }
        try {
            runner.interrupt();
        } finally {
            STATE.setVolatile(this, INTERRUPTED);
        }
        return true;
    }

    private long state() {
        return (long) STATE.getVolatile(this);
    }
}
