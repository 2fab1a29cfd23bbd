package io.github.workerqueue;

import org.jspecify.annotations.Nullable;

/** What the task of the current thread lends of the budget of its name while it waits for another queue. */
final class Loan {

    static final Loan NONE = new Loan(null);

    private final @Nullable Share share;

    private Loan(@Nullable Share share) {
        this.share = share;
    }

    static Loan ofCurrentTask() {
        Slot slot = Slot.current();
        Share share = slot == null ? null : slot.engine.share;
        if (share == null) {
            return NONE;
        }
        share.giveBack();
        return new Loan(share);
    }

    /** Waits, through interrupts, until the task has its share again. */
    void takeBack() {
        if (share != null) {
            share.takeBack();
        }
    }
}
