package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.TaskRetryPolicy;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOffExecution;

/**
 * A {@link RetryPolicy} of Spring Framework as that of a queue, or, by
 * {@link io.github.workerqueue.TaskOptions#withRetryPolicy}, of one task.
 *
 * <p>NOTE: the policy's time-out is not looked at; the {@code task-timeout} and the {@code deadline} of the queue are what limits
 * a task. A policy that names no exceptions also lets tasks run again after an {@link Error}.
 *
 * @param policy which failures are tried again, how often, and after which delays
 */
public record SpringRetryPolicy(RetryPolicy policy) implements TaskRetryPolicy {

    /**
     * Makes the policy.
     *
     * @param policy Spring's policy, not null
     */
    public SpringRetryPolicy {
        Objects.requireNonNull(policy, "policy must not be null");
    }

    @Override
    public @Nullable Duration delayBeforeRetry(Throwable failure, int attempts) {
        if (!policy.shouldRetry(failure)) {
            return null;
        }
        BackOffExecution execution = policy.getBackOff().start();
        long delay = BackOffExecution.STOP;
        for (int attempt = 0; attempt < attempts; attempt++) {
            delay = execution.nextBackOff();
        }
        return delay == BackOffExecution.STOP ? null : Duration.ofMillis(delay);
    }
}
