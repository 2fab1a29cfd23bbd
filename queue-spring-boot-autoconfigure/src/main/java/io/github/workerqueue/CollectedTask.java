package io.github.workerqueue;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A task whose result is collected, and that is surrounded by something. */
final class CollectedTask extends QueuedTask {

    private final Callable<? extends @Nullable Object> task;

    CollectedTask(
            Callable<? extends @Nullable Object> task, @Nullable Object source, @Nullable TaskExecution surroundings) {
        super(source, surroundings);
        this.task = task;
    }

    @Override
    @Nullable
    Object run() throws Exception {
        return task.call();
    }

    @Override
    TaskDisposition settle(WorkerSlot slot, @Nullable Object result, @Nullable Throwable failure, boolean cancelled) {
        return slot.outcomes.settle(result, failure, cancelled);
    }
}
