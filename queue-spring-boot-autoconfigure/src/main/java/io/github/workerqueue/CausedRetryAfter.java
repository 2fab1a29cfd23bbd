package io.github.workerqueue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Default resolver, which returns the delay of the first {@link RetryAfter} among a failure and its causes. */
enum CausedRetryAfter implements RetryAfterResolver {
    INSTANCE;

    private static final int MAX_CAUSES = 100;

    @Override
    public @Nullable Duration retryAfter(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof RetryAfter hint) {
                return hint.retryAfter();
            }
            cause = cause.getCause();
        }
        return null;
    }
}
