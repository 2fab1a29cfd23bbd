package io.github.workerqueue.observation;

import io.github.workerqueue.QueueListener.Outcome;
import io.github.workerqueue.TaskScope;
import io.micrometer.observation.Observation;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Scope of one task and its observation, which starts with the first attempt. */
final class ObservedTask implements TaskScope {

    private final Observation observation;

    private final QueueTaskObservationContext context;

    ObservedTask(Observation observation, QueueTaskObservationContext context) {
        this.observation = observation;
        this.context = context;
    }

    @Override
    public <R extends @Nullable Object> R call(Callable<R> task) throws Exception {
        context.setAttempts(context.getAttempts() + 1);
        if (context.getAttempts() == 1) {
            observation.start();
        }
        Observation.Scope scope = observation.openScope();
        try {
            return task.call();
        } finally {
            scope.close();
        }
    }

    @Override
    public void handle(Runnable handler) {
        if (!hasStarted()) {
            handler.run();
            return;
        }
        Observation.Scope scope = observation.openScope();
        try {
            handler.run();
        } finally {
            scope.close();
        }
    }

    @Override
    public void retried(int attempts, Throwable failure) {
        if (hasStarted()) {
            observation.event(QueueTaskObservationDocumentation.Events.RETRY);
        }
    }

    @Override
    public void ended(Outcome outcome, @Nullable Throwable failure) {
        if (!hasStarted()) {
            return;
        }
        context.setOutcome(outcome);
        if (failure != null) {
            observation.error(failure);
        }
        observation.stop();
    }

    /** Whether an attempt has reached this scope. A cancel or a failure of an outer interceptor may prevent that. */
    private boolean hasStarted() {
        return context.getAttempts() > 0;
    }
}
