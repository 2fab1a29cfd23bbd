package io.github.workerqueue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Strategy that decides whether a failed task is retried, and after which delay:
 *
 * <pre>{@code
 * TaskRetryPolicy policy = (failure, attempts) ->
 *         failure instanceof IOException && attempts <= 3 ? Duration.ofSeconds(attempts) : null;
 * }</pre>
 *
 * <p>While a task waits for a retry, it occupies no worker and keeps its index. It counts toward {@code depth()}, but
 * not toward {@code maxsize()}. Joins wait for the task, and a cancel ends it. Only the last failure is passed to the
 * exception handler or to the future.
 *
 * @see QueueSettings#withRetryPolicy
 * @see TaskOptions#withRetryPolicy
 * @since 0.1
 */
@FunctionalInterface
public interface TaskRetryPolicy {

    /** Policy that retries no task. Use it in {@link TaskOptions#withRetryPolicy} if the queue has another policy. */
    TaskRetryPolicy NEVER = (failure, attempts) -> null;

    /**
     * Returns the delay before the next attempt of a task. Called after each failure, on a thread of the queue. This
     * method must not block, since a close whose time is up waits for its result. An exception of this method is
     * logged, and the task ends with its own failure.
     *
     * @param failure the exception that the task threw, or with which its stage completed
     * @param attempts the number of attempts so far, 1 or more. An attempt whose failure
     *     {@linkplain QueueSettings#withMaxHold holds} the name does not count, up to ten times in a row
     * @return the delay before the next attempt; zero or negative to retry immediately, {@code null} to give up. A
     *     {@link RetryAfterResolver} makes the delay longer if the failure asks for that
     */
    @Nullable
    Duration delayBeforeRetry(Throwable failure, int attempts);
}
