package io.github.workerqueue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Scheduler of the worker slots of one queue: it wakes a slot if a task waits, and starts its thread. */
final class WorkerScheduler implements TaskCostMeter.Listener {

    /*
     * Liveness: no task is stranded. After each step that may leave a task without a slot that looks for it (a put, a
     * slot that stops, a resize), the thread of that step calls wakeWorker(). A thread that cannot be started is
     * retried later.
     *
     * Wake throttling: a slot is woken only while none searches, and a slot that finds a task wakes the next one if
     * more tasks wait. So tiny tasks keep few threads busy, while blocking tasks soon occupy all of them.
     */

    private static final long START_RETRY_MILLIS = 100;

    final QueueContext context;

    final Ring ring;

    final Backlog backlog;

    final WorkerSlots slots;

    final StartThrottle throttle;

    final Cancellation cancellation;

    final QueueExceptionHandler exceptionHandler;

    final WakeThrottle wakeThrottle;

    private final SpinPolicy spins;

    private final QueueSignals signals;

    /** Created with the first stage that ends. Written under the monitor. */
    private volatile @Nullable AsyncResumer asyncResumer;

    /** Whether a wake-up is scheduled for later. Guarded by this. */
    private boolean wakesLater;

    WorkerScheduler(
            QueueContext context,
            Ring ring,
            Backlog backlog,
            WorkerSlots slots,
            StartThrottle throttle,
            Cancellation cancellation,
            QueueExceptionHandler exceptionHandler,
            SpinPolicy spins,
            QueueSignals signals) {
        this.context = context;
        this.ring = ring;
        this.backlog = backlog;
        this.slots = slots;
        this.throttle = throttle;
        this.cancellation = cancellation;
        this.exceptionHandler = exceptionHandler;
        this.spins = spins;
        this.signals = signals;
        this.wakeThrottle = new WakeThrottle(context, ring, signals);
    }

    /** Wakes a slot if a task waits, a slot is idle and may run, and none is searching. */
    void wakeWorker() {
        if (canWake() && throttle.acquire()) {
            wake();
        }
    }

    /**
     * Wakes a slot in the same way, unless the current thread has too little stack left. Its next call then wakes one
     * instead.
     */
    void wakeWorkerAfterPut() {
        if (canWake() && StackGuard.hasRoom() && throttle.acquire()) {
            wake();
        }
    }

    private boolean canWake() {
        return slots.canWake(wakeThrottle.isThrottling() && !backlog.hasDueRetry()) && backlog.hasReady();
    }

    private void wake() {
        WorkerSlot slot = null;
        try {
            slot = slots.takeToSearch();
            if (slot != null) {
                slot.start();
                return;
            }
        } catch (Throwable ex) {
            if (slot != null) {
                slots.stopSearching(slot);
            }
            wakeLater(ex);
        }
        throttle.release();
    }

    /** Wakes a slot that has a permit already. Returns false if no slot is idle. */
    boolean wakeToRun() {
        WorkerSlot slot = null;
        try {
            slot = slots.takeToRun();
            if (slot != null) {
                slot.startRunning();
            }
            return slot != null;
        } catch (Throwable ex) {
            if (slot == null) {
                wakeLater(ex);
                return false;
            }
            Runnable starter = slot::start;
            retryStart(ex, () -> start(starter));
            return true;
        }
    }

    /** Starts a thread, immediately or as soon as that is possible. */
    void start(Runnable starter) {
        try {
            starter.run();
        } catch (Throwable ex) {
            retryStart(ex, () -> start(starter));
        }
    }

    /** Returns the resumer of slots whose stages have ended. */
    AsyncResumer asyncResumer() {
        AsyncResumer resumer = asyncResumer;
        return resumer == null ? createAsyncResumer() : resumer;
    }

    private synchronized AsyncResumer createAsyncResumer() {
        AsyncResumer resumer = asyncResumer;
        if (resumer == null) {
            resumer = new AsyncResumer(context, this::start);
            asyncResumer = resumer;
        }
        return resumer;
    }

    /** Returns how often a slot looks for a task before it becomes idle. */
    int searchSpins() {
        return spins.workerSpins(backlog.hasBlockedProducers());
    }

    void signalIfQuiescent() {
        signals.signalIfQuiescent();
    }

    @Override
    public void recordCost(long nanos, long now) {
        spins.recordCost(nanos);
        wakeThrottle.recordCost(nanos, now);
    }

    private void wakeLater(Throwable ex) {
        if (!setWakesLater(true)) {
            retryStart(ex, () -> {
                setWakesLater(false);
                wakeWorker();
            });
        }
    }

    /** Sets whether a wake-up is scheduled, and returns whether one was. */
    private synchronized boolean setWakesLater(boolean later) {
        boolean before = wakesLater;
        wakesLater = later;
        return before;
    }

    private void retryStart(Throwable ex, Runnable start) {
        try {
            CompletableFuture.delayedExecutor(START_RETRY_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(start);
            String message = "Queue '{}': no thread could be started; retrying in {} ms";
            QueueLog.log(Level.ERROR, message, context.name, START_RETRY_MILLIS, ex);
        } catch (Throwable also) {
            setWakesLater(false);
            String message = "Queue '{}': the retry could not be scheduled; the next put retries";
            QueueLog.log(Level.ERROR, message, context.name, also);
        }
    }
}
