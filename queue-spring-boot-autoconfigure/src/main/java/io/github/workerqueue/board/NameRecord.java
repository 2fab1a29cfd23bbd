package io.github.workerqueue.board;

import io.github.workerqueue.QueueSnapshot;
import io.github.workerqueue.board.LatencyHistogram.Quantiles;
import io.github.workerqueue.board.Samples.Figure;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Record of all queues of one name. */
final class NameRecord {

    /*
     * The threads of the tasks only add to adders, and to histograms while a page is open. The sampler thread takes
     * the difference to the previous sums once per second. An addition that it does not see yet belongs to the next
     * second, so none is lost. The sum and the count of a mean may differ by the tasks that are adding just then.
     */

    final String name;

    final Samples samples = new Samples();

    final FailureLog failures = new FailureLog();

    private final LongAdder waits = new LongAdder();

    private final LongAdder waitNanos = new LongAdder();

    private final LongAdder runs = new LongAdder();

    private final LongAdder runNanos = new LongAdder();

    private final LongAdder blockedNanos = new LongAdder();

    private final LongAdder succeeded = new LongAdder();

    private final LongAdder failed = new LongAdder();

    private final LongAdder cancelled = new LongAdder();

    /** Histogram of waits; null unless a page is open. */
    private volatile @Nullable LatencyHistogram waitHistogram;

    /** Histogram of running times; null unless a page is open. */
    private volatile @Nullable LatencyHistogram runHistogram;

    /** Sums at the previous sample. Confined to the sampler thread. */
    private Sums previous = new Sums(0, 0, 0, 0, 0, 0, 0, 0);

    /** Number of the newest samples without an open queue and an event. Confined to the sampler thread. */
    private int idleSeconds;

    NameRecord(String name) {
        this.name = name;
    }

    void started(long waited) {
        waits.increment();
        waitNanos.add(waited);
        LatencyHistogram histogram = waitHistogram;
        if (histogram != null) {
            histogram.record(waited);
        }
    }

    void finished(long ran) {
        runs.increment();
        runNanos.add(ran);
        LatencyHistogram histogram = runHistogram;
        if (histogram != null) {
            histogram.record(ran);
        }
    }

    void blocked(long nanos) {
        blockedNanos.add(nanos);
    }

    void ended(long succeededTasks, long failedTasks, long cancelledTasks) {
        succeeded.add(succeededTasks);
        failed.add(failedTasks);
        cancelled.add(cancelledTasks);
    }

    boolean isWatched() {
        return waitHistogram != null;
    }

    synchronized void watch(boolean watched) {
        if (watched != isWatched()) {
            waitHistogram = watched ? new LatencyHistogram() : null;
            runHistogram = watched ? new LatencyHistogram() : null;
        }
    }

    /** Adds a sample. Confined to the sampler thread. */
    void sample(long second, List<QueueSnapshot> open) {
        Sums now = new Sums(
                waits.sum(),
                waitNanos.sum(),
                runs.sum(),
                runNanos.sum(),
                blockedNanos.sum(),
                succeeded.sum(),
                failed.sum(),
                cancelled.sum());
        Map<Figure, Double> sample = new EnumMap<>(Figure.class);
        sample.put(Figure.DEPTH, open.stream().mapToDouble(QueueSnapshot::depth).sum());
        sample.put(
                Figure.MAXSIZE,
                open.stream().mapToDouble(QueueSnapshot::maxsize).sum());
        sample.put(
                Figure.ACTIVE, open.stream().mapToDouble(QueueSnapshot::active).sum());
        sample.put(
                Figure.WORKERS,
                open.stream().mapToDouble(QueueSnapshot::workers).sum());
        sample.put(Figure.SUCCEEDED, (double) now.succeeded - previous.succeeded);
        sample.put(Figure.FAILED, (double) now.failed - previous.failed);
        sample.put(Figure.CANCELLED, (double) now.cancelled - previous.cancelled);
        sample.put(Figure.BLOCKED, Samples.millis((double) (now.blockedNanos - previous.blockedNanos)));
        sample.put(Figure.WAIT, mean(now.waitNanos - previous.waitNanos, now.waits - previous.waits));
        sample.put(Figure.RUN, mean(now.runNanos - previous.runNanos, now.runs - previous.runs));
        put(sample, Figure.WAIT_MEDIAN, Figure.WAIT_P95, waitHistogram);
        put(sample, Figure.RUN_MEDIAN, Figure.RUN_P95, runHistogram);
        samples.add(second, sample);
        idleSeconds = open.isEmpty() && now.equals(previous) ? idleSeconds + 1 : 0;
        previous = now;
    }

    private static double mean(long nanos, long count) {
        return count == 0 ? Double.NaN : Samples.millis((double) nanos / count);
    }

    private static void put(
            Map<Figure, Double> sample, Figure median, Figure p95, @Nullable LatencyHistogram histogram) {
        Quantiles quantiles = histogram == null ? Quantiles.NONE : histogram.drain();
        sample.put(median, Samples.millis(quantiles.median()));
        sample.put(p95, Samples.millis(quantiles.p95()));
    }

    /** Returns the number of seconds without an open queue and an event. Confined to the sampler thread. */
    int idleSeconds() {
        return idleSeconds;
    }

    private record Sums(
            long waits,
            long waitNanos,
            long runs,
            long runNanos,
            long blockedNanos,
            long succeeded,
            long failed,
            long cancelled) {}
}
