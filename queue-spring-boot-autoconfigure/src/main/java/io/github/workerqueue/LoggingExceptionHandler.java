package io.github.workerqueue;

/** Default exception handler, which logs each failure as a warning with its stack trace. */
enum LoggingExceptionHandler implements QueueExceptionHandler {
    INSTANCE;

    @Override
    public void handle(TaskFailure failure) {
        QueueLog.logger.warn(
                "Queue '{}': {} failed{}",
                failure.queue(),
                TaskNames.withIndex(failure.index(), failure.task()),
                failure.attempts() == 1 ? "" : " after " + failure.attempts() + " attempts",
                failure.exception());
    }
}
