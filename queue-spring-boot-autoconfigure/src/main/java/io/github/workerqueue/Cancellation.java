package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** Ends what was accepted: every ticket below a limit that only grows is cancelled. */
final class Cancellation {

    /*
     * The limit is raised first. From then on, a slot that claims a ticket below it drops the task; what waits is claimed and
     * dropped here; what runs is interrupted here, slot by slot. Slot and AsyncTask each write that they run, or wait for a
     * stage, and then read the limit, so a slot that was looked at too early sees it. While tasks are claimed here, no slot
     * runs them, so a count says that the queue is not quiet.
     */

    private final Engine engine;

    private final AtomicLong below = new AtomicLong();

    private final AtomicLong epoch = new AtomicLong();

    private final AtomicInteger underWay = new AtomicInteger();

    Cancellation(Engine engine) {
        this.engine = engine;
    }

    /** Tickets below this are cancelled. */
    long below() {
        return below.get();
    }

    /** How many cancels there were. */
    long epoch() {
        return epoch.get();
    }

    boolean isUnderWay() {
        return underWay.get() > 0;
    }

    /** Cancels the tickets below the limit, and the puts under way. What waits is handed to the fate, with its ticket. */
    List<Object> cancel(long limit, BiConsumer<Long, Object> fate) {
        List<Object> running = new ArrayList<>();
        underWay.incrementAndGet();
        try {
            below.accumulateAndGet(limit, Math::max);
            epoch.incrementAndGet();
            engine.gate.signalAll();
            Ring ring = engine.ring;
            for (long ticket = ring.claim(limit); ticket >= 0; ticket = ring.claim(limit)) {
                Object task = ring.peek(ticket);
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
        } finally {
            underWay.decrementAndGet();
            engine.stopped();
        }
        return running;
    }
}
