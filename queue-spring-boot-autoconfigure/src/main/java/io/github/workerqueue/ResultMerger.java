package io.github.workerqueue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merger of the results of all worker slots into one list. */
final class ResultMerger {

    /** Number of tickets per result from which sorting is cheaper than an array with a cell for each ticket. */
    private static final int SPARSE = 8;

    private static final long MAX_LAID_OUT = 1 << 30;

    private final List<Part> parts = new ArrayList<>();

    private int count;

    /** Adds the results of one slot. */
    void add(@Nullable ResultChunk last) {
        for (ResultChunk chunk = last; chunk != null; chunk = chunk.before()) {
            int size = chunk.size();
            parts.add(new Part(chunk, size));
            count = Math.addExact(count, size);
        }
    }

    /** Returns the results in submission order, as an unmodifiable list with random access. */
    List<Object> inOrder() {
        long lowest = Long.MAX_VALUE;
        long highest = Long.MIN_VALUE;
        for (Part part : parts) {
            for (int i = 0; i < part.size; i++) {
                long index = part.chunk.ticket(i);
                lowest = Math.min(lowest, index);
                highest = Math.max(highest, index);
            }
        }
        Object[] values;
        if (count == 0) {
            values = new Object[0];
        } else if (highest - lowest < Math.min((long) count * SPARSE, MAX_LAID_OUT)) {
            values = layOut(lowest, (int) (highest - lowest + 1));
        } else {
            values = sort();
        }
        return Collections.unmodifiableList(Arrays.asList(values));
    }

    /** Returns the first result of another type; null if there is none. */
    @Nullable
    Entry firstOtherThan(Class<?> type) {
        Entry first = null;
        for (Part part : parts) {
            for (int i = 0; i < part.size; i++) {
                boolean earlier = first == null || part.chunk.ticket(i) < first.index;
                if (earlier && !type.isInstance(part.chunk.value(i))) {
                    first = part.entry(i);
                }
            }
        }
        return first;
    }

    private Object[] layOut(long lowest, int range) {
        @Nullable Object[] byIndex = new Object[range];
        for (Part part : parts) {
            for (int i = 0; i < part.size; i++) {
                byIndex[(int) (part.chunk.ticket(i) - lowest)] = part.chunk.value(i);
            }
        }
        return withoutGaps(byIndex);
    }

    @SuppressWarnings("NullAway") // no null remains
    private Object[] withoutGaps(@Nullable Object[] values) {
        if (count == values.length) {
            return values;
        }
        int end = 0;
        for (Object value : values) {
            if (value != null) {
                values[end++] = value;
            }
        }
        return Arrays.copyOf(values, count);
    }

    private Object[] sort() {
        List<Entry> entries = new ArrayList<>(count);
        for (Part part : parts) {
            for (int i = 0; i < part.size; i++) {
                entries.add(part.entry(i));
            }
        }
        entries.sort(null);
        return entries.stream().map(Entry::value).toArray();
    }

    /**
     * Result of a task.
     *
     * @param index the ticket of the task
     * @param value the result itself
     */
    record Entry(long index, Object value) implements Comparable<Entry> {

        @Override
        public int compareTo(Entry other) {
            return Long.compare(index, other.index);
        }
    }

    private record Part(ResultChunk chunk, int size) {

        Entry entry(int i) {
            return new Entry(chunk.ticket(i), chunk.value(i));
        }
    }
}
