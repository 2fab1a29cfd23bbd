package io.github.workerqueue;

/** The default handler of abandoned tasks: a WARN for each. */
enum LoggingAbandonedTaskHandler implements AbandonedTaskHandler {
    INSTANCE;

    @Override
    public void handle(AbandonedTask task) {
        Engine.logger.warn(
                "Queue '{}': task {} '{}' was abandoned {}",
                task.queue(),
                task.index(),
                task.task(),
                task.started() ? "while it ran" : "before it started");
    }
}
