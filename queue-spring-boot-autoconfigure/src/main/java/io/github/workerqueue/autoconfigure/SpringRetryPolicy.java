package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.TaskRetryPolicy;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Retry policy of a queue or of a task that delegates to a {@link RetryPolicy} of Spring Framework:
 *
 * <pre>{@code
 * RetryPolicy policy = RetryPolicy.builder()
 *         .maxRetries(3)
 *         .delay(Duration.ofSeconds(1))
 *         .includes(IOException.class)
 *         .build();
 * queue.put(() -> client.price(sku), TaskOptions.defaults().withRetryPolicy(new SpringRetryPolicy(policy)));
 * }</pre>
 *
 * <p>The timeout of the policy has no effect: the {@code task-timeout} and the {@code deadline} of the queue limit the
 * time of a task. A policy that names no exceptions also retries a task after an {@link Error}.
 *
 * @param policy the policy that decides which failures are retried, how often, and after which delays
 * @see io.github.workerqueue.TaskOptions#withRetryPolicy
 * @since 0.1
 */
public record SpringRetryPolicy(RetryPolicy policy) implements TaskRetryPolicy {

    /**
     * Creates a retry policy.
     *
     * @param policy the policy of Spring Framework, not {@code null}
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
