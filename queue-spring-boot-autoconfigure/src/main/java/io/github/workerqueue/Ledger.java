package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** What became of the tasks of one slot: their results, failures and counts. Only the thread of the slot writes; anyone may read. */
final class Ledger {

    private static final VarHandle RESULTS;

    static {
        try {
            RESULTS = MethodHandles.lookup().findVarHandle(Ledger.class, "results", Results.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    /** The class of the value that a Kotlin block without a result returns; by its name, as the loader may be any. */
    private static final String KOTLIN_UNIT = "kotlin.Unit";

    private final Occupancy slot;

    final Tally tally = new Tally();

    private @Nullable Results results;

    /** What the present task failed with. */
    private @Nullable Throwable failure;

    Ledger(Occupancy slot) {
        this.slot = slot;
    }

    /** Settles a task whose result is collected. */
    Ending settle(@Nullable Object result, @Nullable Throwable thrown, boolean cancelled) {
        if (cancelled) {
            return count(Ending.CANCELLED);
        }
        if (thrown != null) {
            return fail(thrown);
        }
        UnfinishedStage.check(slot, result);
        return collect(result);
    }

    Ending count(Ending ending) {
        tally.count(ending);
        return ending;
    }

    /** Collects a result, if it is one, which is a failure only if there is no memory left for it. */
    Ending collect(@Nullable Object result) {
        if (result != null && !result.getClass().getName().equals(KOTLIN_UNIT)) {
            try {
                Results before = results;
                Results now = Results.add(before, slot.ticket(), result);
                if (now != before) {
                    RESULTS.setRelease(this, now);
                }
            } catch (Throwable ex) {
                return fail(ex);
            }
        }
        return count(Ending.SUCCEEDED);
    }

    /** Hands a failure to the exception handler, unless the task runs again. */
    Ending fail(Throwable thrown) {
        Object task = slot.task();
        Ending ending = task instanceof Job job ? job.retry(slot, thrown) : Ending.FAILED;
        if (ending != Ending.FAILED) {
            return ending == Ending.CANCELLED ? count(ending) : ending;
        }
        failed(thrown);
        handle(task, thrown);
        return Ending.FAILED;
    }

    /** Counts a failure that goes elsewhere. */
    Ending failed(Throwable thrown) {
        failure = thrown;
        return count(Ending.FAILED);
    }

    /** What the present task failed with, for good. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** The present task is over. */
    void next() {
        failure = null;
    }

    /** The last chunk of the results, which knows those before it. */
    @Nullable
    Results results() {
        return (@Nullable Results) RESULTS.getAcquire(this);
    }

    /** Forgets the results. Only while the slots are frozen. */
    void clearResults() {
        RESULTS.setRelease(this, null);
    }

    /** Tells the exception handler; whatever it throws ends here. */
    private void handle(@Nullable Object task, Throwable thrown) {
        try {
            if (task instanceof Job job) {
                int attempts = Math.max(1, job.attempts());
                job.handle(() -> handle(task, thrown, attempts));
            } else {
                handle(task, thrown, 1);
            }
        } catch (Throwable ex) {
            String name = slot.engine.name;
            SafeLogger.log(Level.ERROR, "Queue '{}': the exception handler failed for task {}", name, index(), ex);
            SafeLogger.log(
                    Level.ERROR,
                    "Queue '{}': failure of task {} that the exception handler received",
                    name,
                    index(),
                    thrown);
        }
    }

    private void handle(@Nullable Object task, Throwable thrown, int attempts) {
        slot.engine.exceptionHandler.handle(
                new TaskFailure(slot.engine.name, index(), NamedTask.nameOf(task, index()), thrown, attempts));
    }

    /** The index of the present task. */
    long index() {
        return slot.engine.rounds.index(slot.ticket());
    }
}
