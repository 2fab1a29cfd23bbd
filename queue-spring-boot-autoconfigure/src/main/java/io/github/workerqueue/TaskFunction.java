package io.github.workerqueue;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@link WorkerQueue#putAll putAll} does to each item: a {@link Function} that may throw.
 *
 * @param <S> the type of the items
 * @param <R> the type of the results
 */
@FunctionalInterface
public interface TaskFunction<S extends @Nullable Object, R extends @Nullable Object> {

    /**
     * Turns one item into its result, on a thread of the queue. May block, and is interrupted by a cancel.
     *
     * @param item the item, as the iterable gave it
     * @return the result; null is not collected
     * @throws Exception whatever goes wrong; it reaches the exception handler of the queue
     */
    R apply(S item) throws Exception;
}
