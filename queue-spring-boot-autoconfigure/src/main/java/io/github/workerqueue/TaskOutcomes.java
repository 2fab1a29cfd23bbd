package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Results and counters of the tasks that ended on one worker slot. Its thread is the only writer. Any thread may read.
 */
final class TaskOutcomes {

    private static final VarHandle RESULTS;

    private static final VarHandle COMPLETED;

    private static final VarHandle FAILED;

    private static final VarHandle CANCELLED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RESULTS = lookup.findVarHandle(TaskOutcomes.class, "results", ResultChunk.class);
            COMPLETED = lookup.findVarHandle(TaskOutcomes.class, "completed", long.class);
            FAILED = lookup.findVarHandle(TaskOutcomes.class, "failed", long.class);
            CANCELLED = lookup.findVarHandle(TaskOutcomes.class, "cancelled", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    /** Class of the value that a Kotlin block without a result returns; by its name, as any loader may define it. */
    private static final String KOTLIN_UNIT = "kotlin.Unit";

    private @Nullable ResultChunk results;

    private long completed;

    private long failed;

    private long cancelled;

    /** Keeps the value of a task for the join, unless it is not a result. */
    void collect(long ticket, @Nullable Object value) {
        if (value != null && !value.getClass().getName().equals(KOTLIN_UNIT)) {
            ResultChunk before = results;
            ResultChunk now = ResultChunk.add(before, ticket, value);
            if (now != before) {
                RESULTS.setRelease(this, now);
            }
        }
    }

    /**
     * Counts a task that has ended. A thread that reads the new count also sees that the task has left its interrupt
     * window and its stage.
     */
    void count(TaskDisposition disposition) {
        switch (disposition) {
            case COMPLETED -> COMPLETED.setRelease(this, completed + 1);
            case FAILED -> FAILED.setRelease(this, failed + 1);
            case CANCELLED -> CANCELLED.setRelease(this, cancelled + 1);
            case RETRIED, SUSPENDED ->
                throw new IllegalArgumentException("disposition must be a final one, but was " + disposition);
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

    /** Returns the number of tasks that have ended. */
    long total() {
        return completed() + failed() + cancelled();
    }

    /** Returns the last chunk of the results, which refers to those before it; null if there are no results. */
    @Nullable
    ResultChunk results() {
        return (@Nullable ResultChunk) RESULTS.getAcquire(this);
    }

    /** Forgets the results. Call this method only while the worker slots are frozen. */
    void clearResults() {
        RESULTS.setRelease(this, null);
    }
}
