package io.github.workerqueue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Interface for exceptions that carry a wait before the next attempt, such as the {@code Retry-After} header of an HTTP
 * response:
 *
 * <pre>{@code
 * class QuotaExceededException extends IOException implements RetryAfter {
 *
 *     private final Duration timeToReset;
 *
 *     QuotaExceededException(Duration timeToReset) {
 *         super("The quota is used up");
 *         this.timeToReset = timeToReset;
 *     }
 *
 *     @Override
 *     public Duration retryAfter() {
 *         return timeToReset;
 *     }
 * }
 * }</pre>
 *
 * <p>A task that fails with such an exception {@linkplain QueueSettings#withMaxHold holds} the name of its queue: no
 * task of the name starts until this wait is over. If a {@link TaskRetryPolicy} retries the task, the delay before the
 * next attempt is at least as long. The exception can be the failure of the task or one of its causes. For exceptions
 * that cannot implement this interface, use a {@link RetryAfterResolver}.
 *
 * @since 0.1
 */
public interface RetryAfter {

    /**
     * Returns the wait before the next attempt, from now on.
     *
     * @return the wait; zero or negative for none, {@code null} if it is unknown
     */
    @Nullable
    Duration retryAfter();
}
