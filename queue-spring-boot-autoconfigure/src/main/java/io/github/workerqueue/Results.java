package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of the results that one slot collected, and the chunks before it. Only the slot's own thread adds; anyone may read
 * what the size covers. A result costs a reference and four bytes for its index.
 */
final class Results {

    private static final VarHandle SIZE;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(Results.class, "size", int.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private static final int FIRST_CAPACITY = 8;

    private static final int MAX_CAPACITY = 4096;

    /** Beyond this many indices for each result, sorting them is cheaper than laying them out. */
    private static final int SPARSE = 8;

    private final @Nullable Results before;

    private final long base;

    private final int[] offsets;

    private final Object[] values;

    @SuppressWarnings("unused") // through a VarHandle
    private int size;

    private Results(@Nullable Results before, long base, int capacity) {
        this.before = before;
        this.base = base;
        this.offsets = new int[capacity];
        this.values = new Object[capacity];
    }

    /** Adds a result and returns the chunk that holds it now. */
    static Results add(@Nullable Results last, long index, Object value) {
        Results chunk = last;
        if (chunk == null) {
            chunk = new Results(null, index, FIRST_CAPACITY);
        } else if (chunk.size == chunk.values.length || chunk.isBeyond(index)) {
            chunk = new Results(chunk, index, Math.min(chunk.values.length * 2, MAX_CAPACITY));
        }
        int end = chunk.size;
        chunk.offsets[end] = (int) (index - chunk.base);
        chunk.values[end] = value;
        SIZE.setRelease(chunk, end + 1);
        return chunk;
    }

    /** How many results a chunk and those before it hold. */
    static long count(@Nullable Results last) {
        long count = 0;
        for (Results chunk = last; chunk != null; chunk = chunk.before) {
            count += (int) SIZE.getAcquire(chunk);
        }
        return count;
    }

    /** Merges what the slots collected, in the order of the indices. */
    static Merged merge(List<Results> lasts) {
        List<Results> chunks = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        int count = 0;
        long lowest = Long.MAX_VALUE;
        long highest = Long.MIN_VALUE;
        for (Results last : lasts) {
            for (Results chunk = last; chunk != null; chunk = chunk.before) {
                int size = (int) SIZE.getAcquire(chunk);
                chunks.add(chunk);
                sizes.add(size);
                count = Math.addExact(count, size);
                for (int i = 0; i < size; i++) {
                    lowest = Math.min(lowest, chunk.base + chunk.offsets[i]);
                    highest = Math.max(highest, chunk.base + chunk.offsets[i]);
                }
            }
        }
        Merged merged = new Merged(new Object[count], new long[count]);
        if (count == 0) {
            return merged;
        }
        return highest - lowest < (long) count * SPARSE
                ? layOut(chunks, sizes, lowest, (int) (highest - lowest + 1), merged)
                : sort(chunks, sizes, merged);
    }

    private static Merged layOut(List<Results> chunks, List<Integer> sizes, long lowest, int range, Merged merged) {
        @Nullable Object[] byIndex = new Object[range];
        for (int c = 0; c < chunks.size(); c++) {
            Results chunk = chunks.get(c);
            for (int i = 0; i < sizes.get(c); i++) {
                byIndex[(int) (chunk.base + chunk.offsets[i] - lowest)] = chunk.values[i];
            }
        }
        int end = 0;
        for (int i = 0; i < range; i++) {
            Object value = byIndex[i];
            if (value != null) {
                merged.values[end] = value;
                merged.indices[end++] = lowest + i;
            }
        }
        return merged;
    }

    private static Merged sort(List<Results> chunks, List<Integer> sizes, Merged merged) {
        List<Entry> entries = new ArrayList<>(merged.values.length);
        for (int c = 0; c < chunks.size(); c++) {
            Results chunk = chunks.get(c);
            for (int i = 0; i < sizes.get(c); i++) {
                entries.add(new Entry(chunk.base + chunk.offsets[i], chunk.values[i]));
            }
        }
        entries.sort(null);
        for (int i = 0; i < entries.size(); i++) {
            merged.values[i] = entries.get(i).value;
            merged.indices[i] = entries.get(i).index;
        }
        return merged;
    }

    private boolean isBeyond(long index) {
        return (int) (index - base) != index - base;
    }

    private record Entry(long index, Object value) implements Comparable<Entry> {

        @Override
        public int compareTo(Entry other) {
            return Long.compare(index, other.index);
        }
    }

    /**
     * The results in put order.
     *
     * @param values the results
     * @param indices the ticket of each
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Merged(Object[] values, long[] indices) {

        List<Object> list() {
            return Collections.unmodifiableList(Arrays.asList(values));
        }
    }
}
