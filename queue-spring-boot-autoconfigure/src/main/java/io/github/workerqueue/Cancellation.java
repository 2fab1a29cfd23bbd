package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** Ends what was accepted: every ticket below a limit that only grows is cancelled. */
final class Cancellation {

    /*
     * Puts under way are cut off first, then the limit is raised above every ticket handed out. From then on, a slot that
     * claims a ticket below it drops the task; what waits is claimed and dropped here; what runs is interrupted here, slot by
     * slot. Slot and AsyncTask each write that they run, or wait for a stage, and then read the limit, so a slot that was
     * looked at too early sees it. While tasks are claimed here, no slot runs them, so a count says that the queue is not
     * quiet.
     */

    private final Engine engine;

    private final AtomicLong below = new AtomicLong();

    private final AtomicInteger underWay = new AtomicInteger();

    Cancellation(Engine engine) {
        this.engine = engine;
    }

    /** Tickets below this are cancelled. */
    long below() {
        return below.get();
    }

    boolean isUnderWay() {
        return underWay.get() > 0;
    }

    /**
     * Cancels the puts under way and what was accepted before.
     *
     * @param accepted gives the number of tickets that were handed out or will be
     * @param fate gets each task that waits, with its ticket
     * @return the running tasks that were interrupted
     */
    List<Object> cancel(LongSupplier accepted, BiConsumer<Long, Object> fate) {
        List<Object> running = new ArrayList<>();
        whileNoRoundEnds(() -> {
            long limit = begin(accepted);
            Ring ring = engine.ring;
            for (long ticket = ring.claim(limit); ticket >= 0; ticket = ring.claim(limit)) {
                Object task = ring.task(ticket);
                ring.release(ticket);
                engine.released();
                fate.accept(ticket, task);
            }
            engine.slots.forEach(slot -> {
                Object interrupted = slot.cancel(limit);
                if (interrupted != null) {
                    running.add(interrupted);
                }
            });
        });
        return running;
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

    private long begin(LongSupplier accepted) {
        engine.ring.nextEpoch();
        engine.gate.signalAll();
        return below.accumulateAndGet(accepted.getAsLong(), Math::max);
    }
}
