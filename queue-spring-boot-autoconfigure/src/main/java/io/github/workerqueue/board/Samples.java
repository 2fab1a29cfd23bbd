package io.github.workerqueue.board;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Figures of one name in each of the last {@value #SIZE} seconds, in primitive arrays. A missing figure is NaN.
 * Thread-safe: one thread adds the samples, any thread reads them.
 */
final class Samples {

    /** Maximum number of samples, which is ten minutes. */
    static final int SIZE = 600;

    /** Figures of a sample. Times are in milliseconds. */
    enum Figure {
        DEPTH("depth"),
        MAXSIZE("maxsize"),
        ACTIVE("active"),
        WORKERS("workers"),
        SUCCEEDED("succeeded"),
        FAILED("failed"),
        CANCELLED("cancelled"),
        BLOCKED("blocked"),
        WAIT("wait"),
        RUN("run"),
        WAIT_MEDIAN("waitMedian"),
        WAIT_P95("waitP95"),
        RUN_MEDIAN("runMedian"),
        RUN_P95("runP95");

        private final String json;

        Figure(String json) {
            this.json = json;
        }
    }

    /** Ring of each figure, by the second modulo {@link #SIZE}. Guarded by this object. */
    private final Map<Figure, float[]> rings = new EnumMap<>(Figure.class);

    /** Guarded by this object. */
    private long newest;

    /** Guarded by this object. */
    private int size;

    Samples() {
        for (Figure figure : Figure.values()) {
            rings.put(figure, new float[SIZE]);
        }
    }

    /** Adds the sample of the second after the newest sample, or replaces the newest one. */
    synchronized void add(long second, Map<Figure, Double> sample) {
        int at = (int) (second % SIZE);
        rings.forEach((figure, ring) ->
                ring[at] = sample.getOrDefault(figure, Double.NaN).floatValue());
        size = second == newest ? size : Math.min(SIZE, size + 1);
        newest = second;
    }

    /** Returns a figure of the newest sample as a whole number; 0 if it is missing. */
    synchronized long newest(Figure figure) {
        float[] ring = Objects.requireNonNull(rings.get(figure));
        return (long) ring[(int) (newest % SIZE)]; // 0 for NaN, and before the first sample
    }

    /**
     * Returns the samples after a second, as in JSON: the number of the first sample, and a list for each figure. If
     * there are more than the given maximum, the newest ones are returned.
     */
    synchronized Map<String, Object> after(long since, int max) {
        int count = (int) Math.max(0, Math.min(Math.min(size, max), newest - since));
        long first = newest - count + 1;
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("first", first);
        rings.forEach((figure, ring) -> {
            List<@Nullable Number> list = new ArrayList<>(count);
            for (long second = first; second <= newest; second++) {
                list.add(number(ring[(int) (second % SIZE)]));
            }
            json.put(figure.json, list);
        });
        return json;
    }

    private static @Nullable Number number(float value) {
        if (Float.isNaN(value)) {
            return null;
        }
        long whole = (long) value;
        return whole == value ? (Number) whole : (Number) value;
    }

    /** Returns a time in milliseconds, rounded to at most three significant digits and to microseconds. */
    static double millis(double nanos) {
        if (Double.isNaN(nanos)) {
            return Double.NaN;
        }
        double millis = nanos / 1_000_000;
        double unit = Math.max(0.001, Math.pow(10, Math.floor(Math.log10(Math.max(millis, 0.001))) - 2));
        return Math.round(millis / unit) * unit;
    }
}
