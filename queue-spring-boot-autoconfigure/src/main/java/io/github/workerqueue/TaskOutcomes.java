package io.github.workerqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** What became of the tasks of one slot: their results, failures and counts. Only the thread of the slot writes; anyone may read. */
final class TaskOutcomes {

    private static final VarHandle RESULTS;

    static {
        try {
            RESULTS = MethodHandles.lookup().findVarHandle(TaskOutcomes.class, "results", ResultChunk.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    /** The class of the value that a Kotlin block without a result returns; by its name, as the loader may be any. */
    private static final String KOTLIN_UNIT = "kotlin.Unit";

    private final CurrentTask slot;

    final Tally tally = new Tally();

    private @Nullable ResultChunk results;

    /** What the present task failed with. */
    private @Nullable Throwable failure;

    TaskOutcomes(CurrentTask slot) {
        this.slot = slot;
    }

    /** Settles a task whose result is collected. */
    TaskDisposition settle(@Nullable Object result, @Nullable Throwable thrown, boolean cancelled) {
        if (cancelled) {
            return count(TaskDisposition.CANCELLED);
        }
        if (thrown != null) {
            return fail(thrown);
        }
        UnfinishedStageWarning.check(slot, result);
        return collect(result);
    }

    TaskDisposition count(TaskDisposition ending) {
        tally.increment(ending);
        return ending;
    }

    /** Collects a result, if it is one, which is a failure only if there is no memory left for it. */
    TaskDisposition collect(@Nullable Object result) {
        if (result != null && !result.getClass().getName().equals(KOTLIN_UNIT)) {
            try {
                ResultChunk before = results;
                ResultChunk now = ResultChunk.add(before, slot.ticket(), result);
                if (now != before) {
                    RESULTS.setRelease(this, now);
                }
            } catch (Throwable ex) {
                return fail(ex);
            }
        }
        return count(TaskDisposition.COMPLETED);
    }

    /** Hands a failure to the exception handler, unless the task runs again. */
    TaskDisposition fail(Throwable thrown) {
        Object task = slot.task();
        TaskDisposition ending = task instanceof QueuedTask job ? job.retry(slot, thrown) : TaskDisposition.FAILED;
        if (ending != TaskDisposition.FAILED) {
            return ending == TaskDisposition.CANCELLED ? count(ending) : ending;
        }
        recordFailure(thrown);
        callHandler(task, thrown);
        return TaskDisposition.FAILED;
    }

    /** Counts a failure that goes elsewhere. */
    TaskDisposition recordFailure(Throwable thrown) {
        failure = thrown;
        return count(TaskDisposition.FAILED);
    }

    /** What the present task failed with, for good. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** The present task is over. */
    void clearFailure() {
        failure = null;
    }

    /** The last chunk of the results, which knows those before it. */
    @Nullable
    ResultChunk results() {
        return (@Nullable ResultChunk) RESULTS.getAcquire(this);
    }

    /** Forgets the results. Only while the slots are frozen. */
    void clearResults() {
        RESULTS.setRelease(this, null);
    }

    /** Tells the exception handler; whatever it throws ends here. */
    private void callHandler(@Nullable Object task, Throwable thrown) {
        try {
            if (task instanceof QueuedTask job) {
                int attempts = Math.max(1, job.attempts());
                job.handle(() -> callHandler(task, thrown, attempts));
            } else {
                callHandler(task, thrown, 1);
            }
        } catch (Throwable ex) {
            String name = slot.engine.name;
            QueueLog.log(Level.ERROR, "Queue '{}': the exception handler failed for task {}", name, index(), ex);
            QueueLog.log(
                    Level.ERROR,
                    "Queue '{}': failure of task {} that the exception handler received",
                    name,
                    index(),
                    thrown);
        }
    }

    private void callHandler(@Nullable Object task, Throwable thrown, int attempts) {
        slot.engine.exceptionHandler.handle(
                new TaskFailure(slot.engine.name, index(), NamedTask.nameOf(task, index()), thrown, attempts));
    }

    /** The index of the present task. */
    long index() {
        return slot.engine.round.index(slot.ticket());
    }
}
