package io.github.workerqueue;

/** The default handler of abandoned tasks: a WARN for each. */
enum LoggingAbandonedTaskHandler implements AbandonedTaskHandler {
    INSTANCE;

    @Override
    public void handle(AbandonedTask task) {
        QueueEngine.logger.warn(
                "Queue '{}': {} was abandoned {}",
                task.queue(),
                Names.ofTask(task.index(), task.task()),
                task.started() ? "after it started" : "before it started");
    }
}
