package io.github.workerqueue;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/** The budgets of a factory by name; each lives as long as a queue of the name, or a task that it left, does. */
final class Budgets {

    private final Map<String, WeakReference<Budget>> budgets = new HashMap<>();

    synchronized Budget of(String name, int total) {
        WeakReference<Budget> known = budgets.get(name);
        Budget budget = known == null ? null : known.get();
        if (budget == null) {
            budgets.values().removeIf(reference -> reference.get() == null);
            budget = new Budget(total);
            budgets.put(name, new WeakReference<>(budget));
        }
        return budget;
    }
}
