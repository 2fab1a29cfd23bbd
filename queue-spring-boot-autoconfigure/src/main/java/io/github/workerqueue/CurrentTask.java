package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Task that occupies one worker slot: its ticket, its interrupt window, and its view for reports and cancels. */
final class CurrentTask {

    /*
     * The thread of the slot is the only writer. A cancel reads the window and the suspended task; a report reads the
     * rest. The slot writes the ticket, which never recurs, before all else of a task. A report compares the ticket before
     * and after it reads the other fields, so everything in between belongs to that ticket.
     */

    private static final ThreadLocal<@Nullable CurrentTask> OF_THREAD = new ThreadLocal<>();

    private static final VarHandle TASK;

    private static final VarHandle TICKET;

    /** Maximum number of tasks that end while a report takes their stack. */
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

    final QueueContext context;

    /** Permits of the queue; null if its name has no total-workers. */
    final SharedPermits.@Nullable Holder permits;

    final InterruptWindow window = new InterruptWindow();

    /** The task below which this one runs on the same thread; null unless tasks run in the calling thread. */
    private @Nullable CurrentTask below;

    private long ticket;

    private @Nullable Object task;

    /** Start of the task; 0 if the queue measures no times. */
    private long startTime;

    /** Whether the task lends its permit. Confined to the thread of the slot. */
    private boolean lendsPermit;

    /** Whether the task waits for the end of a drain, which must neither interrupt nor report it. */
    private volatile boolean absent;

    /** The asynchronous task that occupies the slot while no thread does. */
    private volatile @Nullable AsyncTask suspended;

    CurrentTask(QueueContext context, SharedPermits.@Nullable Holder permits) {
        this.context = context;
        this.permits = permits;
    }

    /** Returns the task that the current thread runs; null if it runs none. */
    static @Nullable CurrentTask ofThread() {
        return OF_THREAD.get();
    }

    /** Makes this the task of the current thread, and returns the task below it. */
    @Nullable
    CurrentTask enterThread() {
        CurrentTask before = OF_THREAD.get();
        below = before;
        OF_THREAD.set(this);
        return before;
    }

    /** Makes the task below another one the task of the current thread again. */
    static void exitThread(@Nullable CurrentTask before) {
        if (before == null) {
            OF_THREAD.remove();
        } else {
            OF_THREAD.set(before);
        }
    }

    @Nullable
    CurrentTask below() {
        return below;
    }

    /** Takes the ticket of a task, before the task itself. */
    void setTicket(long next) {
        TICKET.setRelease(this, next);
        VarHandle.storeStoreFence();
    }

    void setTask(Object claimed) {
        TASK.setOpaque(this, claimed);
    }

    void setStartTime(long time) {
        startTime = time;
    }

    void clear() {
        TASK.setOpaque(this, null);
        window.setThread(null);
    }

    /** Lets an asynchronous task occupy the slot instead of its thread. */
    void suspend(AsyncTask async) {
        window.setThread(null);
        suspended = async;
    }

    /** Lets the current thread occupy the slot again. */
    void resume() {
        window.setThread(Thread.currentThread());
        suspended = null;
    }

    @Nullable
    AsyncTask suspended() {
        return suspended;
    }

    /** Interrupts the callable of a ticket, if another thread runs it now. */
    void interrupt(long running) {
        window.interrupt(running);
    }

    void setAbsent(boolean waitsForDrain) {
        absent = waitsForDrain;
    }

    /** Whether the task is in its callable and waits for the end of a drain. */
    boolean isAbsent() {
        return absent && window.isRunning();
    }

    void setLendsPermit(boolean lends) {
        lendsPermit = lends;
    }

    boolean lendsPermit() {
        return lendsPermit;
    }

    /** Interrupts or drops the task if its ticket is below the limit. Returns whether the cancel has accounted for it. */
    boolean cancel(long limit, CancelSink sink) {
        return window.cancel(limit, () -> TASK.getOpaque(this), sink);
    }

    /** Returns a sample of the running task; null if there is none. */
    @Nullable
    TaskSample sample() {
        for (int attempts = 0; attempts < TaskSample.ATTEMPTS && isActive(); attempts++) {
            long seen = (long) TICKET.getAcquire(this);
            Thread thread = window.thread();
            AsyncTask async = suspended;
            Object running = TASK.getOpaque(this);
            TaskSample sample = TaskSample.of(context.index(seen), running, startTime, thread);
            VarHandle.acquireFence();
            boolean same = seen == (long) TICKET.getOpaque(this) && thread == window.thread() && async == suspended;
            if (same && running != null && (thread != null || async != null) && isActive()) {
                return sample;
            }
            Thread.onSpinWait();
        }
        return null;
    }

    /** Returns a sample with the stack of the thread, which is empty if every sampled task had ended by then. */
    @Nullable
    TaskSample sampleWithStack() {
        TaskSample last = null;
        for (int stacks = 0; stacks < MAX_STACKS; stacks++) {
            long seen = (long) TICKET.getAcquire(this);
            TaskSample sample = sample();
            if (sample == null) {
                break;
            }
            Thread thread = sample.thread();
            if (thread == null) {
                return sample;
            }
            List<StackTraceElement> stack = List.of(thread.getStackTrace());
            if (isRunning(seen, thread)) {
                return sample.withStack(stack);
            }
            last = sample;
        }
        return last == null ? null : last.withStack(List.of());
    }

    /** Whether this thread still runs the task of this ticket. */
    private boolean isRunning(long seen, Thread thread) {
        boolean runs = isActive() && window.thread() == thread;
        VarHandle.acquireFence(); // if the ticket is the same below, it was the same when the rest was read
        return runs && seen == (long) TICKET.getOpaque(this);
    }

    boolean isActive() {
        return TASK.getOpaque(this) != null;
    }

    /** Ticket of the task. Confined to the thread of the slot. */
    long ticket() {
        return ticket;
    }

    /** The task itself. Confined to the thread of the slot. */
    @Nullable
    Object task() {
        return task;
    }

    /** Start of the task. Confined to the thread of the slot. */
    long startTime() {
        return startTime;
    }

    long index() {
        return context.index(ticket);
    }
}
