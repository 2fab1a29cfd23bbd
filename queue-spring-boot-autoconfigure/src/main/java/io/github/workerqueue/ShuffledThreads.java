package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** No threads either, and an order in which threads could have run the tasks: whoever waits for the queue runs them. */
final class ShuffledThreads extends CallerRunsThreads {

    /*
     * A slot claims its task as soon as one waits, and then waits for its turn without a thread, as it does for a stage. So
     * those whose turn may come are at any moment the first tasks in put order that have not ended, as many as there are
     * workers; which of them is next is drawn.
     */

    private final ReentrantLock lock = new ReentrantLock();

    /** In the order in which they claimed, which is put order. Guarded by the lock. */
    private final List<PostponedSlot> postponed = new ArrayList<>();

    /** Guarded by the lock. */
    private final SplittableRandom random;

    ShuffledThreads(WorkerThreads helpers, long seed) {
        super(helpers);
        this.random = new SplittableRandom(seed);
    }

    @Override
    WorkerSlot slot(QueueEngine engine, int number, long nextIdle) {
        return new PostponedSlot(engine, number, nextIdle, this);
    }

    void postpone(PostponedSlot slot) {
        lock.lock();
        try {
            postponed.add(slot);
        } finally {
            lock.unlock();
        }
        slot.engine.round.quiescence().signal();
    }

    /** Takes a slot out whose task is below the limit. Returns false if its turn has come, or it is above. */
    boolean withdraw(PostponedSlot slot, long limit) {
        lock.lock();
        try {
            return slot.ticket() < limit && postponed.remove(slot);
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean hasWork(QueueEngine engine) {
        return !engine.throttle.isPaused() && isAnyPostponed();
    }

    @Override
    boolean isHeldUp(QueueEngine engine) {
        return super.isHeldUp(engine) || (engine.throttle.isPaused() && isAnyPostponed());
    }

    private boolean isAnyPostponed() {
        lock.lock();
        try {
            return !postponed.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean runOne(QueueEngine engine) {
        if (super.runOne(engine)) {
            return true;
        }
        PostponedSlot next = engine.throttle.isPaused() ? null : draw(engine.settings.totalWorkers());
        if (next == null) {
            return false;
        }
        run(next);
        return true;
    }

    private @Nullable PostponedSlot draw(@Nullable Integer most) {
        lock.lock();
        try {
            int count = most == null ? postponed.size() : Math.min(most, postponed.size());
            return count == 0 ? null : postponed.remove(random.nextInt(count));
        } finally {
            lock.unlock();
        }
    }

    /** Who waits for a future that depends on that of the task waits where nothing is known of it. */
    @Override
    void afterSubmit(QueueEngine engine) {
        boolean ran;
        do {
            ran = !runsBelow() && runOne(engine);
        } while (ran);
    }
}
