package io.github.workerqueue;

/** A task without a result: a {@link Runnable} that may throw. */
@FunctionalInterface
public interface TaskAction {

    /**
     * Does the work, on a thread of the queue. May block, and is interrupted by a cancel.
     *
     * @throws Exception whatever goes wrong; it reaches the exception handler of the queue
     */
    void run() throws Exception;
}
