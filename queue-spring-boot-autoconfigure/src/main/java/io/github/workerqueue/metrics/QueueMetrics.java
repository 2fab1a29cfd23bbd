package io.github.workerqueue.metrics;

import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Listener that records meters of the queues of its factories, with the prefix {@code queue.} and the tag {@code name}:
 *
 * <pre>{@code
 * QueueFactory queues = QueueFactory.builder().listener(new QueueMetrics(registry)).build();
 * }</pre>
 *
 * <p>There is one series per name, not per queue: the gauges are sums over the open queues of the name. All meters of a
 * name are registered when the first queue of this name is opened, and stay registered. Opening and closing further
 * queues adds and removes nothing.
 *
 * <p>Names that were not announced get a series of their own up to a limit. Later names share the series
 * {@value #OTHER}. The tag {@code exception} of failed tasks is limited in the same way, to {@value #MAX_EXCEPTIONS}
 * values.
 *
 * <p>One object can listen to several factories, such as those of a parent and a child context. Queue IDs are unique in
 * the JVM, and the gauges of a name are sums over all factories. Use one object per registry, since a second one cannot
 * add to the gauges of the first.
 *
 * @since 0.1
 */
public final class QueueMetrics implements QueueListener {

    /** Default number of names that get a series of their own without being announced: {@value}. */
    public static final int DEFAULT_MAX_NAMES = 100;

    static final String OTHER = "other";

    static final int MAX_EXCEPTIONS = 50;

    private final MeterRegistry registry;

    private final BoundedValues names;

    private final @Nullable LongPredicate stalled;

    private final BoundedValues exceptions = new BoundedValues(Set.of(), MAX_EXCEPTIONS);

    private final Map<String, Series> series = new ConcurrentHashMap<>();

    /**
     * Creates a listener that gives the first {@value #DEFAULT_MAX_NAMES} names a series of their own.
     *
     * @param registry the registry of the meters
     */
    public QueueMetrics(MeterRegistry registry) {
        this(registry, Set.of(), DEFAULT_MAX_NAMES);
    }

    /**
     * Creates a listener with announced names and a limit for other names.
     *
     * @param registry the registry of the meters
     * @param announced the names that have a series of their own, regardless of the number of other names
     * @param maxNames the number of other names that get a series of their own; zero for none
     * @throws IllegalArgumentException if {@code maxNames} is negative
     */
    public QueueMetrics(MeterRegistry registry, Set<String> announced, int maxNames) {
        this(registry, announced, maxNames, null);
    }

    /**
     * Creates a listener with announced names, a limit for other names, and the gauge {@code queue.stalled}.
     *
     * @param registry the registry of the meters
     * @param announced the names that have a series of their own, regardless of the number of other names
     * @param maxNames the number of other names that get a series of their own; zero for none
     * @param stalled true if the queue with an ID has stalled, called for each open queue when the gauge is read;
     *     {@code null} for no gauge
     * @throws IllegalArgumentException if {@code maxNames} is negative
     */
    public QueueMetrics(MeterRegistry registry, Set<String> announced, int maxNames, @Nullable LongPredicate stalled) {
        if (maxNames < 0) {
            throw new IllegalArgumentException("maxNames must be zero or positive, but was " + maxNames);
        }
        this.registry = Objects.requireNonNull(registry, "registry must not be null");
        this.names = new BoundedValues(announced, maxNames);
        this.stalled = stalled;
    }

    @Override
    public void opened(String queue, long id, Supplier<QueueSnapshot> figures) {
        String name = !queue.equals(OTHER) && names.admit(queue) ? queue : OTHER;
        series.computeIfAbsent(name, key -> new Series(registry, key, exceptions, stalled))
                .opened(id, figures);
    }

    @Override
    public void started(String queue, long index, long waited) {
        Series series = find(queue);
        if (series != null) {
            series.waited().record(waited, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void finished(String queue, long index, long ran, Outcome outcome, @Nullable Throwable exception) {
        Series series = find(queue);
        if (series != null) {
            series.tasks(outcome, exception).record(ran, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void retried(String queue, int attempts, long delay, Throwable exception) {
        Series series = find(queue);
        if (series != null) {
            series.retried().increment();
        }
    }

    @Override
    public void abandoned(String queue) {
        Series series = find(queue);
        if (series != null) {
            series.abandoned().increment();
        }
    }

    @Override
    public void blocked(String queue, long blocked) {
        Series series = find(queue);
        if (series != null) {
            series.blocked().record(blocked, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void rejected(String queue) {
        Series series = find(queue);
        if (series != null) {
            series.rejected().increment();
        }
    }

    @Override
    public void closed(String queue, long id) {
        Series series = find(queue);
        if (series != null) {
            series.closed(id);
        }
    }

    /**
     * Returns the value of the tag {@code name} for a queue. Use it for other meters of the same tasks.
     *
     * @param queue the name of a queue that was opened
     * @return the same name, or {@value #OTHER}
     */
    public String seriesOf(String queue) {
        return series.containsKey(queue) ? queue : OTHER;
    }

    private @Nullable Series find(String queue) {
        Series own = series.get(queue);
        return own != null ? own : series.get(OTHER);
    }
}
