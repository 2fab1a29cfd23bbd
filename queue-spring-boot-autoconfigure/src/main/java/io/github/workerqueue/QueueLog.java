package io.github.workerqueue;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logger of the queues, and the handlers that log by default. */
final class QueueLog {

    /** Name of the logger, which is the name of the public type. */
    static final String NAME = "io.github.workerqueue.WorkerQueue";

    static final Logger logger = LoggerFactory.getLogger(NAME);

    private QueueLog() {}

    /** Logs a failure as a warning with its stack trace: the default exception handler. */
    static void logFailure(TaskFailure failure) {
        logger.warn(
                "Queue '{}': {} failed{}",
                failure.queue(),
                TaskNames.withIndex(failure.index(), failure.task()),
                failure.attempts() == 1 ? "" : " after " + failure.attempts() + " attempts",
                failure.exception());
    }

    /** Logs an abandoned task as a warning: the default handler of abandoned tasks. */
    static void logAbandoned(AbandonedTask task) {
        logger.warn(
                "Queue '{}': {} was abandoned {}",
                task.queue(),
                TaskNames.withIndex(task.index(), task.task()),
                task.started() ? "after it started" : "before it started");
    }

    /**
     * Logs a message. The last argument may be an exception of user code. If it cannot be logged, because its own
     * methods throw, this method logs its class.
     */
    static void log(Level level, String message, @Nullable Object... arguments) {
        try {
            logger.atLevel(level).log(message, arguments);
        } catch (Throwable ex) {
            logClass(level, message, arguments);
        }
    }

    private static void logClass(Level level, String message, @Nullable Object... arguments) {
        try {
            int last = arguments.length - 1;
            Object exception = arguments[last];
            arguments[last] = exception == null ? "null" : exception.getClass().getName();
            logger.atLevel(level).log(message + ": {}, which cannot be logged itself", arguments);
        } catch (Throwable ex) {
            // the log itself fails
        }
    }
}
