package io.github.workerqueue;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Lines that a factory logs once per queue name, for up to 100 names: queues may be opened per request. */
final class LogOnce {

    private enum Line {
        UNCONFIGURED_NAME,
        UNJOINED_RESULTS,
        UNFINISHED_STAGE,
        BLOCKED_TIMER,
        FAILED_RESOLVER
    }

    private static final int MAX_NAMES = 100;

    private static final Logger asyncLogger = LoggerFactory.getLogger(QueueLog.NAME + ".async");

    /** Name of the JDK thread for the delays and timeouts of all completable futures, up to JDK 24. */
    private static final String DELAYER = "CompletableFutureDelayScheduler";

    /** Suffix of the name from JDK 25 on, where the thread belongs to a fork-join pool. */
    private static final String SCHEDULER_OF_POOL = "-delayScheduler";

    /** Names for which a line was logged. */
    private final Map<Line, Set<String>> logged = new ConcurrentHashMap<>();

    /** Logs that a queue was opened with a name without settings. */
    void logUnconfiguredName(String name, Supplier<String> configuredNames) {
        if (isDue(Line.UNCONFIGURED_NAME, name)) {
            QueueLog.logger.info(
                    "Queue '{}': uses the default settings, since its name has none; the names with settings are {}",
                    name,
                    configuredNames.get());
        }
    }

    /** Logs that a queue was closed with results that no join has returned. */
    void logUnjoinedResults(String name, long results) {
        if (isDue(Line.UNJOINED_RESULTS, name)) {
            QueueLog.log(
                    Level.INFO,
                    "Queue '{}': closed with {} that no join has returned; join() still returns them, "
                            + "and execute() collects no results",
                    name,
                    Counts.of(results, "result"));
        }
    }

    /** Warns of a task whose result is a stage that is not done. The queue waits for stages only after putAsync. */
    void warnOfUnfinishedStage(String name, @Nullable Object source, long index, CompletionStage<?> stage) {
        try {
            if (asyncLogger.isWarnEnabled()
                    && !stage.toCompletableFuture().isDone()
                    && isDue(Line.UNFINISHED_STAGE, name)) {
                asyncLogger.warn(
                        "Queue '{}': {} returned an incomplete stage ({}). The queue neither waits for it "
                                + "nor handles its failure; put such tasks with putAsync, or switch this logger off",
                        name,
                        TaskNames.quotedNameOf(source, index),
                        stage.getClass().getName());
            }
        } catch (Throwable ex) {
            // an exception of the stage or of the logger does not concern the task
        }
    }

    /**
     * Warns of a put that blocks the JDK thread for the delays and timeouts of all completable futures, if the current
     * thread is that thread. Call this method before a wait.
     */
    void warnOfBlockedTimer(String name) {
        String thread = Thread.currentThread().getName();
        if ((thread.equals(DELAYER) || thread.endsWith(SCHEDULER_OF_POOL)) && isDue(Line.BLOCKED_TIMER, name)) {
            QueueLog.log(
                    Level.WARN,
                    "Queue '{}': the full queue blocks thread '{}', which runs the delays and timeouts of all "
                            + "CompletableFutures in this JVM; put from an executor whose threads may block",
                    name,
                    thread);
        }
    }

    /** Warns of an exception of a {@link RetryAfterResolver}. */
    void warnOfFailedResolver(String name, Throwable exception) {
        if (isDue(Line.FAILED_RESOLVER, name)) {
            QueueLog.log(
                    Level.WARN,
                    "Queue '{}': a RetryAfterResolver failed and counts as null; further failures are not logged",
                    name,
                    exception);
        }
    }

    /** Whether a line should be logged for a name. Returns true at most once per name. */
    private boolean isDue(Line line, String name) {
        Set<String> names = logged.computeIfAbsent(line, unused -> ConcurrentHashMap.newKeySet());
        return names.size() < MAX_NAMES && names.add(name);
    }
}
