package io.github.workerqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Execution of tasks by the threads that wait for the queue, in an order in which concurrent workers could have run
 * them. The order is drawn at random, and is the same for the same seed.
 */
final class ShuffledThreads extends CallerRunsThreads {

    /*
     * A slot claims a task as soon as one waits, and is then postponed: it waits for its turn without a thread, as it
     * does for a stage. So the candidates are always the first unfinished tasks in submission order, as many as there
     * are workers. The next one is drawn from them.
     */

    private final ReentrantLock lock = new ReentrantLock();

    /** Postponed slots in the order of their claims, which is submission order. Guarded by the lock. */
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

    WorkerSlot createSlot(WorkerScheduler scheduler, int number, long nextIdle) {
        return new PostponedSlot(scheduler, number, nextIdle);
    }

    private void postpone(PostponedSlot slot) {
        lock.lock();
        try {
            postponed.add(slot);
        } finally {
            lock.unlock();
        }
        quiescence.signal();
    }

    /**
     * Withdraws a slot whose task is below the limit. Returns false if the slot has been drawn, or its task is not
     * below the limit.
     */
    private boolean withdraw(PostponedSlot slot, long limit) {
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

    /**
     * Runs tasks until none waits: a thread may wait for a future derived from that of a task, of which the queue is
     * not notified.
     */
    @Override
    void afterSubmit() {
        boolean ran;
        do {
            ran = !runsBelow() && runOne();
        } while (ran);
    }

    /** Worker slot that claims a task and then waits, without a thread, until it is drawn. */
    private final class PostponedSlot extends WorkerSlot {

        /** Whether the slot waits. Written before it is postponed, and after it was drawn or withdrawn. */
        private boolean waits;

        /** Claimed task; null if it was cancelled before the slot was drawn. */
        private @Nullable Object task;

        private long putTime;

        PostponedSlot(WorkerScheduler scheduler, int number, long nextIdle) {
            super(scheduler, number, nextIdle);
        }

        @Override
        boolean execute(long ticket, Object claimed, long time) {
            current.setTicket(ticket);
            current.setTask(claimed);
            task = claimed;
            putTime = time;
            waits = true;
            postpone(this);
            return false;
        }

        @Override
        boolean begin() {
            if (!waits) {
                return super.begin();
            }
            Object drawn = task;
            task = null;
            waits = false;
            return drawn == null ? finishTask() : super.execute(current.ticket(), drawn, putTime);
        }

        @Override
        long cancel(long limit, CancelSink sink) {
            if (withdraw(this, limit)) {
                Object withdrawn = task;
                task = null;
                if (withdrawn != null) {
                    sink.drop(current.ticket(), withdrawn);
                }
                start();
            }
            return super.cancel(limit, sink);
        }

        /** Resumes the slot. If no thread waits for the queue, runs the postponed tasks immediately. */
        @Override
        public void resume() {
            super.resume();
            if (!quiescence.hasWaiters()) {
                afterSubmit();
            }
        }
    }
}
