package io.github.workerqueue;

import io.github.workerqueue.QueueListener.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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

    /** The factory, as whose queue this one counts. */
    final Object owner;

    /** The queue by one of whose tasks this one was opened. */
    final @Nullable Engine outer;

    final Ring ring;

    final Overflow overflow;

    final Gate gate;

    final Slots slots;

    final Watch watch;

    final Rounds rounds;

    final Cancellation cancellation;

    final Closing closing;

    final InterruptedThreads interrupted = new InterruptedThreads();

    final Entrance entrance;

    /** The tasks that were cancelled before they started. */
    final LongAdder dropped = new LongAdder();

    /** How long a task takes, in nanoseconds, as measured last. */
    private volatile long cost = TimeUnit.MICROSECONDS.toNanos(1);

    Engine(
            String name,
            long id,
            QueueSettings settings,
            QueueListener listener,
            WorkerThreads threads,
            Object owner,
            Consumer<Engine> closed) {
        this.name = name;
        this.id = id;
        this.settings = settings;
        this.listener = listener;
        this.timed = listener != QueueListeners.NONE;
        this.threads = threads;
        this.owner = owner;
        Slot opener = Slot.current();
        this.outer = opener == null ? null : opener.engine;
        this.ring = new Ring(settings.maxsize(), timed);
        this.overflow = new Overflow(ring);
        this.gate = new Gate(this, ring);
        this.entrance = new Entrance(this);
        this.watch = new Watch(this);
        this.slots = new Slots(settings.workers(), this::slot);
        this.cancellation = new Cancellation(this);
        this.rounds = new Rounds(this);
        this.closing = new Closing(this, closed);
    }

    private Slot slot(int number) {
        return new Slot(this, number, number + 1 < settings.workers() ? number + 2 : 0);
    }

    /** Wakes a slot if a task waits, a slot is idle, and none is searching already. */
    void wakeWorker() {
        if (!slots.mayWake(watch.isSparing()) || ring.isEmpty()) {
            return;
        }
        Slot slot = null;
        try {
            slot = slots.wake();
            if (slot != null) {
                slot.start();
            }
        } catch (Throwable ex) {
            if (slot != null) {
                slots.stopSearching(slot);
            }
            retryStart(ex, this::wakeWorker);
        }
    }

    void resume(Slot slot) {
        try {
            slot.start();
        } catch (Throwable ex) {
            retryStart(ex, () -> resume(slot));
        }
    }

    private void retryStart(Throwable ex, Runnable start) {
        logger.error("Queue '{}': no thread could be started; trying again in {} ms", name, START_RETRY_MILLIS, ex);
        try {
            CompletableFuture.delayedExecutor(START_RETRY_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(start);
        } catch (Throwable also) {
            logger.error("Queue '{}': the next put tries again", name, also);
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
        if (isQuiet()) {
            closing.stopped();
            rounds.stopped();
        }
    }

    /** Whether nothing runs, and nothing waits that is not about to run. */
    boolean isQuiet() {
        return slots.running() == 0 && ring.isEmpty();
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
        dropped.increment();
        if (task instanceof Job job) {
            job.drop();
        }
        neverStarted(ticket);
    }

    void neverStarted(long ticket) {
        if (timed) {
            listener.finished(name, rounds.index(ticket), 0, Outcome.CANCELLED, null);
        }
    }

    /** Tells the exception handler; whatever it throws ends here. */
    void handle(long ticket, @Nullable Object task, Throwable failure) {
        try {
            settings.exceptionHandler()
                    .handle(new TaskFailure(name, rounds.index(ticket), NamedTask.nameOf(task), failure, 1));
        } catch (Throwable ex) {
            try {
                logger.error("Queue '{}': the exception handler failed on task {}", name, rounds.index(ticket), ex);
                logger.error("Queue '{}': task {} had failed", name, rounds.index(ticket), failure);
            } catch (Throwable logging) {
                // nobody is left to tell
            }
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
            logger.atLevel(level).log("Queue '{}' {} {} workers", name, what, settings.workers());
        }
    }

    QueueSnapshot snapshot() {
        Figures figures = new Figures();
        slots.forEach(figures::add);
        return new QueueSnapshot(
                name,
                id,
                state(),
                settings.workers(),
                settings.maxsize(),
                depth(),
                slots.active(),
                overflow.size(),
                gate.waiting(),
                rounds.counter(),
                figures.collected,
                overflow.accepted(),
                figures.completed,
                figures.failed,
                figures.cancelled + dropped.sum(),
                entrance.rejected());
    }

    int depth() {
        return ring.depth() + overflow.size();
    }

    private QueueSnapshot.State state() {
        if (ring.has(Ring.CLOSED)) {
            return QueueSnapshot.State.CLOSED;
        }
        return ring.has(Ring.CLOSING | Ring.DRAINING) ? QueueSnapshot.State.CLOSING : QueueSnapshot.State.OPEN;
    }

    /** The sums over the slots. */
    private static final class Figures {

        private long collected;

        private long completed;

        private long failed;

        private long cancelled;

        void add(Slot slot) {
            collected += Results.count(slot.results());
            completed += slot.tally.succeeded();
            failed += slot.tally.failed();
            cancelled += slot.tally.cancelled();
        }
    }
}
