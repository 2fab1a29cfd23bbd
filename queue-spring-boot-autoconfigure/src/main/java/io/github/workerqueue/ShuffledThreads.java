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

    @SuppressWarnings("NullAway.Init") // attached before the first put
    private Quiescence quiescence;

    private @Nullable Integer maxRunning;

    ShuffledThreads(WorkerThreads helpers, long seed) {
        super(helpers);
        this.random = new SplittableRandom(seed);
    }

    @Override
    void attach(QueueEngine engine) {
        super.attach(engine);
        quiescence = engine.quiescence;
        maxRunning = engine.context.settings.totalWorkers();
    }

    /** Whether a thread waits for the queue, which will run the tasks. */
    boolean isAwaited() {
        return quiescence.hasWaiters();
    }

    void postpone(PostponedSlot slot) {
        lock.lock();
        try {
            postponed.add(slot);
        } finally {
            lock.unlock();
        }
        quiescence.signal();
    }

    /** Takes a slot out whose task is below the limit. Returns false if its turn has come, or it is above. */
    boolean withdraw(PostponedSlot slot, long limit) {
        lock.lock();
        try {
            return slot.current.ticket() < limit && postponed.remove(slot);
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean hasWork() {
        return !isPaused() && isAnyPostponed();
    }

    @Override
    boolean isPausedWithTasks() {
        return super.isPausedWithTasks() || (isPaused() && isAnyPostponed());
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
    boolean runOne() {
        if (super.runOne()) {
            return true;
        }
        PostponedSlot next = isPaused() ? null : draw(maxRunning);
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
    void afterSubmit() {
        boolean ran;
        do {
            ran = !runsBelow() && runOne();
        } while (ran);
    }
}
