package io.github.workerqueue;

import io.github.workerqueue.Cancellation.Fate;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a slot is occupied with at present, and what others may see of it and do to it. */
abstract class Occupancy {

    /*
     * Only the thread of the slot writes. Others read: a cancel looks at the window and the stage, a report at what runs: the
     * ticket, which never comes again, is written before the rest of what belongs to it, and compared before and after that was
     * read.
     */

    private static final VarHandle TASK;

    private static final VarHandle TICKET;

    /** How many tasks that end meanwhile to follow with a stack. */
    private static final int STACKS = 10;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TASK = lookup.findVarHandle(Occupancy.class, "task", Object.class);
            TICKET = lookup.findVarHandle(Occupancy.class, "ticket", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    final Engine engine;

    final Ledger ledger = new Ledger(this);

    private final InterruptWindow window = new InterruptWindow();

    private long ticket;

    private @Nullable Object task;

    /** When the task started, if the queue measures times. */
    private long started;

    /** Whether its task waits for the end of a drain, which must neither interrupt nor report it. */
    private volatile boolean left;

    /** The asynchronous task that holds the slot while no thread does. */
    private volatile @Nullable AsyncTask held;

    Occupancy(Engine engine) {
        this.engine = engine;
    }

    /** Has a ticket, but no task of it yet. */
    final void begin(long next) {
        TICKET.setRelease(this, next);
        VarHandle.storeStoreFence();
    }

    /** Has the task of its ticket. */
    final void keep(Object claimed) {
        TASK.setOpaque(this, claimed);
    }

    /** Enters the window. Returns false if a cancel keeps the task from starting, in which case it is dropped. */
    final boolean enter(long next, Object claimed, long stamp) {
        if (!engine.timed) {
            window.enter(next, Thread.currentThread());
        } else {
            window.announce(next);
            started = engine.started(next, stamp);
            if (!window.enterAnnounced(next, Thread.currentThread())) {
                return false;
            }
        }
        if (next >= engine.cancellation.below() || !window.retract(next)) {
            return true;
        }
        engine.cancellation.drop(next, claimed);
        return false;
    }

    /** Leaves the window. Returns whether somebody interrupted the task. */
    final boolean leave(long next) {
        return window.leave(next);
    }

    /** Lets a close end the task while code of the user decides whether it is retried. */
    final void beginDecision() {
        window.beginDecision(ticket);
    }

    /** Ends the decision. Returns false if a close has ended the task. */
    final boolean endDecision() {
        return window.endDecision(ticket);
    }

    /** Has nothing any more. */
    final void vacate() {
        TASK.setOpaque(this, null);
        window.occupy(null);
    }

    /** Lets a stage hold the slot in place of its thread, once the stage knows; null lets the thread have it again. */
    final void hold(@Nullable AsyncTask stage) {
        window.occupy(stage == null ? Thread.currentThread() : null);
        held = stage;
    }

    final @Nullable AsyncTask held() {
        return held;
    }

    /** Interrupts the callable of a ticket, if it runs now and on another thread. */
    final void interrupt(long running) {
        window.interrupt(running);
    }

    /** Cancels what is here below the limit. Returns how many of its tasks have ended or been interrupted; never too many. */
    long cancel(long limit, Fate fate) {
        long ended = ledger.tally.sum(); // before the rest: a task is in one place after the other, and here at last
        AsyncTask stage = held;
        if (stage != null) {
            stage.cancel(limit, fate);
            return ended + 1;
        }
        if (left && window.isEntered()) {
            return ended + 1;
        }
        return window.cancel(limit, () -> TASK.getOpaque(this), fate) ? ended + 1 : ended;
    }

    /** Counts as stopped while its task, which calls this method, waits for a drain; {@link #rejoin()} must follow. */
    final void leave() {
        left = true;
        engine.slots.leave();
        engine.rounds.stopped();
    }

    /** Counts as running again. */
    final void rejoin() {
        engine.slots.rejoin();
        left = false;
    }

    /** What runs here now, or null. For any thread, and at no cost to the one that runs it. */
    final @Nullable Sight look() {
        for (int looks = 0; looks < Reporting.LOOKS && isActive(); looks++) {
            long seen = (long) TICKET.getAcquire(this);
            Thread thread = window.occupant();
            AsyncTask stage = held;
            Object running = TASK.getOpaque(this);
            Sight sight = Sight.of(engine.rounds.index(seen), running, started, thread);
            VarHandle.acquireFence();
            boolean same = seen == (long) TICKET.getOpaque(this) && thread == window.occupant() && stage == held;
            if (same && running != null && (thread != null || stage != null) && isActive()) {
                return sight;
            }
            Thread.onSpinWait();
        }
        return null;
    }

    /** As {@link #look()}, with the stack of the thread, which is empty if each task that was seen had ended by then. */
    final @Nullable Sight lookWithStack() {
        Sight last = null;
        for (int looks = 0; looks < STACKS; looks++) {
            long seen = (long) TICKET.getAcquire(this);
            Sight sight = look();
            if (sight == null) {
                break;
            }
            Thread thread = sight.thread();
            if (thread == null) {
                return sight;
            }
            List<StackTraceElement> stack = List.of(thread.getStackTrace());
            if (isRun(seen, thread)) {
                return sight.withStack(stack);
            }
            last = sight;
        }
        return last == null ? null : last.withStack(List.of());
    }

    /** Whether this thread runs the task of this ticket, which it did before. */
    private boolean isRun(long seen, Thread thread) {
        boolean runs = isActive() && window.occupant() == thread;
        VarHandle.acquireFence(); // a ticket that is still the same was so when the rest was read
        return runs && seen == (long) TICKET.getOpaque(this);
    }

    final boolean isActive() {
        return TASK.getOpaque(this) != null;
    }

    /** The ticket, for the thread that runs it. */
    final long ticket() {
        return ticket;
    }

    /** The task of the ticket, for the thread that runs it. */
    final @Nullable Object task() {
        return task;
    }

    /** When it started, for the thread that runs it. */
    final long started() {
        return started;
    }
}
