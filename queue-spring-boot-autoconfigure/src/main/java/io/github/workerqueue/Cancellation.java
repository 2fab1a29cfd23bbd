package io.github.workerqueue;

import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Ends what was accepted: every ticket below a limit that only grows is cancelled. */
final class Cancellation {

    /*
     * Puts under way are cut off first, then the limit is raised above every ticket handed out. From then on, a slot that
     * claims a ticket below it drops the task; what waits is claimed and dropped here; what runs is interrupted here, slot by
     * slot. Slot and AsyncTask each write that they run, or wait for a stage, and then read the limit, so a slot that was
     * looked at too early sees it. While tasks are claimed here, no slot runs them, so a count says that the queue is not
     * quiet.
     *
     * Who closes the queue has to know what became of every task, also of one that a slot claimed in the instant of the cancel
     * and drops by itself. As the ring refuses everybody then, each ticket below the limit has been dropped or counted, or was
     * interrupted here, but for those that a slot has claimed and not entered its window with, or has left it with and not
     * counted. No code of the user runs in between, so who closes looks until there are none. It cancels the stages, which then
     * do not do it themselves, so that it is the only one to tell of what had started.
     */

    /** What becomes of the tasks that a cancel meets, each of them once. Called by the thread that cancels, or that of a slot. */
    @FunctionalInterface
    interface Fate {

        /** It never starts. */
        void dropped(long ticket, Object task);

        /** It runs and was interrupted, or its stage was cancelled. */
        default void interrupted(long ticket, @Nullable Object source) {}
    }

    /**
     * A task that a close cut off.
     *
     * @param task the task if it never started, else what names it
     */
    record Left(long ticket, @Nullable Object task, boolean started) {}

    private final Engine engine;

    private final AtomicLong below = new AtomicLong();

    private final AtomicInteger underWay = new AtomicInteger();

    private final AtomicInteger closing = new AtomicInteger();

    /** The fate of what slots drop. Written before the limit. */
    private volatile Fate fate;

    Cancellation(Engine engine) {
        this.engine = engine;
        this.fate = engine::drop;
    }

    /** Tickets below this are cancelled. */
    long below() {
        return below.get();
    }

    boolean isUnderWay() {
        return underWay.get() > 0;
    }

    /** Whether a stage that holds its slot from now on was perhaps looked for in vain. */
    boolean mayHaveMissed(long ticket) {
        return ticket < below() && closing.get() == 0;
    }

    /** Drops a task that a slot claimed, and that is below the limit. */
    void drop(long ticket, Object task) {
        fate.dropped(ticket, task);
    }

    /**
     * Cancels the puts under way and what was accepted before.
     *
     * @param accepted gives the number of tickets that were handed out or will be
     * @param fate gets each task that is cancelled
     */
    void cancel(LongSupplier accepted, Fate fate) {
        whileNoRoundEnds(() -> end(begin(accepted, fate), fate));
    }

    /** Does something during which no round ends. */
    void whileNoRoundEnds(Runnable action) {
        underWay.incrementAndGet();
        try {
            action.run();
        } finally {
            underWay.decrementAndGet();
            engine.stopped();
        }
    }

    /**
     * Closes the ring, cancels everything, and waits until of each task it is known whether it has started; for those that
     * have, it does not wait.
     *
     * @param then gets, in put order, what was cancelled here, before the queue can be quiet; it drops what never starts
     */
    void closeNow(Consumer<List<Left>> then) {
        Leftovers left = new Leftovers();
        underWay.incrementAndGet();
        try {
            closing.incrementAndGet();
            try {
                // First, so that the puts that it cuts off hear of the close, not of a cancel.
                engine.overflow.closeNow();
                long limit = begin(engine.overflow::accepted, left);
                for (int spins = 0; end(limit, left) < limit; spins++) {
                    Ring.pause(spins);
                }
            } finally {
                closing.decrementAndGet();
            }
            fate = engine::drop;
            then.accept(left.inOrder());
        } finally {
            underWay.decrementAndGet();
            engine.stopped();
        }
    }

    private long begin(LongSupplier accepted, Fate fate) {
        engine.ring.nextEpoch();
        engine.gate.signalAll();
        this.fate = fate;
        return below.accumulateAndGet(accepted.getAsLong(), Math::max);
    }

    /** Cancels what is found below the limit. Returns how many tasks have ended or been interrupted; never too many. */
    private long end(long limit, Fate fate) {
        Ring ring = engine.ring;
        for (long ticket = ring.claim(limit); ticket >= 0; ticket = ring.claim(limit)) {
            Object task = ring.task(ticket);
            ring.release(ticket);
            engine.released();
            fate.dropped(ticket, task);
        }
        engine.retries.cancel(limit, fate);
        long[] ended = {engine.dropped.get()};
        engine.slots.forEach(slot -> ended[0] += slot.cancel(limit, fate));
        return ended[0];
    }

    /** What a close cuts off. */
    private final class Leftovers implements Fate {

        private final Queue<Left> left = new ConcurrentLinkedQueue<>();

        @Override
        public void dropped(long ticket, Object task) {
            left.add(new Left(ticket, task, false));
            engine.dropped.incrementAndGet();
        }

        @Override
        public void interrupted(long ticket, @Nullable Object source) {
            left.add(new Left(ticket, source, true));
        }

        List<Left> inOrder() {
            return left.stream().sorted(Comparator.comparingLong(Left::ticket)).toList();
        }
    }
}
