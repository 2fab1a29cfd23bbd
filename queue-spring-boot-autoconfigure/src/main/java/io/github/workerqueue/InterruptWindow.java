package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The time in which the callable of a slot may be interrupted: from just before it to just after it. */
final class InterruptWindow {

    /*
     * The state is the ticket of the callable that runs, or one of three negative numbers. The thread of the slot leaves the
     * window by a CAS, and who interrupts enters it by one, so that an interrupt meets this callable or nothing; the thread
     * waits for an interrupt that is under way, and clears it.
     *
     * enter() writes the state, after which the slot reads the limit of Cancellation, while cancel() writes that limit and then
     * reads the state. All four are volatile, so one of the two sees the other, and no task slips through.
     */

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(InterruptWindow.class, "state", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private static final long NONE = -1;

    private static final long INTERRUPTING = -2;

    private static final long INTERRUPTED = -3;

    @SuppressWarnings("unused") // through a VarHandle
    private long state = NONE;

    /** Written before the state by the thread of the slot. */
    private @Nullable Thread thread;

    void enter(long ticket, Thread current) {
        thread = current;
        STATE.setVolatile(this, ticket);
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
        thread = null;
        return interrupted;
    }

    /** The ticket of the callable that runs, or a negative number. */
    long ticket() {
        return (long) STATE.getVolatile(this);
    }

    /** Interrupts the callable of this ticket, if it runs, and on another thread. */
    boolean interrupt(long ticket) {
        if (ticket() != ticket) {
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
}
