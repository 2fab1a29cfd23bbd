package io.github.workerqueue;

import org.jspecify.annotations.Nullable;

/** Worker slot that claims a task and then waits, without a thread, until {@link ShuffledThreads} draws it. */
final class PostponedSlot extends WorkerSlot {

    private final ShuffledThreads threads;

    /** Whether the slot waits to be drawn. Written before it is postponed, and after it was drawn or withdrawn. */
    private boolean postponed;

    /** Claimed task; null if it was cancelled before the slot was drawn. */
    private @Nullable Object task;

    private long putTime;

    PostponedSlot(WorkerScheduler scheduler, int number, long nextIdle, ShuffledThreads threads) {
        super(scheduler, number, nextIdle);
        this.threads = threads;
    }

    @Override
    boolean execute(long ticket, Object claimed, long time) {
        current.setTicket(ticket);
        current.setTask(claimed);
        task = claimed;
        putTime = time;
        postponed = true;
        threads.postpone(this);
        return false;
    }

    @Override
    boolean begin() {
        if (!postponed) {
            return super.begin();
        }
        Object drawn = task;
        task = null;
        postponed = false;
        return drawn == null ? finishTask() : super.execute(current.ticket(), drawn, putTime);
    }

    @Override
    long cancel(long limit, CancelSink sink) {
        if (threads.withdraw(this, limit)) {
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
        if (!threads.isAwaited()) {
            threads.afterSubmit();
        }
    }
}
