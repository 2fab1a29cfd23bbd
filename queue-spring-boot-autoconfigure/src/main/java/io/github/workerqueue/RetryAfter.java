package io.github.workerqueue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * To be implemented by exceptions that know when it is worth trying again, as the {@code Retry-After} header of an HTTP answer
 * says. Where a {@link TaskRetryPolicy} lets a task run again, it waits at least that long. For exceptions that cannot implement
 * this interface, see {@link RetryAfterResolver}.
 */
public interface RetryAfter {

    /**
     * How long to wait, from now on.
     *
     * @return the time; null if nothing is known
     */
    @Nullable
    Duration retryAfter();
}
