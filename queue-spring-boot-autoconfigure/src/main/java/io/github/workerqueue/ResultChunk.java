package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Chunk of the results of one worker slot, linked to the chunks before it. Only the thread of the slot adds results.
 * Any thread may read the results below {@link #size()}. A result takes a reference, and four bytes for its ticket.
 */
final class ResultChunk {

    private static final VarHandle SIZE;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(ResultChunk.class, "size", int.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private static final int FIRST_CAPACITY = 8;

    private static final int MAX_CAPACITY = 4096;

    private final @Nullable ResultChunk before;

    private final long base;

    private final int[] offsets;

    private final Object[] values;

    /** Number of results. Its release publishes the results below it. */
    @SuppressWarnings("unused") // through a VarHandle
    private int size;

    private ResultChunk(@Nullable ResultChunk before, long base, int capacity) {
        this.before = before;
        this.base = base;
        this.offsets = new int[capacity];
        this.values = new Object[capacity];
    }

    /** Adds a result. Returns the chunk that holds it. */
    static ResultChunk add(@Nullable ResultChunk last, long index, Object value) {
        ResultChunk chunk = last;
        if (chunk == null) {
            chunk = new ResultChunk(null, index, FIRST_CAPACITY);
        } else if (chunk.size == chunk.values.length || chunk.isBeyond(index)) {
            chunk = new ResultChunk(chunk, index, Math.min(chunk.values.length * 2, MAX_CAPACITY));
        }
        int end = chunk.size;
        chunk.offsets[end] = (int) (index - chunk.base);
        chunk.values[end] = value;
        SIZE.setRelease(chunk, end + 1);
        return chunk;
    }

    /** Returns the number of results in a chunk and those before it. */
    static long count(@Nullable ResultChunk last) {
        long count = 0;
        for (ResultChunk chunk = last; chunk != null; chunk = chunk.before) {
            count += chunk.size();
        }
        return count;
    }

    @Nullable
    ResultChunk before() {
        return before;
    }

    int size() {
        return (int) SIZE.getAcquire(this);
    }

    /** Returns the ticket of the i-th result of this chunk. */
    long ticket(int i) {
        return base + offsets[i];
    }

    Object value(int i) {
        return values[i];
    }

    private boolean isBeyond(long index) {
        return (int) (index - base) != index - base;
    }
}
