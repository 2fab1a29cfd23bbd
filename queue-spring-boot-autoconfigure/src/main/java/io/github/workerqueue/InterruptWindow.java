package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Interrupt window of one worker slot: the time in which its callable may be interrupted. */
final class InterruptWindow {

    /*
     * The state is one long:
     *
     *   NONE                        outside the window
     *   ticket                      the callable runs
     *   ticket + ANNOUNCED          a listener is notified about the start of the task
     *   ticket + UNDECIDED          user code decides on the retry of a failed attempt
     *   INTERRUPTING, INTERRUPTED   an interrupt is under way, or was made
     *
     *   NONE         -> ticket         enter()
     *   NONE         -> ANNOUNCED      announce()
     *   ANNOUNCED    -> ticket         enterAnnounced()
     *   ANNOUNCED    -> NONE           cancel(), which drops the task
     *   ticket       -> NONE           leave(), or retract() before the callable runs
     *   ticket       -> INTERRUPTING   interrupt(), by another thread
     *   INTERRUPTING -> INTERRUPTED    interrupt(), by the same thread
     *   NONE         -> UNDECIDED      beginDecision()
     *   UNDECIDED    -> NONE           endDecision()
     *   UNDECIDED    -> INTERRUPTED    cancel(), as if it had interrupted the attempt
     *   INTERRUPTED  -> NONE           leave(), endDecision()
     *
     * Invariant: an interrupt reaches the callable of its ticket or none. The slot leaves, and the interrupting
     * thread enters, by a CAS of the same state. The slot then waits for an interrupt under way and clears it.
     *
     * Happens-before: the slot enters (a write of the state) and then reads the limit of Cancellation. A cancel writes
     * the limit and then reads the state. All four accesses are volatile, so one of the two sees the other. If both
     * do, one CAS decides: the slot retracts the ticket and does not run the task, or the task counts as interrupted
     * and runs.
     *
     * Liveness: no cancel waits for a listener or a retry policy, since it can end an announced or undecided ticket.
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

    /** Bit above all tickets. */
    private static final long ANNOUNCED = 1L << 62;

    /** Bit above all tickets. */
    private static final long UNDECIDED = 1L << 61;

    @SuppressWarnings("unused") // accessed through a VarHandle
    private long state = NONE;

    /** Thread that runs the task and its handlers. Written by the thread of the slot, before the state. */
    private @Nullable Thread thread;

    void enter(long ticket, Thread current) {
        setThread(current);
        STATE.setVolatile(this, ticket);
    }

    /** Announces a ticket, which a cancel may withdraw until it enters the window. */
    void announce(long ticket) {
        STATE.setRelease(this, ticket + ANNOUNCED);
    }

    /** Enters the window with the announced ticket. Returns false if a cancel has withdrawn it. */
    boolean enterAnnounced(long ticket, Thread current) {
        setThread(current);
        return STATE.compareAndSet(this, ticket + ANNOUNCED, ticket);
    }

    /** Leaves the window before the callable runs. Returns false if it was interrupted, and therefore must run. */
    boolean retract(long ticket) {
        return STATE.compareAndSet(this, ticket, NONE);
    }

    /** Begins the decision on a retry after a failed attempt, during which a cancel may end the task. */
    void beginDecision(long ticket) {
        STATE.setVolatile(this, ticket + UNDECIDED);
    }

    /** Ends the decision on a retry. Returns false if a cancel has ended the task. */
    boolean endDecision(long ticket) {
        if (STATE.compareAndSet(this, ticket + UNDECIDED, NONE)) {
            return true;
        }
        STATE.setVolatile(this, NONE);
        return false;
    }

    /** Leaves the window and clears its interrupt. Returns whether the callable was interrupted. */
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

    /** Publishes the thread that runs the task and its handlers; null if none does. */
    void setThread(@Nullable Thread current) {
        THREAD.setRelease(this, current);
    }

    /** Returns the thread that runs the task and its handlers. Its writes before {@link #setThread} are visible. */
    @Nullable
    Thread thread() {
        return (@Nullable Thread) THREAD.getAcquire(this);
    }

    /**
     * Cancels the task if its ticket is below the limit: withdraws it if announced, ends it if undecided, or interrupts
     * it.
     *
     * @param task the supplier of the task while its ticket is announced or in the window
     * @return true if the callable was interrupted, or runs on the current thread, and needs no other interrupt
     */
    boolean cancel(long limit, Supplier<@Nullable Object> task, CancelSink sink) {
        long now = state();
        Object found = task.get(); // belongs to this ticket if a CAS below succeeds
        Object source = QueuedTask.sourceOf(found);
        if (now >= ANNOUNCED) {
            long announced = now - ANNOUNCED;
            if (announced < limit && STATE.compareAndSet(this, now, NONE)) {
                sink.drop(announced, Objects.requireNonNull(found));
            }
            return false;
        }
        if (now >= UNDECIDED) {
            long undecided = now - UNDECIDED;
            if (undecided < limit && STATE.compareAndSet(this, now, INTERRUPTED)) {
                sink.interrupt(undecided, source);
            }
            return state() < NONE;
        }
        if (now < limit && interrupt(now)) {
            sink.interrupt(now, source);
        }
        return state() < NONE || (now >= 0 && thread == Thread.currentThread());
    }

    /** Whether a callable runs. */
    boolean isRunning() {
        long now = state();
        return now >= 0 && now < UNDECIDED;
    }

    /** Interrupts the callable of a ticket, if another thread runs it. */
    boolean interrupt(long ticket) {
        if (ticket < 0 || state() != ticket) {
            return false;
        }
        Thread runner = thread; // belongs to this ticket if the CAS below succeeds
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
