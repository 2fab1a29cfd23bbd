package io.github.workerqueue;

import io.github.workerqueue.Cancellation.Fate;
import org.jspecify.annotations.Nullable;

/** A slot that runs each task that it has claimed only when its turn comes; until then it has no thread. */
final class PostponedSlot extends Slot {

    private final Shuffle shuffle;

    /** Whether it has a turn to come. As the others, written before it is postponed and after it was drawn or withdrawn. */
    private boolean postponed;

    /** Null if it was cancelled before its turn came. */
    private @Nullable Object claimed;

    private long stamp;

    PostponedSlot(Engine engine, int number, long nextIdle, Shuffle shuffle) {
        super(engine, number, nextIdle);
        this.shuffle = shuffle;
    }

    @Override
    boolean execute(long next, Object claimed, long stamp) {
        begin(next);
        keep(claimed);
        this.claimed = claimed;
        this.stamp = stamp;
        this.postponed = true;
        shuffle.postpone(this);
        return false;
    }

    @Override
    boolean hasClaimed() {
        return postponed;
    }

    @Override
    boolean executeClaimed() {
        Object task = claimed;
        claimed = null;
        postponed = false;
        return task == null ? clear() : super.execute(ticket(), task, stamp);
    }

    @Override
    long cancel(long limit, Fate fate) {
        if (shuffle.withdraw(this, limit)) {
            Object task = claimed;
            claimed = null;
            if (task != null) {
                fate.dropped(ticket(), task);
            }
            start();
        }
        return super.cancel(limit, fate);
    }

    /** What has been held back by the stage has nobody to run it, unless somebody waits for the queue. */
    @Override
    void resume() {
        super.resume();
        if (!engine.rounds.quiescence().isAwaited()) {
            shuffle.submitted(engine);
        }
    }
}
