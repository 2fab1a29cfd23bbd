package io.github.workerqueue;

import io.github.workerqueue.Retries.Retry;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One of a queue's workers: it runs one task at a time, and has a thread only while something runs on one. */
class Slot extends Occupancy implements Runnable {

    /*
     * Only the thread that runs the slot writes its fields; that a later thread sees them follows from Slots, whose word
     * changes between the two, and from the start of the thread. Once the slot is idle, or held by a stage, another thread may
     * run it, so the thread that made it so does not touch it any more.
     */

    private static final ThreadLocal<@Nullable Slot> CURRENT = new ThreadLocal<>();

    final int number;

    /** For {@link Slots}: the number, plus one, of the slot below in the stack of idle ones. */
    long nextIdle;

    /** For {@link Slots}: the node that makes it a used slot; null while it is one. */
    @Nullable
    UsedSlots unused = UsedSlots.node(this);

    private final Runnable starter;

    private final Pace pace;

    /** For {@link Loan}: whether its task lends its permit. */
    boolean lent;

    /** Whether it was woken to run, not to search. Written before its thread is started. */
    private boolean wokenToRun;

    Slot(Engine engine, int number, long nextIdle) {
        super(engine);
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
        AsyncTask ended = held();
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
                engine.quota.idle(this);
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
        engine.quota.idle(this);
        engine.wakeWorker();
        return false;
    }

    /** Runs tasks until none waits. Returns false if a stage holds this slot now. */
    private boolean drain() {
        engine.slots.use(this);
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

    /** Runs a task. Returns false if this slot has something to wait for, and must not be touched any more. */
    boolean execute(long next, Object claimed, long stamp) {
        begin(next);
        if (next < engine.cancellation.below()) {
            engine.cancellation.drop(next, claimed);
            return clear();
        }
        keep(claimed);
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
        boolean cancelled = leave(next);
        Thread.interrupted();
        return ended(
                claimed instanceof Job job
                        ? job.settle(this, result, failure, cancelled)
                        : ledger.settle(result, failure, cancelled));
    }

    /** What follows the end of a task. Returns false if a stage holds this slot now. */
    private boolean ended(Ending ending) {
        if (ending == Ending.HELD) {
            return false;
        }
        if (ending.outcome != null) {
            engine.finished(ticket(), started(), ending.outcome, ending == Ending.FAILED ? ledger.failure() : null);
        }
        return clear();
    }

    boolean clear() {
        ledger.next();
        vacate();
        engine.threads.reset(Thread.currentThread());
        return true;
    }

    /** Gives this slot a thread again, to settle the stage that held it. */
    void resume() {
        if (engine.threads.areParallel()) {
            engine.completions().add(this);
        } else {
            engine.start(starter);
        }
    }
}
