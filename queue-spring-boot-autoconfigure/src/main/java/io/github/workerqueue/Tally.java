package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How the tasks of one slot ended. Only the thread of the slot counts; anyone may read. */
final class Tally {

    private static final VarHandle SUCCEEDED;

    private static final VarHandle FAILED;

    private static final VarHandle CANCELLED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SUCCEEDED = lookup.findVarHandle(Tally.class, "succeeded", long.class);
            FAILED = lookup.findVarHandle(Tally.class, "failed", long.class);
            CANCELLED = lookup.findVarHandle(Tally.class, "cancelled", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private long succeeded;

    private long failed;

    private long cancelled;

    /** Who sees the count also sees where the task was before. */
    void count(Ending ending) {
        switch (ending) {
            case SUCCEEDED -> SUCCEEDED.setRelease(this, succeeded + 1);
            case FAILED -> FAILED.setRelease(this, failed + 1);
            case CANCELLED -> CANCELLED.setRelease(this, cancelled + 1);
            case RETRIED, HELD -> throw new IllegalArgumentException("ending must be a final one, but was " + ending);
        }
    }

    long succeeded() {
        return (long) SUCCEEDED.getAcquire(this);
    }

    long failed() {
        return (long) FAILED.getAcquire(this);
    }

    long cancelled() {
        return (long) CANCELLED.getAcquire(this);
    }

    long sum() {
        return succeeded() + failed() + cancelled();
    }
}
