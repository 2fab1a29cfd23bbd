package io.github.workerqueue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The default resolver: the wait of the first {@link RetryAfter} among the failure and its causes. */
enum CausedRetryAfter implements RetryAfterResolver {
    INSTANCE;

    private static final int MAX_CAUSES = 100;

    @Override
    public @Nullable Duration retryAfter(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof RetryAfter asked) {
                return asked.retryAfter();
            }
            cause = cause.getCause();
        }
        return null;
    }
}
