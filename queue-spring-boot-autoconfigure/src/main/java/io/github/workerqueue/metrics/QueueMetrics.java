package io.github.workerqueue.metrics;

import io.github.workerqueue.QueueListener;
import io.github.workerqueue.QueueSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the queues of its factories do into meters, under the prefix {@code queue.} and with the tag {@code name}.
 *
 * <p>There is one series per name of a queue, not per queue: its gauges are sums over the queues that are open under that
 * name. All meters of a name are registered when the first queue of that name is opened, and stay; opening and closing more
 * of them changes nothing. Names that were not announced get a series each up to a limit, those that come later share the
 * series {@value #OTHER}; the tag {@code exception} of failed tasks is limited in the same way, to
 * {@value #MAX_EXCEPTIONS} values.
 *
 * <p>One object can listen to several factories, such as those of a parent and a child context: queue ids are unique in the
 * JVM, and the gauges of a name are sums over all of them. Use one object per registry, since a second one cannot add to the
 * gauges of the first.
 */
public final class QueueMetrics implements QueueListener {

    /** How many names that were not announced get a series of their own by default: {@value}. */
    public static final int DEFAULT_MAX_NAMES = 100;

    static final String OTHER = "other";

    static final int MAX_EXCEPTIONS = 50;

    private final MeterRegistry registry;

    private final BoundedValues names;

    private final BoundedValues exceptions = new BoundedValues(Set.of(), MAX_EXCEPTIONS);

    private final Map<String, Series> series = new ConcurrentHashMap<>();

    /**
     * Makes a listener that gives the first {@value #DEFAULT_MAX_NAMES} names a series each.
     *
     * @param registry where the meters are registered
     */
    public QueueMetrics(MeterRegistry registry) {
        this(registry, Set.of(), DEFAULT_MAX_NAMES);
    }

    /**
     * Makes a listener.
     *
     * @param registry where the meters are registered
     * @param announced names that have a series of their own however many others there are
     * @param maxNames how many other names get a series of their own
     * @throws IllegalArgumentException if {@code maxNames} is negative
     */
    public QueueMetrics(MeterRegistry registry, Set<String> announced, int maxNames) {
        if (maxNames < 0) {
            throw new IllegalArgumentException("maxNames must be zero or positive, but was " + maxNames);
        }
        this.registry = Objects.requireNonNull(registry, "registry must not be null");
        this.names = new BoundedValues(announced, maxNames);
    }

    @Override
    public void opened(String queue, long id, Supplier<QueueSnapshot> figures) {
        String name = !queue.equals(OTHER) && names.admit(queue) ? queue : OTHER;
        series.computeIfAbsent(name, key -> new Series(registry, key, exceptions))
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
     * The value of the tag {@code name} under which a queue is counted, for others that make meters of its tasks.
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
