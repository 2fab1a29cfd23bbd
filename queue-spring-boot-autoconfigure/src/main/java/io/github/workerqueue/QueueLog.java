package io.github.workerqueue;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logger of the queues. */
final class QueueLog {

    /** Name of the logger, which is the name of the public type. */
    static final String NAME = "io.github.workerqueue.WorkerQueue";

    static final Logger logger = LoggerFactory.getLogger(NAME);

    private QueueLog() {}

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
