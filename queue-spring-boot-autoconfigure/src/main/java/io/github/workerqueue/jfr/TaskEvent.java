package io.github.workerqueue.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** Event of one task of a worker queue, from its first start to its end. */
@Name(JfrTasks.EVENT)
@Label("Worker Queue Task")
@Category("Worker Queue")
@Description("A task of a worker queue, from its first start to its end")
@Enabled(false)
@StackTrace(false)
final class TaskEvent extends Event {

    /** Event that is never committed, so that {@link #isWanted()} allocates nothing. */
    private static final TaskEvent ANY = new TaskEvent();

    @Label("Queue")
    @Nullable
    String queue;

    @Label("Task")
    @Nullable
    String task;

    @Label("Wait")
    @Description("Time from the call of put to the first start, or to the end of a task that never started")
    @Timespan
    long wait;

    @Label("Run")
    @Description("Time that the attempts took together, their stages included")
    @Timespan
    long run;

    @Label("Attempts")
    @Description("How often the task ran")
    int attempts;

    @Label("Outcome")
    @Description("success, failure or cancelled")
    @Nullable
    String outcome;

    static boolean isWanted() {
        return ANY.isEnabled();
    }
}
