package io.github.workerqueue;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link WorkerQueue#executeAll executeAll} does with each item: a {@link Consumer} that may throw.
 *
 * @param <S> the type of the items
 */
@FunctionalInterface
public interface TaskConsumer<S extends @Nullable Object> {

    /**
     * Consumes one item, on a thread of the queue. May block, and is interrupted by a cancel.
     *
     * @param item the item, as the iterable gave it
     * @throws Exception whatever goes wrong; it reaches the exception handler of the queue
     */
    void accept(S item) throws Exception;
}
