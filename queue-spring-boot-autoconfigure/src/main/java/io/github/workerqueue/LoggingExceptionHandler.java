package io.github.workerqueue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The default exception handler: a WARN with the stack trace. */
enum LoggingExceptionHandler implements QueueExceptionHandler {
    INSTANCE;

    private static final Logger logger = LoggerFactory.getLogger(WorkerQueue.class);

    @Override
    public void handle(TaskFailure failure) {
        logger.warn(
                "Queue '{}': {} failed{}",
                failure.queue(),
                Names.ofTask(failure.index(), failure.task()),
                failure.attempts() == 1 ? "" : " after " + failure.attempts() + " attempts",
                failure.exception());
    }
}
