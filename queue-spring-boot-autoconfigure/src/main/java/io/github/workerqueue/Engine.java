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

    private final String name;

    private final long id;

    private final QueueSettings settings;

    private final QueueListener listener;

    private final boolean timed;

    private final WorkerThreads threads;

    private final Object owner;

    /** The queue by one of whose tasks this one was opened. */
    private final @Nullable Engine outer;

    private final Ring ring;

    private final Overflow overflow;

    private final Gate gate;

    private final Slots slots;

    private final Rounds rounds;

    private final Cancellation cancellation;

    private final Closing closing;

    private final InterruptedThreads interrupted = new InterruptedThreads();

    private final LongAdder rejected = new LongAdder();

    private final LongAdder dropped = new LongAdder();

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
        this.slots = new Slots(settings.workers(), this::slot);
        this.cancellation = new Cancellation(this);
        this.rounds = new Rounds(this);
        this.closing = new Closing(this, closed);
    }

    private Slot slot(int number) {
        return new Slot(this, number, number + 1 < settings.workers() ? number + 2 : 0);
    }

    // Putting

    /** Puts a task, unless the queue was cancelled since the epoch. */
    void put(Object task, long since) throws InterruptedException {
        offer(task, FOREVER, since);
    }

    /** Puts a task, unless the queue was cancelled since the epoch. Returns false if there was no room in time. */
    boolean offer(Object task, long nanos, long since) throws InterruptedException {
        if (Thread.interrupted()) {
            throw interrupted.remember(new InterruptedException());
        }
        if (since == cancellation.epoch() && ring.offer(task, now(), Ring.OUTSIDER)) {
            accepted();
            return true;
        }
        Admission admission = admission(since);
        admission.check();
        if (admission.isOwn() && nanos == FOREVER) {
            if (!overflow.put(task, now())) {
                throw closedException();
            }
            accepted();
            return true;
        }
        long start = now();
        try {
            if (nanos > 0 && gate.await(task, admission.bounded(), nanos)) {
                accepted();
                return true;
            }
        } catch (InterruptedException ex) {
            throw interrupted.remember(ex);
        } finally {
            if (timed && nanos > 0) {
                listener.blocked(name, now() - start);
            }
        }
        return refused();
    }

    /** Puts a task if there is room now. */
    boolean offer(Object task) {
        Admission admission = admission(cancellation.epoch());
        if (ring.offer(task, now(), admission.bounded().refusedBy())) {
            accepted();
            return true;
        }
        admission.check();
        return refused();
    }

    /** Waits before a put, at the price that a close or a cancel ends the wait. */
    void delay(long nanos, long since) throws InterruptedException {
        Admission admission = admission(since);
        admission.check();
        try {
            gate.sleep(admission, nanos);
        } catch (InterruptedException ex) {
            throw interrupted.remember(ex);
        }
    }

    private void accepted() {
        wakeWorker();
        interrupted.forget();
    }

    private boolean refused() {
        rejected.increment();
        listener.rejected(name);
        return false;
    }

    QueueClosedException closedException() {
        refused();
        return new QueueClosedException("Queue '" + name + "' is " + (ring.has(Ring.CLOSED) ? "closed" : "closing")
                + " and takes no task; open a new one with QueueFactory.open");
    }

    private Admission admission(long since) {
        boolean sibling = false;
        Slot slot = Slot.current();
        for (Engine engine = slot == null ? null : slot.engine; engine != null; engine = engine.outer) {
            if (engine == this) {
                return new Admission(this, Ring.OWN, since);
            }
            sibling |= engine.owner == owner;
        }
        return new Admission(this, sibling ? Ring.SIBLING : Ring.OUTSIDER, since);
    }

    boolean refuses(long flags) {
        return ring.has(flags & ~Ring.OVERFLOWN);
    }

    /** Throws if the current thread runs a task of this queue, for which what it calls would wait. */
    void refuseInside(String call) {
        if (admission(0).isOwn()) {
            throw new IllegalStateException(call + " was called by a task of queue '" + name
                    + "', for which it would wait for ever; call it from outside, or open another queue in the task");
        }
    }

    /** Whether the current thread runs a task of a queue of this owner. */
    static boolean isInside(Object owner) {
        Slot slot = Slot.current();
        for (Engine engine = slot == null ? null : slot.engine; engine != null; engine = engine.outer) {
            if (engine.owner == owner) {
                return true;
            }
        }
        return false;
    }

    // Running

    /** Wakes a slot if a task waits, a slot is idle, and none is searching already. */
    void wakeWorker() {
        if (!slots.mayWake() || ring.isEmpty()) {
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
        CompletableFuture.delayedExecutor(START_RETRY_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(start);
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
        if (slots.running() == 0 && ring.isEmpty()) {
            closing.stopped();
            rounds.stopped();
        }
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
        if (task instanceof Job job) {
            job.drop();
        }
        dropped(ticket);
    }

    void dropped(long ticket) {
        dropped.increment();
        if (timed) {
            listener.finished(name, rounds.index(ticket), 0, Outcome.CANCELLED, null);
        }
    }

    void handle(long ticket, @Nullable Object task, Throwable failure) {
        TaskFailure told = new TaskFailure(name, rounds.index(ticket), NamedTask.nameOf(task), failure, 1);
        try {
            settings.exceptionHandler().handle(told);
        } catch (Throwable ex) {
            logger.error("Queue '{}': the exception handler failed on {}", name, told, ex);
            logger.error("Queue '{}': task {} '{}' had failed", name, told.index(), told.task(), failure);
        }
    }

    long now() {
        return timed ? System.nanoTime() : 0;
    }

    long cost() {
        return cost;
    }

    void cost(long nanos) {
        cost = nanos;
    }

    void logLifecycle(String what) {
        Level level = settings.logLevel();
        if (level != null) {
            logger.atLevel(level).log("Queue '{}' {} {} workers", name, what, settings.workers());
        }
    }

    // Figures

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
                slots.running(),
                overflow.size(),
                gate.waiting(),
                rounds.counter(),
                figures.collected,
                overflow.accepted(),
                figures.completed,
                figures.failed,
                figures.cancelled + dropped.sum(),
                rejected.sum());
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

    String name() {
        return name;
    }

    long id() {
        return id;
    }

    QueueSettings settings() {
        return settings;
    }

    QueueListener listener() {
        return listener;
    }

    WorkerThreads threads() {
        return threads;
    }

    InterruptedThreads interrupted() {
        return interrupted;
    }

    Ring ring() {
        return ring;
    }

    Overflow overflow() {
        return overflow;
    }

    Gate gate() {
        return gate;
    }

    Slots slots() {
        return slots;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    Rounds rounds() {
        return rounds;
    }

    Closing closing() {
        return closing;
    }

    /** The sums over the slots. */
    private static final class Figures {

        private long collected;

        private long completed;

        private long failed;

        private long cancelled;

        void add(Slot slot) {
            collected += Results.count(slot.results());
            completed += slot.counted(Outcome.SUCCESS);
            failed += slot.counted(Outcome.FAILURE);
            cancelled += slot.counted(Outcome.CANCELLED);
        }
    }
}
