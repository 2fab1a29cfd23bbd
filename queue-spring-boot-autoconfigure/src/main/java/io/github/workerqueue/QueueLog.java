package io.github.workerqueue;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Tells the log of what went wrong, and never makes it worse: an exception may throw when it is asked for its message. */
final class QueueLog {

    private QueueLog() {}

    /** Logs; the last argument is the exception. Where it cannot be logged, its class is. */
    static void log(Level level, String message, @Nullable Object... arguments) {
        try {
            QueueEngine.logger.atLevel(level).log(message, arguments);
        } catch (Throwable ex) {
            logClass(level, message, arguments);
        }
    }

    private static void logClass(Level level, String message, @Nullable Object... arguments) {
        try {
            int last = arguments.length - 1;
            Object exception = arguments[last];
            arguments[last] = exception == null ? "null" : exception.getClass().getName();
            QueueEngine.logger.atLevel(level).log(message + ": {}, which cannot be logged itself", arguments);
        } catch (Throwable ex) {
            // nobody is left to tell
        }
    }
}
