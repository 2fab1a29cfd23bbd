package io.github.workerqueue;

import io.github.workerqueue.Cancellation.Fate;
import io.github.workerqueue.Retries.Retry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One of a queue's workers: it runs one task at a time, and has a thread only while something runs on one. */
class Slot implements Runnable {

    /*
     * Only the thread that runs the slot writes its fields; that a later thread sees them follows from Slots, whose word
     * changes between the two, and from the start of the thread. Others read: cancel() looks at the window and the stage,
     * snapshots look at the counts and the results, reports at what runs: the ticket, which never comes again, is written before
     * the rest of what belongs to it, and compared before and after that was read. Once the slot is idle, or held by a stage, another thread may run it, so
     * the thread that made it so does not touch it any more.
     */

    private static final VarHandle TASK;

    private static final VarHandle TICKET;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TASK = lookup.findVarHandle(Slot.class, "task", Object.class);
            TICKET = lookup.findVarHandle(Slot.class, "ticket", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private static final ThreadLocal<@Nullable Slot> CURRENT = new ThreadLocal<>();

    final Engine engine;

    final int number;

    /** For {@link Slots}: the number, plus one, of the slot below in the stack of idle ones. */
    long nextIdle;

    private final Runnable starter;

    final Ledger ledger = new Ledger(this);

    private final InterruptWindow window = new InterruptWindow();

    private final Pace pace;

    private long ticket;

    private @Nullable Object task;

    /** When the task started, if the queue measures times. */
    private long started;

    /** For {@link Loan}: whether its task lends its permit. */
    boolean lent;

    /** Whether it was woken to run, not to search. Written before its thread is started. */
    private boolean wokenToRun;

    /** The asynchronous task that holds this slot while no thread does. */
    private volatile @Nullable AsyncTask held;

    Slot(Engine engine, int number, long nextIdle) {
        this.engine = engine;
        this.number = number;
        this.nextIdle = nextIdle;
        this.pace = new Pace(System::nanoTime, engine::measured);
        this.starter = engine.threads.starter(this, "queue-" + engine.name + "-" + (number + 1));
    }

    /** The slot that the current thread runs, or null. */
    static @Nullable Slot current() {
        return CURRENT.get();
    }

    /** Says which slot the current thread runs, after it has run another inside that one. */
    static void restore(@Nullable Slot slot) {
        if (slot == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(slot);
        }
    }

    /** Gives this slot a thread. Throws whatever keeps a thread from starting. */
    void start() {
        starter.run();
    }

    /** As {@link #start()}, for a slot that counts as running already. */
    void startToRun() {
        wokenToRun = true;
        starter.run();
    }

    @Override
    public void run() {
        CURRENT.set(this);
        try {
            engine.threads.reset(Thread.currentThread());
            work();
        } finally {
            CURRENT.remove();
        }
    }

    private void work() {
        AsyncTask ended = held;
        if (ended != null) {
            hold(null);
            ended(ended.resume(this));
        } else if (hasClaimed()) {
            if (!executeClaimed()) {
                return;
            }
        } else if (wokenToRun) {
            wokenToRun = false;
            engine.wakeWorker();
        } else if (!search()) {
            return;
        }
        while (drain()) {
            boolean search = engine.slots.stopRunning(this);
            if (!search) {
                engine.quota.idle();
            }
            engine.stopped();
            if (!search || !search()) {
                break;
            }
        }
        engine.wakeWorker();
    }

    /** Looks for work for a while. Returns whether it found some; else this slot is idle. */
    private boolean search() {
        int spins = Pace.spins(engine.cost(), engine.gate.waiting() > 0);
        for (int i = 0; i < spins && !engine.ring.has(Ring.CLOSED); i++) {
            if (engine.hasWork()) {
                if (!engine.quota.startRunning()) {
                    break;
                }
                if (engine.ring.depth() > 1) {
                    engine.wakeWorker();
                }
                return true;
            }
            Thread.onSpinWait();
        }
        engine.slots.stopSearching(this);
        engine.quota.idle();
        engine.wakeWorker();
        return false;
    }

    /** Runs tasks until none waits. Returns false if a stage holds this slot now. */
    private boolean drain() {
        while (drainRing()) {
            Retry retry = engine.quota.claimRetry();
            if (retry == null) {
                return true;
            }
            if (!execute(retry.ticket, retry.task, retry.stamp())) {
                return false;
            }
        }
        return false;
    }

    private boolean drainRing() {
        Ring ring = engine.ring;
        pace.start();
        for (long next = claim(); next >= 0; next = claim()) {
            Object claimed = ring.task(next);
            long stamp = ring.stamp(next);
            ring.release(next);
            engine.released();
            if (!execute(next, claimed, stamp)) {
                return false;
            }
            pace.ran();
        }
        pace.stop();
        return true;
    }

    private long claim() {
        long next = engine.ring.claim();
        return next < 0 && engine.ring.isGuarded() ? engine.quota.claim() : next;
    }

    /** Whether it has claimed a task that it has not run. */
    boolean hasClaimed() {
        return false;
    }

    /** As {@link #execute}, of that task. */
    boolean executeClaimed() {
        return true;
    }

    /** Has a task that it does not run yet. */
    void keep(long next, Object claimed) {
        begin(next);
        TASK.setOpaque(this, claimed);
    }

    private void begin(long next) {
        TICKET.setRelease(this, next);
        VarHandle.storeStoreFence();
    }

    /** Runs a task. Returns false if this slot has something to wait for, and must not be touched any more. */
    boolean execute(long next, Object claimed, long stamp) {
        begin(next);
        if (next < engine.cancellation.below()) {
            engine.cancellation.drop(next, claimed);
            return clear();
        }
        TASK.setOpaque(this, claimed);
        if (!enter(next, claimed, stamp)) {
            return clear();
        }
        Object result = null;
        Throwable failure = null;
        try {
            result = ((Callable<?>) claimed).call();
        } catch (Throwable ex) {
            failure = ex;
        }
        boolean cancelled = window.leave(next);
        Thread.interrupted();
        return ended(
                claimed instanceof Job job
                        ? job.settle(this, result, failure, cancelled)
                        : ledger.settle(result, failure, cancelled));
    }

    /** Enters the window. Returns false if a cancel keeps the task from starting, in which case it is dropped. */
    private boolean enter(long next, Object claimed, long stamp) {
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

    /** What follows the end of a task. Returns false if a stage holds this slot now. */
    private boolean ended(Ending ending) {
        if (ending == Ending.HELD) {
            return false;
        }
        if (ending.outcome != null) {
            engine.finished(ticket, started, ending.outcome, ending == Ending.FAILED ? ledger.failure() : null);
        }
        return clear();
    }

    boolean clear() {
        ledger.next();
        TASK.setOpaque(this, null);
        window.occupy(null);
        engine.threads.reset(Thread.currentThread());
        return true;
    }

    /** Interrupts the callable of a ticket, if it runs now and on another thread. */
    boolean interrupt(long running) {
        return window.interrupt(running);
    }

    /** Cancels what is here below the limit. Returns how many of its tasks have ended or been interrupted; never too many. */
    long cancel(long limit, Fate fate) {
        long ended = ledger.tally.sum(); // before the rest: a task is in one place after the other, and here at last
        AsyncTask stage = held;
        if (stage != null) {
            stage.cancel(limit, fate);
            return ended + 1;
        }
        return window.cancel(limit, () -> TASK.getOpaque(this), fate) ? ended + 1 : ended;
    }

    /** Lets a stage hold this slot in place of its thread, once the stage knows. */
    void hold(@Nullable AsyncTask stage) {
        window.occupy(stage == null ? Thread.currentThread() : null);
        held = stage;
    }

    /** What runs here now, or null. For any thread, and at no cost to the one that runs it. */
    @Nullable
    Sight look() {
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

    boolean isActive() {
        return TASK.getOpaque(this) != null;
    }

    /** Gives this slot a thread again, to settle the stage that held it. */
    void resume() {
        if (engine.threads.areParallel()) {
            engine.completions().add(this);
        } else {
            engine.start(starter);
        }
    }

    long ticket() {
        return ticket;
    }

    /** What runs here, for the thread that runs it. */
    @Nullable
    Object task() {
        return task;
    }
}
