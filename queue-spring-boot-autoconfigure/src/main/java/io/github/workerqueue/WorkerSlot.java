package io.github.workerqueue;

import io.github.workerqueue.RetryQueue.Retry;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One of a queue's workers: it runs one task at a time, and has a thread only while something runs on one. */
class WorkerSlot extends CurrentTask implements Runnable {

    /*
     * Only the thread that runs the slot writes its fields; that a later thread sees them follows from WorkerSlots, whose word
     * changes between the two, and from the start of the thread. Once the slot is idle, or held by a stage, another thread may
     * run it, so the thread that made it so does not touch it any more.
     */

    private static final ThreadLocal<@Nullable WorkerSlot> CURRENT = new ThreadLocal<>();

    final int number;

    /** For {@link WorkerSlots}: the number, plus one, of the slot below in the stack of idle ones. */
    long nextIdle;

    /** For {@link WorkerSlots}: the node that makes it a used slot; null while it is one. */
    @Nullable
    UsedSlots usedNode = UsedSlots.node(this);

    private final Runnable starter;

    private final TaskCost cost;

    /** For {@link ManagedWait}: whether its task lends its permit. */
    boolean lendsPermit;

    /** Whether it was woken to run, not to search. Written before its thread is started. */
    private boolean startsRunning;

    WorkerSlot(QueueEngine engine, int number, long nextIdle) {
        super(engine);
        this.number = number;
        this.nextIdle = nextIdle;
        this.cost = new TaskCost(System::nanoTime, engine::recordCost);
        this.starter = engine.threads.starter(this, "queue-" + engine.name + "-" + (number + 1));
    }

    /** The slot that the current thread runs, or null. */
    static @Nullable WorkerSlot current() {
        return CURRENT.get();
    }

    /** Says which slot the current thread runs, after it has run another inside that one. */
    static void restore(@Nullable WorkerSlot slot) {
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
    void startRunning() {
        startsRunning = true;
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
        AsyncTask ended = suspendedTask();
        if (ended != null) {
            suspend(null);
            apply(ended.resume(this));
        } else if (hasPostponedTask()) {
            if (!executePostponed()) {
                return;
            }
        } else if (startsRunning) {
            startsRunning = false;
            engine.wakeWorker();
        } else if (!search()) {
            return;
        }
        while (drain()) {
            boolean search = engine.slots.stopRunning(this);
            if (!search) {
                engine.throttle.release(this);
            }
            engine.signalIfQuiescent();
            if (!search || !search()) {
                break;
            }
        }
        engine.wakeWorker();
    }

    /** Looks for work for a while. Returns whether it found some; else this slot is idle. */
    private boolean search() {
        int spins = TaskCost.spins(engine.taskCost(), engine.producers.count() > 0);
        for (int i = 0; i < spins && !engine.ring.hasAny(Ring.CLOSED); i++) {
            if (engine.hasWork()) {
                if (!engine.throttle.startRunning()) {
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
        engine.throttle.release(this);
        engine.wakeWorker();
        return false;
    }

    /** Runs tasks until none waits. Returns false if a stage holds this slot now. */
    private boolean drain() {
        engine.slots.markUsed(this);
        while (drainRing()) {
            Retry retry = engine.throttle.claimRetry();
            if (retry == null) {
                return true;
            }
            if (!execute(retry.ticket, retry.task, retry.dueTime())) {
                return false;
            }
        }
        return false;
    }

    private boolean drainRing() {
        Ring ring = engine.ring;
        cost.start();
        for (long next = claim(); next >= 0; next = claim()) {
            Object claimed = ring.task(next);
            long stamp = ring.putTime(next);
            ring.release(next);
            engine.signalNotFull();
            if (!execute(next, claimed, stamp)) {
                return false;
            }
            cost.recordTask();
        }
        cost.stop();
        return true;
    }

    private long claim() {
        long next = engine.ring.claim();
        return next < 0 && engine.ring.isGuarded() ? engine.throttle.claim() : next;
    }

    /** Whether it has claimed a task that it has not run. */
    boolean hasPostponedTask() {
        return false;
    }

    /** As {@link #execute}, of that task. */
    boolean executePostponed() {
        return true;
    }

    /** Runs a task. Returns false if this slot has something to wait for, and must not be touched any more. */
    boolean execute(long next, Object claimed, long stamp) {
        begin(next);
        if (next < engine.cancellation.limit()) {
            engine.cancellation.drop(next, claimed);
            return finishTask();
        }
        setTask(claimed);
        if (!enter(next, claimed, stamp)) {
            return finishTask();
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
        return apply(
                claimed instanceof QueuedTask job
                        ? job.end(this, result, failure, cancelled)
                        : outcomes.settle(result, failure, cancelled));
    }

    /** What follows the end of a task. Returns false if a stage holds this slot now. */
    private boolean apply(TaskDisposition ending) {
        if (ending == TaskDisposition.SUSPENDED) {
            return false;
        }
        if (ending.outcome != null) {
            engine.notifyFinished(
                    ticket(),
                    startTime(),
                    ending.outcome,
                    ending == TaskDisposition.FAILED ? outcomes.failure() : null);
        }
        return finishTask();
    }

    boolean finishTask() {
        outcomes.clearFailure();
        clear();
        engine.threads.reset(Thread.currentThread());
        return true;
    }

    /** Gives this slot a thread again, to settle the stage that held it. */
    void resume() {
        if (engine.threads.areParallel()) {
            engine.asyncResumer().add(this);
        } else {
            engine.start(starter);
        }
    }
}
