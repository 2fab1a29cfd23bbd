package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One end of a {@link Ring}: how far it got, and how far it last saw the other end, in a cache line that the two share with
 * nothing else. The padding stands in classes of its own, as the JVM never mixes the fields of a class with those of its
 * parents.
 */
final class Cursor extends CursorFields {

    private static final VarHandle INDEX;

    private static final VarHandle SEEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            INDEX = lookup.findVarHandle(CursorFields.class, "index", long.class);
            SEEN = lookup.findVarHandle(CursorFields.class, "seen", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    @SuppressWarnings("unused")
    private long after0, after1, after2, after3, after4, after5, after6, after7;

    long index() {
        return (long) INDEX.getVolatile(this);
    }

    boolean advance(long from) {
        return INDEX.compareAndSet(this, from, from + 1);
    }

    boolean replace(long from, long to) {
        return INDEX.compareAndSet(this, from, to);
    }

    void set(long bits) {
        INDEX.getAndBitwiseOr(this, bits);
    }

    void clear(long bits) {
        INDEX.getAndBitwiseAnd(this, ~bits);
    }

    /** The other end as last seen: never ahead of where it really is. */
    long seen() {
        return (long) SEEN.getAcquire(this);
    }

    void saw(long other) {
        SEEN.setRelease(this, other);
    }
}

abstract class CursorPadding {

    @SuppressWarnings("unused")
    private long before0, before1, before2, before3, before4, before5, before6, before7;
}

abstract class CursorFields extends CursorPadding {

    @SuppressWarnings("unused") // through a VarHandle
    long index;

    @SuppressWarnings("unused") // through a VarHandle
    long seen;
}
