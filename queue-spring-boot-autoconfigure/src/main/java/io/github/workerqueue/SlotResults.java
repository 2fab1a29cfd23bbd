package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The results that one slot collected. Only the thread of the slot adds; anyone may read. */
final class SlotResults {

    private static final VarHandle LAST;

    static {
        try {
            LAST = MethodHandles.lookup().findVarHandle(SlotResults.class, "last", Results.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private @Nullable Results last;

    void add(long ticket, Object result) {
        Results before = last;
        Results now = Results.add(before, ticket, result);
        if (now != before) {
            LAST.setRelease(this, now);
        }
    }

    /** The last chunk, which knows those before it. */
    @Nullable
    Results last() {
        return (@Nullable Results) LAST.getAcquire(this);
    }

    /** Forgets them. Only while the slots are frozen. */
    void clear() {
        LAST.setRelease(this, null);
    }
}
