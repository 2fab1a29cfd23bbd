package io.github.workerqueue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a task that failed runs again, and when.
 *
 * <p>While it waits for that, the task has no worker; it counts in {@code depth()}, but not against {@code maxsize}. It keeps
 * its index, join waits for it, and a cancel ends it. Only the last failure reaches the exception handler, or the future.
 */
@FunctionalInterface
public interface TaskRetryPolicy {

    /** Lets no task run again: for {@link TaskOptions#withRetryPolicy}, where the queue has another policy. */
    TaskRetryPolicy NEVER = (failure, attempts) -> null;

    /**
     * Is asked after each failure, on a thread of the queue. It must not block, as a close whose time is over waits for its
     * answer. What it throws is logged, and ends the task with the failure that
     * it was asked for.
     *
     * @param failure what the task threw, or what its stage completed with
     * @param attempts how many times the task ran, 1 or more
     * @return the delay before the next attempt; zero or negative to retry immediately, {@code null} to give up. A
     *     {@link RetryAfterResolver} makes the delay longer if the failure asks for that
     */
    @Nullable
    Duration delayBeforeRetry(Throwable failure, int attempts);
}
