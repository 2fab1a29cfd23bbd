package io.github.workerqueue;

import io.github.workerqueue.Cancellation.CancelSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a slot is occupied with at present, and what others may see of it and do to it. */
abstract class CurrentTask {

    /*
     * Only the thread of the slot writes. Others read: a cancel looks at the window and the stage, a report at what runs: the
     * ticket, which never comes again, is written before the rest of what belongs to it, and compared before and after that was
     * read.
     */

    private static final VarHandle TASK;

    private static final VarHandle TICKET;

    /** How many tasks that end meanwhile to follow with a stack. */
    private static final int MAX_STACKS = 10;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TASK = lookup.findVarHandle(CurrentTask.class, "task", Object.class);
            TICKET = lookup.findVarHandle(CurrentTask.class, "ticket", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    final QueueEngine engine;

    final TaskOutcomes outcomes = new TaskOutcomes(this);

    private final InterruptWindow window = new InterruptWindow();

    private long ticket;

    private @Nullable Object task;

    /** When the task started, if the queue measures times. */
    private long startTime;

    /** Whether its task waits for the end of a drain, which must neither interrupt nor report it. */
    private volatile boolean absent;

    /** The asynchronous task that holds the slot while no thread does. */
    private volatile @Nullable AsyncTask suspendedTask;

    CurrentTask(QueueEngine engine) {
        this.engine = engine;
    }

    /** Has a ticket, but no task of it yet. */
    final void begin(long next) {
        TICKET.setRelease(this, next);
        VarHandle.storeStoreFence();
    }

    /** Has the task of its ticket. */
    final void setTask(Object claimed) {
        TASK.setOpaque(this, claimed);
    }

    /** Enters the window. Returns false if a cancel keeps the task from starting, in which case it is dropped. */
    final boolean enter(long next, Object claimed, long stamp) {
        if (!engine.timed) {
            window.enter(next, Thread.currentThread());
        } else {
            window.announce(next);
            startTime = engine.notifyStarted(next, stamp);
            if (!window.enterAnnounced(next, Thread.currentThread())) {
                return false;
            }
        }
        if (next >= engine.cancellation.limit() || !window.retract(next)) {
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
    final void clear() {
        TASK.setOpaque(this, null);
        window.setThread(null);
    }

    /** Lets a stage hold the slot in place of its thread, once the stage knows; null lets the thread have it again. */
    final void suspend(@Nullable AsyncTask stage) {
        window.setThread(stage == null ? Thread.currentThread() : null);
        suspendedTask = stage;
    }

    final @Nullable AsyncTask suspendedTask() {
        return suspendedTask;
    }

    /** Interrupts the callable of a ticket, if it runs now and on another thread. */
    final void interrupt(long running) {
        window.interrupt(running);
    }

    /** Cancels what is here below the limit. Returns how many of its tasks have ended or been interrupted; never too many. */
    long cancel(long limit, CancelSink fate) {
        long ended =
                outcomes.tally.total(); // before the rest: a task is in one place after the other, and here at last
        AsyncTask stage = suspendedTask;
        if (stage != null) {
            stage.cancel(limit, fate);
            return ended + 1;
        }
        if (absent && window.isRunning()) {
            return ended + 1;
        }
        return window.cancel(limit, () -> TASK.getOpaque(this), fate) ? ended + 1 : ended;
    }

    /** Counts as stopped while its task, which calls this method, waits for a drain; {@link #rejoin()} must follow. */
    final void leave() {
        absent = true;
        engine.slots.leave();
        engine.round.signalQuiescence();
    }

    /** Counts as running again. */
    final void rejoin() {
        engine.slots.rejoin();
        absent = false;
    }

    /** What runs here now, or null. For any thread, and at no cost to the one that runs it. */
    final @Nullable TaskSample sample() {
        for (int looks = 0; looks < ReportBuilder.LOOKS && isActive(); looks++) {
            long seen = (long) TICKET.getAcquire(this);
            Thread thread = window.thread();
            AsyncTask stage = suspendedTask;
            Object running = TASK.getOpaque(this);
            TaskSample sight = TaskSample.of(engine.round.index(seen), running, startTime, thread);
            VarHandle.acquireFence();
            boolean same = seen == (long) TICKET.getOpaque(this) && thread == window.thread() && stage == suspendedTask;
            if (same && running != null && (thread != null || stage != null) && isActive()) {
                return sight;
            }
            Thread.onSpinWait();
        }
        return null;
    }

    /** As {@link #sample()}, with the stack of the thread, which is empty if each task that was seen had ended by then. */
    final @Nullable TaskSample sampleWithStack() {
        TaskSample last = null;
        for (int looks = 0; looks < MAX_STACKS; looks++) {
            long seen = (long) TICKET.getAcquire(this);
            TaskSample sight = sample();
            if (sight == null) {
                break;
            }
            Thread thread = sight.thread();
            if (thread == null) {
                return sight;
            }
            List<StackTraceElement> stack = List.of(thread.getStackTrace());
            if (isRunning(seen, thread)) {
                return sight.withStack(stack);
            }
            last = sight;
        }
        return last == null ? null : last.withStack(List.of());
    }

    /** Whether this thread runs the task of this ticket, which it did before. */
    private boolean isRunning(long seen, Thread thread) {
        boolean runs = isActive() && window.thread() == thread;
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
    final long startTime() {
        return startTime;
    }
}
