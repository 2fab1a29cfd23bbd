package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Cursor at one end of a {@link Ring}, with the position of the other end as last seen. Padding against false sharing
 * keeps both alone on their cache line. It is declared in separate classes, as the JVM never mixes the fields of a
 * class with those of its superclass.
 */
final class RingCursor extends RingCursorFields {

    private static final VarHandle WORD;

    private static final VarHandle LAST_SEEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WORD = lookup.findVarHandle(RingCursorFields.class, "word", long.class);
            LAST_SEEN = lookup.findVarHandle(RingCursorFields.class, "lastSeen", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    @SuppressWarnings("unused")
    private long after0, after1, after2, after3, after4, after5, after6, after7;

    long word() {
        return (long) WORD.getVolatile(this);
    }

    boolean tryIncrement(long from) {
        return WORD.compareAndSet(this, from, from + 1);
    }

    boolean compareAndSet(long from, long to) {
        return WORD.compareAndSet(this, from, to);
    }

    void set(long bits) {
        WORD.getAndBitwiseOr(this, bits);
    }

    void clear(long bits) {
        WORD.getAndBitwiseAnd(this, ~bits);
    }

    /** Returns the other end as last seen, which is never ahead of its actual position. */
    long lastSeen() {
        return (long) LAST_SEEN.getAcquire(this);
    }

    void setLastSeen(long other) {
        LAST_SEEN.setRelease(this, other);
    }
}

abstract class RingCursorPadding {

    @SuppressWarnings("unused")
    private long before0, before1, before2, before3, before4, before5, before6, before7;
}

abstract class RingCursorFields extends RingCursorPadding {

    @SuppressWarnings("unused") // through a VarHandle
    long word;

    @SuppressWarnings("unused") // through a VarHandle
    long lastSeen;
}
