package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How the tasks of one slot ended. Only the thread of the slot counts; anyone may read. */
final class Tally {

    private static final VarHandle COMPLETED;

    private static final VarHandle FAILED;

    private static final VarHandle CANCELLED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            COMPLETED = lookup.findVarHandle(Tally.class, "completed", long.class);
            FAILED = lookup.findVarHandle(Tally.class, "failed", long.class);
            CANCELLED = lookup.findVarHandle(Tally.class, "cancelled", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private long completed;

    private long failed;

    private long cancelled;

    /** Who sees the count also sees where the task was before. */
    void increment(TaskDisposition ending) {
        switch (ending) {
            case COMPLETED -> COMPLETED.setRelease(this, completed + 1);
            case FAILED -> FAILED.setRelease(this, failed + 1);
            case CANCELLED -> CANCELLED.setRelease(this, cancelled + 1);
            case RETRIED, SUSPENDED ->
                throw new IllegalArgumentException("ending must be a final one, but was " + ending);
        }
    }

    long completed() {
        return (long) COMPLETED.getAcquire(this);
    }

    long failed() {
        return (long) FAILED.getAcquire(this);
    }

    long cancelled() {
        return (long) CANCELLED.getAcquire(this);
    }

    long total() {
        return completed() + failed() + cancelled();
    }
}
