package io.github.workerqueue;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/** The budgets of a factory by name; each lives as long as a queue of the name, or a task that it left, does. */
final class SharedPermitsRegistry {

    private final Map<String, Named> budgets = new HashMap<>();

    private final ReferenceQueue<SharedPermits> collected = new ReferenceQueue<>();

    synchronized SharedPermits of(String name, int total) {
        Named known = budgets.get(name);
        SharedPermits budget = known == null ? null : known.get();
        if (budget == null) {
            removeCollected();
            budget = new SharedPermits(total);
            budgets.put(name, new Named(name, budget, collected));
        }
        return budget;
    }

    /** Removes up to two entries for the one that follows: fewer than all, as an open must take the same time for any number. */
    private void removeCollected() {
        for (int i = 0; i < 2; i++) {
            Reference<? extends SharedPermits> reference = collected.poll();
            if (reference instanceof Named named) {
                budgets.remove(named.name, named);
            }
        }
    }

    private static final class Named extends WeakReference<SharedPermits> {

        private final String name;

        Named(String name, SharedPermits budget, ReferenceQueue<SharedPermits> collected) {
            super(budget, collected);
            this.name = name;
        }
    }
}
