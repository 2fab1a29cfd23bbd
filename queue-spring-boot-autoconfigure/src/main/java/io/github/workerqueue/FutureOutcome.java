package io.github.workerqueue;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Outcome of a task that is itself a future, and therefore does not throw its exception.
 *
 * @param value the result; null if there is none, or it cannot be read
 * @param failure the exception; null if there is none, or it cannot be read
 */
record FutureOutcome(@Nullable Object value, @Nullable Throwable failure) {

    /** Outcome that cannot be read. */
    static final FutureOutcome UNSEEN = new FutureOutcome(null, null);

    /** Returns the outcome of a task that has run. May run user code, whose exceptions are ignored. */
    static FutureOutcome of(Runnable task) {
        if (!(task instanceof Future<?> future)) {
            return UNSEEN;
        }
        try {
            return future.isDone() ? new FutureOutcome(future.get(0, TimeUnit.NANOSECONDS), null) : UNSEEN;
        } catch (ExecutionException ex) {
            Throwable cause = ex.getCause();
            return new FutureOutcome(null, cause == null ? ex : cause);
        } catch (Throwable ex) {
            return UNSEEN;
        }
    }
}
