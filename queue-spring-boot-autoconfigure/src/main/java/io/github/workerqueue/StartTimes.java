package io.github.workerqueue;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Times of starts, oldest first, in chunks of at most 4 kB that are released one by one. Not thread-safe. */
final class StartTimes {

    private static final int FIRST_CAPACITY = 4;

    private static final int MAX_CAPACITY = 512;

    private @Nullable Chunk first;

    private @Nullable Chunk last;

    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(long time) {
        Chunk chunk = last;
        if (chunk == null || chunk.to == chunk.times.length) {
            Chunk next = new Chunk(Math.max(FIRST_CAPACITY, Math.min(size, MAX_CAPACITY)));
            if (chunk == null) {
                first = next;
            } else {
                chunk.next = next;
            }
            last = next;
            chunk = next;
        }
        chunk.times[chunk.to++] = time;
        size++;
    }

    /** Returns the oldest time. Call this method only if there is one. */
    long oldest() {
        Chunk chunk = Objects.requireNonNull(first);
        return chunk.times[chunk.from];
    }

    /** Returns the newest time. Call this method only if there is one. */
    long newest() {
        Chunk chunk = Objects.requireNonNull(last);
        return chunk.times[chunk.to - 1];
    }

    /** Removes the oldest time. Call this method only if there is one. */
    void removeOldest() {
        Chunk chunk = Objects.requireNonNull(first);
        chunk.from++;
        size--;
        if (size == 0) {
            first = null;
            last = null;
        } else if (chunk.from == chunk.times.length) {
            first = chunk.next;
        }
    }

    private static final class Chunk {

        private final long[] times;

        private int from;

        private int to;

        private @Nullable Chunk next;

        Chunk(int capacity) {
            this.times = new long[capacity];
        }
    }
}
