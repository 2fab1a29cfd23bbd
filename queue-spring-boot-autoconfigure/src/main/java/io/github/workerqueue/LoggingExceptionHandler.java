package io.github.workerqueue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The default exception handler: a WARN with the stack trace. */
enum LoggingExceptionHandler implements QueueExceptionHandler {
    INSTANCE;

    private static final Logger logger = LoggerFactory.getLogger(WorkerQueue.class);

    @Override
    public void handle(TaskFailure failure) {
        boolean named = !failure.task().equals("task " + failure.index());
        logger.warn(
                "Queue '{}': task {}{} failed{}",
                failure.queue(),
                failure.index(),
                named ? " '" + failure.task() + "'" : "",
                failure.attempts() == 1 ? "" : " after " + failure.attempts() + " attempts",
                failure.exception());
    }
}
