package io.github.workerqueue;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Strategy that finds the wait that a failure asks for, such as the {@code Retry-After} header of an HTTP response. The
 * wait {@linkplain QueueSettings#withMaxHold holds} the name of the queue: no task of the name starts until it is over.
 * If a {@link TaskRetryPolicy} retries the task, the delay before the next attempt is at least as long:
 *
 * <pre>{@code
 * settings.withRetryAfterResolver(failure ->
 *         failure instanceof QuotaExceededException exceeded ? exceeded.timeToReset() : null);
 * }</pre>
 *
 * <p>The default resolver finds exceptions that implement {@link RetryAfter}, among the failure and its causes. In a
 * Spring Boot application, beans of this type are called first, in their order.
 *
 * @see QueueSettings#withRetryAfterResolver
 * @since 0.1
 */
@FunctionalInterface
public interface RetryAfterResolver {

    /**
     * Returns the wait that a failure asks for. Called on a thread of the queue, after each failed attempt. Without
     * holds, it is called only after the retry policy has decided to retry the task. This method must not block, since
     * a close whose time is up waits for its result. If this method throws an exception, the result counts as
     * {@code null}, and the task is still retried. The first such exception per queue name is logged as a warning.
     *
     * @param failure the exception that the task threw, or with which its stage completed
     * @return the wait, from now on; zero or negative for none, {@code null} if this resolver does not recognize the
     *     failure
     */
    @Nullable
    Duration retryAfter(Throwable failure);

    /**
     * Returns a resolver that calls several resolvers in turn, until one returns a wait. A resolver that throws an
     * exception is skipped.
     *
     * @param resolvers the resolvers, in the order in which they are called
     * @return the resolver
     */
    static RetryAfterResolver firstOf(List<? extends RetryAfterResolver> resolvers) {
        return RetryAfterChain.of(resolvers);
    }
}
