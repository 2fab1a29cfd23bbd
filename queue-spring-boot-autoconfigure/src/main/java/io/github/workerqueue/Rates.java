package io.github.workerqueue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** The rates of a factory by name; each lives while a queue of the name is open, or a limit remembers one of its starts. */
final class Rates {

    private final Map<String, Shared> shared = new HashMap<>();

    private final LongSupplier clock;

    private final ObjLongConsumer<Runnable> timer;

    /** Given the function that runs something after a number of nanoseconds. */
    Rates(LongSupplier clock, ObjLongConsumer<Runnable> timer) {
        this.clock = clock;
        this.timer = timer;
    }

    /** The rates of a name for a queue that is opened; null if there are no limits. */
    @Nullable
    TaskRates of(String name, List<RateLimit> limits) {
        return limits.isEmpty() ? null : use(name, limits);
    }

    private synchronized TaskRates use(String name, List<RateLimit> limits) {
        Shared used = shared.get(name);
        if (used == null) {
            used = new Shared(name, limits);
            shared.put(name, used);
        }
        used.users++;
        return used.rates;
    }

    /** A queue that was given rates is closed. */
    synchronized void closed(String name) {
        Shared used = Objects.requireNonNull(shared.get(name));
        used.users--;
        removeUnused(used);
    }

    private synchronized void removeUnused(Shared unused) {
        if (unused.users == 0 && unused.rates.isIdle()) {
            shared.remove(unused.name, unused);
        }
    }

    private final class Shared {

        private final String name;

        private final TaskRates rates;

        private int users;

        Shared(String name, List<RateLimit> limits) {
            this.name = name;
            this.rates = new TaskRates(limits, clock, nanos -> timer.accept(this::forget, nanos));
        }

        private void forget() {
            rates.forget();
            removeUnused(this);
        }
    }
}
