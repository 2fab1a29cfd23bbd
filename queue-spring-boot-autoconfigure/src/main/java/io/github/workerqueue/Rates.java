package io.github.workerqueue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rates of a factory by name; each lives as long as a queue of the name is open, or its last starts matter. */
final class Rates {

    private final Map<String, Shared> shared = new HashMap<>();

    /** The rates of a name for a queue that is opened; null if there are no limits. */
    synchronized @Nullable TaskRates of(String name, List<RateLimit> limits) {
        if (limits.isEmpty()) {
            return null;
        }
        Shared known = shared.get(name);
        if (known == null) {
            shared.values().removeIf(other -> other.users == 0 && other.rates.isIdle());
            known = new Shared(new TaskRates(limits, System::nanoTime));
            shared.put(name, known);
        }
        known.users++;
        return known.rates;
    }

    /** A queue that was given rates is closed. */
    synchronized void closed(String name) {
        Objects.requireNonNull(shared.get(name)).users--;
    }

    private static final class Shared {

        private final TaskRates rates;

        private int users;

        Shared(TaskRates rates) {
            this.rates = rates;
        }
    }
}
