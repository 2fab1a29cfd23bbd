package io.github.workerqueue.context;

import io.github.workerqueue.TaskScope;
import io.micrometer.context.ContextSnapshot;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Scope that restores the context of the producer for one task.
 *
 * @param snapshot the context at the time of the put
 */
record CarriedContext(ContextSnapshot snapshot) implements TaskScope {

    @Override
    public <R extends @Nullable Object> R call(Callable<R> task) throws Exception {
        return snapshot.wrap(task).call();
    }

    @Override
    public void handle(Runnable handler) {
        snapshot.wrap(handler).run();
    }
}
