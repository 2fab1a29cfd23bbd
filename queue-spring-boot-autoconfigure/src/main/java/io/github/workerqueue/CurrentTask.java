package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Task that occupies one worker slot: its ticket, its interrupt window, and its view for reports and cancels. */
final class CurrentTask {

    /*
     * The thread of the slot is the only writer. A cancel reads the window and the suspended task; a report reads the
     * rest.
     *
     * Happens-before: the slot publishes the ticket before the other fields of a task, and clears task and thread
     * before the next ticket. A report reads the ticket, the other fields, and the ticket again. If both tickets are
     * equal, the fields belong to it. Only a retry repeats a ticket, so a sample may mix two attempts, but not two
     * tasks.
     *
     * The slot publishes the number of attempts between the clear and the next ticket, and only if retries are due or
     * may have been. A report reads it before the task. If it is that of the next task, the report then finds no task,
     * or the next one and another ticket.
     */

    private static final ThreadLocal<@Nullable CurrentTask> OF_THREAD = new ThreadLocal<>();

    private static final VarHandle TASK;

    private static final VarHandle TICKET;

    private static final VarHandle ATTEMPTS;

    /** Maximum number of attempts to take a stack before its task ends. */
    private static final int MAX_STACKS = 10;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TASK = lookup.findVarHandle(CurrentTask.class, "task", Object.class);
            TICKET = lookup.findVarHandle(CurrentTask.class, "ticket", long.class);
            ATTEMPTS = lookup.findVarHandle(CurrentTask.class, "attempts", int.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    final QueueContext context;

    /** Number of the worker, from 1. */
    final int worker;

    /** Holder of the permits of the queue; null if its name has no total-workers. */
    private final SharedPermits.@Nullable Holder permits;

    final InterruptWindow window = new InterruptWindow();

    /** Task that encloses this one on the same thread; null unless tasks run in the calling thread. */
    private @Nullable CurrentTask below;

    private long ticket;

    private @Nullable Object task;

    /** Number of attempts, including the current one. */
    @SuppressWarnings("unused") // through a VarHandle
    private int attempts = 1;

    /** Start of the task; 0 if the queue measures no times. */
    private long startTime;

    /** Whether the task lends its permit. Confined to the thread of the slot. */
    private boolean lendsPermit;

    /** Whether the task waits for the end of a drain, which must neither interrupt nor report it. */
    private volatile boolean absent;

    /** Asynchronous task that occupies the slot while no thread does. */
    private volatile @Nullable AsyncTask suspendedTask;

    CurrentTask(QueueContext context, int worker, SharedPermits.@Nullable Holder permits) {
        this.context = context;
        this.worker = worker;
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

    /** Publishes the ticket of the next task. Call this method before {@link #setTask}. */
    void setTicket(long next) {
        TICKET.setRelease(this, next);
        VarHandle.storeStoreFence();
    }

    void setTask(Object claimed) {
        TASK.setOpaque(this, claimed);
    }

    /** Publishes the number of attempts of the next tasks. Call this method before {@link #setTicket}. */
    void setAttempts(int next) {
        ATTEMPTS.setRelease(this, next);
    }

    /** Lets reports name a failed task by its source, which the task itself may forget before its end. */
    void nameBySource() {
        Object source = QueuedTask.sourceOf(task);
        if (source != null) {
            setTask(source);
        }
    }

    void setStartTime(long time) {
        startTime = time;
    }

    void clear() {
        TASK.setOpaque(this, null);
        window.setThread(null);
    }

    /** Replaces the thread of the slot by an asynchronous task. */
    void suspend(AsyncTask async) {
        window.setThread(null);
        suspendedTask = async;
    }

    /** Replaces the asynchronous task by the current thread. */
    void resume() {
        window.setThread(Thread.currentThread());
        suspendedTask = null;
    }

    @Nullable
    AsyncTask suspendedTask() {
        return suspendedTask;
    }

    /** Interrupts the callable of a ticket, if another thread runs this callable now. */
    void interrupt(long running) {
        window.interrupt(running);
    }

    void setAbsent(boolean waitsForDrain) {
        absent = waitsForDrain;
    }

    /** Whether the callable of the task waits for the end of a drain. */
    boolean isAbsent() {
        return absent && window.isRunning();
    }

    /** Lends the permit of the task. Returns false if the task has none, or lends it already. */
    boolean lendPermit() {
        if (permits == null || lendsPermit) {
            return false;
        }
        lendsPermit = true;
        permits.release();
        return true;
    }

    /** Reacquires the permit that the task lends. After the timeout, the task continues without one. */
    void reacquirePermit(Timeout timeout) {
        if (permits != null && permits.reacquire(timeout)) {
            lendsPermit = false;
        }
    }

    /** Receives the permit with which the slot was woken. */
    void receivePermit() {
        lendsPermit = false;
    }

    boolean lendsPermit() {
        return lendsPermit;
    }

    /** Cancels the task if its ticket is below the limit. Returns the result of {@link InterruptWindow#cancel}. */
    boolean cancel(long limit, CancelSink sink) {
        return window.cancel(limit, () -> TASK.getOpaque(this), sink);
    }

    /** Returns a sample of the running task; null if there is none. */
    @Nullable
    TaskSample sample() {
        for (int tries = 0; tries < TaskSample.ATTEMPTS && isActive(); tries++) {
            long seen = (long) TICKET.getAcquire(this);
            int attempt = (int) ATTEMPTS.getAcquire(this);
            Thread thread = window.thread();
            AsyncTask async = suspendedTask;
            Object running = TASK.getOpaque(this);
            TaskSample sample = TaskSample.ofRunning(context.index(seen), running, startTime, thread, worker, attempt);
            VarHandle.acquireFence();
            boolean same = seen == (long) TICKET.getOpaque(this) && thread == window.thread() && async == suspendedTask;
            if (same && running != null && (thread != null || async != null) && isActive()) {
                return sample;
            }
            Thread.onSpinWait();
        }
        return null;
    }

    /** Returns a sample with the stack of the thread, which is empty if each sampled task ended too early. */
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

    /** Whether a thread still runs the task of a ticket. */
    private boolean isRunning(long seen, Thread thread) {
        boolean runs = isActive() && window.thread() == thread;
        VarHandle.acquireFence(); // the ticket read below is at least as recent as the fields above
        return runs && seen == (long) TICKET.getOpaque(this);
    }

    boolean isActive() {
        return TASK.getOpaque(this) != null;
    }

    /** Returns the ticket of the task. Confined to the thread of the slot. */
    long ticket() {
        return ticket;
    }

    /** Returns the task; null if there is none. Confined to the thread of the slot. */
    @Nullable
    Object task() {
        return task;
    }

    /** Returns the start of the task. Confined to the thread of the slot. */
    long startTime() {
        return startTime;
    }

    long index() {
        return context.index(ticket);
    }
}
