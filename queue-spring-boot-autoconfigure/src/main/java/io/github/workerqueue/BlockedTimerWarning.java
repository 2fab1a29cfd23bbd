package io.github.workerqueue;

import io.github.workerqueue.LogOnce.Notice;
import org.slf4j.event.Level;

/** Warning about a put that blocks the JDK thread for the delays and timeouts of all completable futures. */
final class BlockedTimerWarning {

    /** Name of the thread up to JDK 24. */
    private static final String DELAYER = "CompletableFutureDelayScheduler";

    /** Suffix of the name from JDK 25 on, where the thread belongs to a fork-join pool. */
    private static final String SCHEDULER_OF_POOL = "-delayScheduler";

    private BlockedTimerWarning() {}

    /** Logs a warning, once per queue name, if the current thread is that thread. Call this method before a wait. */
    static void check(QueueContext context) {
        String thread = Thread.currentThread().getName();
        if ((thread.equals(DELAYER) || thread.endsWith(SCHEDULER_OF_POOL))
                && context.group.logOnce.isDue(Notice.BLOCKED_TIMER, context.name)) {
            QueueLog.log(
                    Level.WARN,
                    "Queue '{}': the full queue blocks thread '{}', which runs the delays and timeouts of all "
                            + "CompletableFutures in this JVM; put from an executor whose threads may block",
                    context.name,
                    thread);
        }
    }
}
