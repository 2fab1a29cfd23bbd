package io.github.workerqueue;

import org.jspecify.annotations.Nullable;

/** What the task of the current thread lends of the budget of its name while it waits for another queue. */
final class Loan {

    static final Loan NONE = new Loan(null);

    private final @Nullable Slot slot;

    private Loan(@Nullable Slot slot) {
        this.slot = slot;
    }

    static Loan ofCurrentTask() {
        Slot slot = Slot.current();
        return slot != null && slot.lend() ? new Loan(slot) : NONE;
    }

    /** Waits, through interrupts, until the task has its share again. */
    void takeBack() {
        if (slot != null) {
            slot.takeBack();
        }
    }
}
