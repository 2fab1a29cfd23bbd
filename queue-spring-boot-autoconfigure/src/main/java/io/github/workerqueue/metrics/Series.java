package io.github.workerqueue.metrics;

import io.github.workerqueue.QueueListener.Outcome;
import io.github.workerqueue.QueueSnapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Meters of all queues of one name. */
final class Series {

    private static final String NONE = "none";

    private final MeterRegistry registry;

    private final String name;

    private final BoundedValues exceptions;

    private final Map<Long, Supplier<QueueSnapshot>> open = new ConcurrentHashMap<>();

    private final Map<String, Timer> failures = new ConcurrentHashMap<>();

    private final Timer success;

    private final Timer cancelled;

    /** Timer of all other failures, registered in advance since queues still drain after the registry is closed. */
    private final Timer otherFailure;

    private final Timer waited;

    private final Timer blocked;

    private final Counter rejected;

    private final Counter retried;

    private final Counter abandoned;

    Series(MeterRegistry registry, String name, BoundedValues exceptions, @Nullable LongPredicate stalled) {
        this.registry = registry;
        this.name = name;
        this.exceptions = exceptions;
        success = tasks(Outcome.SUCCESS, NONE);
        cancelled = tasks(Outcome.CANCELLED, NONE);
        otherFailure = tasks(Outcome.FAILURE, QueueMetrics.OTHER);
        waited = timer(
                        "queue.wait",
                        "Time from the put of a task to its start, or from the end of a retry delay to the retry")
                .register(registry);
        blocked = timer("queue.put.blocked", "Time that producers were blocked by a full queue")
                .register(registry);
        rejected = counter("queue.rejected", "tasks", "Rejected tasks");
        retried = counter("queue.retried", "attempts", "Failed attempts that are followed by a retry");
        abandoned = counter("queue.abandoned", "tasks", "Accepted tasks that were cancelled by a close");
        gauge("queue.depth", "tasks", "Waiting tasks", QueueSnapshot::depth);
        gauge("queue.counter", "tasks", "Accepted tasks since the last join", QueueSnapshot::counter);
        gauge("queue.active", "tasks", "Running tasks", QueueSnapshot::active);
        gauge("queue.overflow", "tasks", "Waiting child tasks beyond the capacity", QueueSnapshot::overflow);
        gauge("queue.workers", "workers", "Maximum number of running tasks", QueueSnapshot::workers);
        gauge("queue.maxsize", "tasks", "Maximum number of waiting tasks", QueueSnapshot::maxsize);
        gauge("queue.open", "queues", "Open queues", figures -> 1);
        if (stalled != null) {
            register("queue.stalled", "queues", "Open queues that have stalled", series -> series.count(stalled));
        }
    }

    void opened(long id, Supplier<QueueSnapshot> figures) {
        open.put(id, figures);
    }

    void closed(long id) {
        open.remove(id);
    }

    Timer tasks(Outcome outcome, @Nullable Throwable exception) {
        return switch (outcome) {
            case SUCCESS -> success;
            case CANCELLED -> cancelled;
            case FAILURE -> exception == null ? otherFailure : failure(nameOf(exception.getClass()));
        };
    }

    Timer waited() {
        return waited;
    }

    Timer blocked() {
        return blocked;
    }

    Counter rejected() {
        return rejected;
    }

    Counter retried() {
        return retried;
    }

    Counter abandoned() {
        return abandoned;
    }

    private Timer failure(String exception) {
        Timer known = failures.get(exception);
        if (known != null) {
            return known;
        }
        if (registry.isClosed() || !exceptions.admit(exception)) {
            return otherFailure;
        }
        Timer timer = tasks(Outcome.FAILURE, exception);
        if (registry.isClosed()) {
            return otherFailure;
        }
        failures.put(exception, timer);
        return timer;
    }

    private Timer tasks(Outcome outcome, String exception) {
        return timer("queue.tasks", "Duration of the last attempt of a task, including its exception handler")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .tag("exception", exception)
                .register(registry);
    }

    private Timer.Builder timer(String meter, String description) {
        return Timer.builder(meter).description(description).tag("name", name);
    }

    private Counter counter(String meter, String unit, String description) {
        return Counter.builder(meter)
                .description(description)
                .baseUnit(unit)
                .tag("name", name)
                .register(registry);
    }

    private void gauge(String meter, String unit, String description, ToLongFunction<QueueSnapshot> figure) {
        register(meter, unit, description, series -> series.sum(figure));
    }

    private void register(String meter, String unit, String description, ToDoubleFunction<Series> value) {
        Gauge.builder(meter, this, value)
                .description(description)
                .baseUnit(unit)
                .tag("name", name)
                .register(registry);
    }

    private long sum(ToLongFunction<QueueSnapshot> figure) {
        return open.values().stream()
                .mapToLong(figures -> figure.applyAsLong(figures.get()))
                .sum();
    }

    private long count(LongPredicate condition) {
        return open.keySet().stream().filter(condition::test).count();
    }

    private static String nameOf(Class<?> type) {
        String simple = type.getSimpleName();
        return simple.isEmpty() ? type.getName() : simple;
    }
}
