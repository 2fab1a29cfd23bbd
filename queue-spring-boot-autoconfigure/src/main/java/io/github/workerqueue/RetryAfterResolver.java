package io.github.workerqueue;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Strategy that finds the wait that a failure asks for, such as the {@code Retry-After} header of an HTTP response. If a {@link
 * TaskRetryPolicy} retries the task, the delay before the next attempt is at least that long:
 *
 * <pre>{@code
 * settings.withRetryAfterResolver(failure ->
 *         failure instanceof QuotaExceededException exceeded ? exceeded.timeToReset() : null);
 * }</pre>
 *
 * <p>The default resolver finds exceptions that implement {@link RetryAfter}.
 *
 * @see QueueSettings#withRetryAfterResolver
 */
@FunctionalInterface
public interface RetryAfterResolver {

    /**
     * Returns the wait that a failure asks for. Called on a thread of the queue, after the retry policy has decided to retry the
     * task. It must not block, as a close whose time is over waits for its answer. The first exception that it throws for a queue
     * name is logged at WARN; each of them counts as null, and the task is retried all the same.
     *
     * @param failure the exception that the task threw, or that its stage completed with
     * @return the wait, from now on; zero or negative for none, {@code null} if the failure is unknown to this resolver
     */
    @Nullable
    Duration retryAfter(Throwable failure);

    /**
     * Returns a resolver that asks several resolvers in turn, until one returns a wait. One that throws is passed over.
     *
     * @param resolvers the resolvers, in the order in which they are asked
     * @return the resolver
     */
    static RetryAfterResolver firstOf(List<? extends RetryAfterResolver> resolvers) {
        return RetryAfterChain.of(resolvers);
    }
}
