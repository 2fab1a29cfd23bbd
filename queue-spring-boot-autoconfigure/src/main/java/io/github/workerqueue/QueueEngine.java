package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What makes a queue run: the ring, the slots, and the threads that wait for either. */
final class QueueEngine {

    /*
     * A put goes into the Ring if there is room; else its thread waits at the BlockedProducers, unless it runs a task of this queue, whose
     * children go to the PutOverflow. Slots take tasks from the ring and keep their results. Quiescence is where join and close
     * wait for the moment at which nothing waits and nothing runs.
     *
     * No task is left lying: after whatever may leave a task in the ring without a slot that looks for it (a put, a slot that
     * stops), that thread calls wakeWorker(). A slot is woken only while none searches, and one that finds work wakes the next
     * if more waits, so tiny tasks keep few threads busy while tasks that block soon have all of them.
     */

    static final Logger logger = LoggerFactory.getLogger(WorkerQueue.class);

    static final long FOREVER = Long.MAX_VALUE;

    private static final long START_RETRY_MILLIS = 100;

    final String name;

    final long id;

    final QueueSettings settings;

    final QueueListener listener;

    final boolean timed;

    final WorkerThreads threads;

    final QueueTimer timer;

    final TaskFactory tasks;

    final DefaultQueueFactory owner;

    /** The drain of several factories that this queue takes part in. */
    volatile @Nullable Drain drain;

    /** The queue by one of whose tasks this one was opened. */
    final @Nullable QueueEngine outer;

    final Ring ring;

    final PutOverflow overflow;

    final BlockedProducers producers;

    final WorkerSlots slots;

    /** What the queue holds of the budget of its name, if that has one. */
    final @Nullable PermitHolder permits;

    final StartThrottle throttle;

    final RetryQueue retries;

    private volatile @Nullable AsyncResumer asyncResumer;

    final WakeThrottle wakeThrottle;

    final Round round;

    /** The time limit of its rounds, if they have one. */
    final @Nullable RoundDeadline deadline;

    final QueueExceptionHandler exceptionHandler;

    final Cancellation cancellation;

    final Shutdown shutdown;

    final RememberedInterrupts interrupts = new RememberedInterrupts();

    final PutAdmission admission;

    /** This queue, for futures that must not keep it alive. */
    final WeakReference<QueueEngine> reference = new WeakReference<>(this);

    /** For those who may keep them when the queue is closed. */
    final SnapshotSource snapshots;

    /** The tasks that were cancelled before they started. */
    final AtomicLong dropped = new AtomicLong();

    private final AtomicBoolean wakingLater = new AtomicBoolean();

    /** How long a task takes, in nanoseconds, as measured last. */
    private volatile long taskCost = TimeUnit.MICROSECONDS.toNanos(1);

    QueueEngine(
            String name,
            long id,
            QueueSettings settings,
            QueueListener listener,
            WorkerThreads threads,
            QueueTimer timer,
            DefaultQueueFactory owner,
            @Nullable SharedPermits budget,
            @Nullable StartRateLimiter rates,
            Consumer<QueueEngine> closed) {
        this.name = name;
        this.id = id;
        this.settings = settings;
        this.listener = listener;
        this.timed = listener.hearsTasks();
        this.threads = threads;
        this.timer = timer;
        this.tasks = new TaskFactory(this);
        this.owner = owner;
        WorkerSlot opener = WorkerSlot.current();
        this.outer = opener == null ? null : opener.engine;
        this.ring = new Ring(settings.maxsize(), timed);
        this.overflow = new PutOverflow(ring);
        this.producers = new BlockedProducers(this, ring);
        this.admission = new PutAdmission(this);
        this.wakeThrottle = new WakeThrottle(this);
        this.permits = budget == null ? null : new PermitHolder(this, budget);
        this.throttle = new StartThrottle(this, permits, rates);
        this.slots = new WorkerSlots(settings.workers(), this::slot, throttle.lock);
        this.retries = new RetryQueue(this, throttle.lock);
        this.cancellation = new Cancellation(this);
        this.round = new Round(this);
        this.shutdown = new Shutdown(this, closed);
        this.deadline = deadline(settings.deadline());
        this.exceptionHandler =
                settings.failFast() ? round.failingFast(settings.exceptionHandler()) : settings.exceptionHandler();
        this.snapshots = new SnapshotSource(this);
    }

    private @Nullable RoundDeadline deadline(@Nullable Duration limit) {
        return limit == null || Durations.nanos(limit) == FOREVER ? null : new RoundDeadline(this, limit);
    }

    private WorkerSlot slot(int number) {
        return threads.slot(this, number, number + 1 == settings.workers() ? 0 : number + 2);
    }

    /** Wakes a slot if a task waits, a slot is idle and may run, and none is searching already. */
    void wakeWorker() {
        if (canWake() && throttle.acquire()) {
            wake();
        }
    }

    /** Wakes a slot in the same way, unless the current thread has too little stack left: the next call on the queue does. */
    void wakeWorkerFromPut() {
        if (canWake() && StackGuard.hasRoom() && throttle.acquire()) {
            wake();
        }
    }

    private boolean canWake() {
        return slots.canWake(wakeThrottle.isThrottling() && retries.dueCount() == 0) && hasWork();
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

    /** Wakes a slot that was given a permit. Returns false if there is none to wake. */
    boolean wakeToRun() {
        WorkerSlot slot = slots.takeToRun();
        try {
            if (slot != null) {
                slot.startRunning();
            }
            return slot != null;
        } catch (Throwable ex) {
            retryStart(ex, () -> start(slot::start));
            return true;
        }
    }

    /** Starts a thread, now or as soon as there is one. */
    void start(Runnable starter) {
        try {
            starter.run();
        } catch (Throwable ex) {
            retryStart(ex, () -> start(starter));
        }
    }

    /** The slots whose stages have ended; made with the first of them. */
    AsyncResumer asyncResumer() {
        AsyncResumer made = asyncResumer;
        if (made == null) {
            throttle.lock.lock();
            try {
                made = asyncResumer == null ? new AsyncResumer(this) : asyncResumer;
                asyncResumer = made;
            } finally {
                throttle.lock.unlock();
            }
        }
        return made;
    }

    /** Completes what a put left undone if it ran out of stack. Call this method before a wait, after {@link StackGuard}. */
    void recover() {
        overflow.repair();
        wakeWorker();
    }

    private void wakeLater(Throwable ex) {
        if (wakingLater.compareAndSet(false, true)) {
            retryStart(ex, () -> {
                wakingLater.set(false);
                wakeWorker();
            });
        }
    }

    private void retryStart(Throwable ex, Runnable start) {
        try {
            CompletableFuture.delayedExecutor(START_RETRY_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(start);
            String message = "Queue '{}': no thread could be started; retrying in {} ms";
            QueueLog.log(Level.ERROR, message, name, START_RETRY_MILLIS, ex);
        } catch (Throwable also) {
            wakingLater.set(false);
            QueueLog.log(Level.ERROR, "Queue '{}': the retry could not be scheduled; the next put retries", name, also);
        }
    }

    /** Must be called after a ticket was claimed. */
    void signalNotFull() {
        if (overflow.refill()) {
            wakeWorker();
        }
        if (overflow.size() == 0) {
            producers.signalNotFull();
        }
    }

    /** Must be called after a slot stopped running. */
    void signalIfQuiescent() {
        if (!isQuiescent()) {
            return;
        }
        if (overflow.refill()) { // their put ran out of stack
            wakeWorker();
            return;
        }
        shutdown.tryTerminate();
        round.signalQuiescence();
    }

    /** Whether this queue closes, or was closed, together with its factory. */
    boolean isShutDown() {
        return drain != null || owner.isClosing();
    }

    /** Whether nothing runs, and nothing waits that is not about to run. */
    boolean isQuiescent() {
        return slots.running() == 0 && ring.isEmpty() && retries.size() == 0;
    }

    /** Whether a task waits for nothing but a slot. */
    boolean hasWork() {
        return !ring.isEmpty() || retries.dueCount() > 0;
    }

    long notifyStarted(long ticket, long stamp) {
        long now = now();
        if (timed) {
            listener.started(name, round.index(ticket), now - stamp);
        }
        return now;
    }

    void notifyFinished(long ticket, long started, Outcome outcome, @Nullable Throwable failure) {
        if (timed) {
            listener.finished(name, round.index(ticket), now() - started, outcome, failure);
        }
    }

    /** Accounts for a task that was cancelled before it started. */
    void drop(long ticket, Object task) {
        dropped.incrementAndGet();
        if (task instanceof QueuedTask job) {
            job.drop();
        }
        notifyNeverStarted(round.index(ticket));
    }

    void notifyNeverStarted(long index) {
        if (timed) {
            listener.finished(name, index, 0, Outcome.CANCELLED, null);
        }
    }

    long now() {
        return timed ? System.nanoTime() : 0;
    }

    long taskCost() {
        return taskCost;
    }

    void recordCost(long nanos, long now) {
        taskCost = nanos;
        wakeThrottle.recordCost(nanos, now);
    }

    void logLifecycle(String what) {
        Level level = settings.logLevel();
        if (level != null) {
            QueueLog.log(level, "Queue '{}': {} {}", name, what, Counts.of(settings.workers(), "worker"));
        }
    }

    int depth() {
        return depth(retries.size());
    }

    /** As {@link #depth()}, with the number of tasks that wait for a retry as it was read before. */
    int depth(int retrying) {
        return ring.depth() + overflow.size() + retrying;
    }
}
