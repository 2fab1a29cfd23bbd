package io.github.workerqueue;

import io.github.workerqueue.Cancellation.CancelSink;
import org.jspecify.annotations.Nullable;

/** A slot that runs each task that it has claimed only when its turn comes; until then it has no thread. */
final class PostponedSlot extends WorkerSlot {

    private final ShuffledThreads shuffle;

    /** Whether it has a turn to come. As the others, written before it is postponed and after it was drawn or withdrawn. */
    private boolean postponed;

    /** Null if it was cancelled before its turn came. */
    private @Nullable Object postponedTask;

    private long stamp;

    PostponedSlot(QueueEngine engine, int number, long nextIdle, ShuffledThreads shuffle) {
        super(engine, number, nextIdle);
        this.shuffle = shuffle;
    }

    @Override
    boolean execute(long next, Object claimed, long stamp) {
        begin(next);
        setTask(claimed);
        this.postponedTask = claimed;
        this.stamp = stamp;
        this.postponed = true;
        shuffle.postpone(this);
        return false;
    }

    @Override
    boolean hasPostponedTask() {
        return postponed;
    }

    @Override
    boolean executePostponed() {
        Object task = postponedTask;
        postponedTask = null;
        postponed = false;
        return task == null ? finishTask() : super.execute(ticket(), task, stamp);
    }

    @Override
    long cancel(long limit, CancelSink fate) {
        if (shuffle.withdraw(this, limit)) {
            Object task = postponedTask;
            postponedTask = null;
            if (task != null) {
                fate.drop(ticket(), task);
            }
            start();
        }
        return super.cancel(limit, fate);
    }

    /** What has been held back by the stage has nobody to run it, unless somebody waits for the queue. */
    @Override
    void resume() {
        super.resume();
        if (!engine.round.quiescence().hasWaiters()) {
            shuffle.afterSubmit(engine);
        }
    }
}
