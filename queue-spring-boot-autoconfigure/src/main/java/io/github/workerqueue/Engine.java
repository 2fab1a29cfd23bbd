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
final class Engine {

    /*
     * A put goes into the Ring if there is room; else its thread waits at the Gate, unless it runs a task of this queue, whose
     * children go to the Overflow. Slots take tasks from the ring and keep their results. Quiescence is where join and close
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

    final Timer timer;

    final Layers layers;

    final DefaultQueueFactory owner;

    /** The drain of several factories that this queue takes part in. */
    volatile @Nullable Drain drain;

    /** The queue by one of whose tasks this one was opened. */
    final @Nullable Engine outer;

    final Ring ring;

    final Overflow overflow;

    final Gate gate;

    final Slots slots;

    /** What the queue holds of the budget of its name, if that has one. */
    final @Nullable Share share;

    final Quota quota;

    final Retries retries;

    private volatile @Nullable Completions completions;

    final Watch watch;

    final Rounds rounds;

    /** The time limit of its rounds, if they have one. */
    final @Nullable Deadline deadline;

    final QueueExceptionHandler exceptionHandler;

    final Cancellation cancellation;

    final Closing closing;

    final InterruptedThreads interrupted = new InterruptedThreads();

    final Entrance entrance;

    /** This queue, for futures that must not keep it alive. */
    final WeakReference<Engine> reference = new WeakReference<>(this);

    /** For those who may keep them when the queue is closed. */
    final Figures figures;

    /** The tasks that were cancelled before they started. */
    final AtomicLong dropped = new AtomicLong();

    private final AtomicBoolean wakingLater = new AtomicBoolean();

    /** How long a task takes, in nanoseconds, as measured last. */
    private volatile long cost = TimeUnit.MICROSECONDS.toNanos(1);

    Engine(
            String name,
            long id,
            QueueSettings settings,
            QueueListener listener,
            WorkerThreads threads,
            Timer timer,
            DefaultQueueFactory owner,
            @Nullable Budget budget,
            @Nullable TaskRates rates,
            Consumer<Engine> closed) {
        this.name = name;
        this.id = id;
        this.settings = settings;
        this.listener = listener;
        this.timed = listener.hearsTasks();
        this.threads = threads;
        this.timer = timer;
        this.layers = new Layers(this);
        this.owner = owner;
        Slot opener = Slot.current();
        this.outer = opener == null ? null : opener.engine;
        this.ring = new Ring(settings.maxsize(), timed);
        this.overflow = new Overflow(ring);
        this.gate = new Gate(this, ring);
        this.entrance = new Entrance(this);
        this.watch = new Watch(this);
        this.share = budget == null ? null : new Share(this, budget);
        this.quota = new Quota(this, share, rates);
        this.slots = new Slots(settings.workers(), this::slot, quota.lock);
        this.retries = new Retries(this, quota.lock);
        this.cancellation = new Cancellation(this);
        this.rounds = new Rounds(this);
        this.closing = new Closing(this, closed);
        this.deadline = deadline(settings.deadline());
        this.exceptionHandler =
                settings.failFast() ? rounds.failingFast(settings.exceptionHandler()) : settings.exceptionHandler();
        this.figures = new Figures(this);
    }

    private @Nullable Deadline deadline(@Nullable Duration limit) {
        return limit == null || Durations.nanos(limit) == FOREVER ? null : new Deadline(this, limit);
    }

    private Slot slot(int number) {
        return threads.slot(this, number, number + 1 == settings.workers() ? 0 : number + 2);
    }

    /** Wakes a slot if a task waits, a slot is idle and may run, and none is searching already. */
    void wakeWorker() {
        if (mayWake() && quota.mayWake()) {
            wake();
        }
    }

    /** Wakes a slot in the same way, unless the current thread has too little stack left: the next call on the queue does. */
    void wakeWorkerFromPut() {
        if (mayWake() && StackGuard.hasRoom() && quota.mayWake()) {
            wake();
        }
    }

    private boolean mayWake() {
        return slots.mayWake(watch.isSparing() && retries.due() == 0) && hasWork();
    }

    private void wake() {
        Slot slot = null;
        try {
            slot = slots.wake();
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
        quota.idle();
    }

    /** Wakes a slot that was given a permit. Returns false if there is none to wake. */
    boolean wakeToRun() {
        Slot slot = slots.wakeToRun();
        try {
            if (slot != null) {
                slot.startToRun();
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
    Completions completions() {
        Completions made = completions;
        if (made == null) {
            quota.lock.lock();
            try {
                made = completions == null ? new Completions(this) : completions;
                completions = made;
            } finally {
                quota.lock.unlock();
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
            SafeLogger.log(Level.ERROR, message, name, START_RETRY_MILLIS, ex);
        } catch (Throwable also) {
            wakingLater.set(false);
            SafeLogger.log(
                    Level.ERROR, "Queue '{}': the retry could not be scheduled; the next put retries", name, also);
        }
    }

    /** Must be called after a ticket was claimed. */
    void released() {
        if (overflow.released()) {
            wakeWorker();
        }
        if (overflow.size() == 0) {
            gate.released();
        }
    }

    /** Must be called after a slot stopped running. */
    void stopped() {
        if (!isQuiet()) {
            return;
        }
        if (overflow.released()) { // their put ran out of stack
            wakeWorker();
            return;
        }
        closing.stopped();
        rounds.stopped();
    }

    /** Whether this queue closes, or was closed, together with its factory. */
    boolean isShutDown() {
        return drain != null || owner.isClosing();
    }

    /** Whether nothing runs, and nothing waits that is not about to run. */
    boolean isQuiet() {
        return slots.running() == 0 && ring.isEmpty() && retries.size() == 0;
    }

    /** Whether a task waits for nothing but a slot. */
    boolean hasWork() {
        return !ring.isEmpty() || retries.due() > 0;
    }

    long started(long ticket, long stamp) {
        long now = now();
        if (timed) {
            listener.started(name, rounds.index(ticket), now - stamp);
        }
        return now;
    }

    void finished(long ticket, long started, Outcome outcome, @Nullable Throwable failure) {
        if (timed) {
            listener.finished(name, rounds.index(ticket), now() - started, outcome, failure);
        }
    }

    /** Accounts for a task that was cancelled before it started. */
    void drop(long ticket, Object task) {
        dropped.incrementAndGet();
        if (task instanceof Job job) {
            job.drop();
        }
        neverStarted(rounds.index(ticket));
    }

    void neverStarted(long index) {
        if (timed) {
            listener.finished(name, index, 0, Outcome.CANCELLED, null);
        }
    }

    long now() {
        return timed ? System.nanoTime() : 0;
    }

    long cost() {
        return cost;
    }

    void measured(long nanos, long now) {
        cost = nanos;
        watch.measured(nanos, now);
    }

    void logLifecycle(String what) {
        Level level = settings.logLevel();
        if (level != null) {
            SafeLogger.log(level, "Queue '{}': {} {}", name, what, Counts.of(settings.workers(), "worker"));
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
