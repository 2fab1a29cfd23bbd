package io.github.workerqueue;

/** Default handler of abandoned tasks, which logs a warning for each task. */
enum LoggingAbandonedTaskHandler implements AbandonedTaskHandler {
    INSTANCE;

    @Override
    public void handle(AbandonedTask task) {
        QueueLog.logger.warn(
                "Queue '{}': {} was abandoned {}",
                task.queue(),
                TaskNames.withIndex(task.index(), task.task()),
                task.started() ? "after it started" : "before it started");
    }
}
