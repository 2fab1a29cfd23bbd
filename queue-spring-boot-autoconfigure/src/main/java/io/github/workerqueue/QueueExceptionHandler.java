package io.github.workerqueue;

/**
 * Where the failures of a queue's tasks go: everything that a task throws reaches this handler, once, unless the task
 * was given to {@link WorkerQueue#submit submit}, whose future gets it. The default logs a WARN with the stack trace.
 *
 * <p>The handler runs on a thread of the queue, in the worker slot of the task that failed: while it runs, the slot is
 * taken and {@link WorkerQueue#join() join} waits. It may put into the queue, as a task may. It is never interrupted by a
 * cancel. What it throws is logged together with the failure that it was told of, and harms nothing.
 *
 * <p>The rule is that of Pyot's queue, whose {@code exception_handler} defaults to a warning in the log.
 */
@FunctionalInterface
public interface QueueExceptionHandler {

    /**
     * Takes one failure. May block, at the price of a worker slot.
     *
     * @param failure which task failed, and how
     */
    void handle(TaskFailure failure);
}
