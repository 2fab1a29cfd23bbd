package io.github.workerqueue;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Engine of one queue, which creates its parts and connects those that signal each other. */
final class QueueEngine implements QueueSignals, SharedPermits.Holder.Queue {

    /*
     * A part receives the parts that it uses. The signals in the other direction pass through this class: a waiting
     * task needs a worker, the queue may be quiescent, a blocked producer must be checked. No part runs before the
     * last one exists, since no task was put yet.
     *
     * The order of the constructor matters twice: StartThrottle may guard the ring, and Round may set a flag of it.
     *
     * Parts that seldom need a lock share one, to save memory in idle queues.
     */

    final QueueContext context;

    private final Consumer<QueueEngine> onClose;

    final Ring ring;

    final PutOverflow overflow;

    final Backlog backlog;

    final BlockedProducers producers;

    final WorkerSlots slots;

    final StartThrottle throttle;

    final WorkerScheduler scheduler;

    final Quiescence quiescence;

    final Cancellation cancellation;

    final Round round;

    final ManagedWait wait;

    final PutAdmission admission;

    final Shutdown shutdown;

    final TaskFactory tasks;

    final SnapshotSource snapshots;

    QueueEngine(
            QueueContext context,
            @Nullable SharedPermits sharedPermits,
            @Nullable StartRateLimiter rateLimiter,
            Consumer<QueueEngine> onClose) {
        this.context = context;
        this.onClose = onClose;
        QueueSettings settings = context.settings;
        ReentrantLock lock = new ReentrantLock();
        SpinPolicy spins = new SpinPolicy();
        this.ring = new Ring(settings.maxsize(), context.timed);
        this.overflow = new PutOverflow(ring);
        this.producers = new BlockedProducers(context, ring, spins, this);
        this.backlog = new Backlog(context, ring, overflow, producers, new RetryQueue(context, ring, lock, this), this);
        this.wait = new ManagedWait(context, backlog);
        this.tasks = new TaskFactory(context, backlog, wait);
        this.slots = new WorkerSlots(settings.workers(), this::createSlot, lock);
        SharedPermits.Holder permits =
                sharedPermits == null ? null : new SharedPermits.Holder(sharedPermits, context.id, this);
        this.throttle = new StartThrottle(context, ring, backlog, slots, permits, rateLimiter, lock, this);
        this.quiescence = new Quiescence(context.threads, slots, backlog, spins, this);
        this.cancellation = new Cancellation(context, ring, overflow, producers, backlog, slots, this);
        this.round = new Round(context, ring, producers, backlog, slots, throttle, cancellation, quiescence, wait);
        QueueExceptionHandler handler = settings.exceptionHandler();
        this.scheduler = new WorkerScheduler(
                context,
                ring,
                backlog,
                slots,
                throttle,
                cancellation,
                settings.failFast() ? round.failingFast(handler) : handler,
                spins,
                this);
        this.admission = new PutAdmission(context, ring, overflow, producers, round, wait, this);
        this.snapshots = new SnapshotSource(this);
        this.shutdown = new Shutdown(
                context, ring, overflow, producers, slots, throttle, cancellation, quiescence, round, wait, this);
        if (context.threads instanceof CallerRunsThreads callerRuns) {
            callerRuns.attach(this);
        }
    }

    /** Applies the rate limiter of a held name, if this queue has the name. */
    void hold(String name, StartRateLimiter ofName) {
        if (context.name.equals(name)) {
            throttle.hold(ofName);
        }
    }

    private WorkerSlot createSlot(int number) {
        int nextIdle = number + 1 == context.settings.workers() ? 0 : number + 2;
        return context.threads instanceof ShuffledThreads shuffled
                ? shuffled.createSlot(scheduler, number, nextIdle)
                : new WorkerSlot(scheduler, number, nextIdle);
    }

    @Override
    public void wakeWorker() {
        scheduler.wakeWorker();
    }

    @Override
    public void recover() {
        backlog.recover();
    }

    @Override
    public void check(Producer producer) {
        admission.check(producer);
    }

    @Override
    public void signalIfQuiescent() {
        quiescence.signalIfReached();
    }

    @Override
    public void tryTerminate() {
        shutdown.tryTerminate();
    }

    @Override
    public void wakeWorkerAfterPut() {
        scheduler.wakeWorkerAfterPut();
    }

    @Override
    public void release() {
        onClose.accept(this);
    }

    @Override
    public void freezeSnapshot() {
        snapshots.freeze();
    }

    @Override
    public boolean wakeToRun() {
        return scheduler.wakeToRun();
    }

    @Override
    public boolean needsPermit(int held, int unused) {
        return !throttle.isRateDelayed() && backlog.readyCount() > unused && held < throttle.workers();
    }
}
