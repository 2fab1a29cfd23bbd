package io.github.workerqueue.board;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Histogram of times, for the median and the 95th percentile of one second. A quantile is accurate to about 3 %, or to
 * a microsecond. Thread-safe: any thread records, one thread drains.
 */
final class LatencyHistogram {

    /*
     * Each power of two has 16 buckets, in units of 1,024 ns. The first 16 buckets are exact. A time of u units, with
     * its highest bit at position e, is in the bucket that the four bits below this bit select.
     *
     * Draining sets each bucket to zero with an atomic exchange. A time recorded meanwhile is counted in this second or
     * in the next one, and never lost.
     */

    private static final int SUB_BITS = 4;

    private static final int SUB_BUCKETS = 1 << SUB_BITS;

    private static final int UNIT_BITS = 10;

    static final int BUCKETS = bucket(Long.MAX_VALUE) + 1;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(BUCKETS);

    void record(long nanos) {
        counts.getAndIncrement(bucket(Math.max(0, nanos)));
    }

    /** Returns the quantiles of the times since the last call, and removes these times. */
    Quantiles drain() {
        int[] drained = new int[BUCKETS];
        long total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            if (counts.get(i) != 0) {
                drained[i] = counts.getAndSet(i, 0);
                total += drained[i];
            }
        }
        return total == 0
                ? Quantiles.NONE
                : new Quantiles(total, quantile(drained, (total + 1) / 2), quantile(drained, total - total / 20));
    }

    private static double quantile(int[] drained, long rank) {
        long seen = 0;
        int bucket = 0;
        while (true) {
            seen += drained[bucket];
            if (seen >= rank) {
                return middle(bucket);
            }
            bucket++;
        }
    }

    private static int bucket(long nanos) {
        long units = nanos >>> UNIT_BITS;
        if (units < SUB_BUCKETS) {
            return (int) units;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(units) - SUB_BITS;
        return ((shift + 1) << SUB_BITS) + (int) (units >>> shift) - SUB_BUCKETS;
    }

    private static double middle(int bucket) {
        int shift = Math.max(0, (bucket >> SUB_BITS) - 1);
        long low = bucket < SUB_BUCKETS ? bucket : (long) (SUB_BUCKETS + (bucket & (SUB_BUCKETS - 1))) << shift;
        return (low + (1L << shift) / 2.0) * (1 << UNIT_BITS);
    }

    /**
     * Quantiles of the times of one second.
     *
     * @param count the number of times
     * @param median the median in nanoseconds; NaN without times
     * @param p95 the 95th percentile in nanoseconds; NaN without times
     */
    record Quantiles(long count, double median, double p95) {

        static final Quantiles NONE = new Quantiles(0, Double.NaN, Double.NaN);
    }
}
