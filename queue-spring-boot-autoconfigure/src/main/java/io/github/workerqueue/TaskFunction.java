package io.github.workerqueue;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Function that {@link WorkerQueue#putAll putAll} applies to each item. Unlike a {@link Function}, it can throw checked
 * exceptions:
 *
 * <pre>{@code
 * TaskFunction<String, Price> lookup = sku -> client.price(sku);
 * queue.putAll(skus, lookup);
 * }</pre>
 *
 * @param <S> the type of the items
 * @param <R> the type of the results
 * @since 0.1
 */
@FunctionalInterface
public interface TaskFunction<S extends @Nullable Object, R extends @Nullable Object> {

    /**
     * Returns the result for one item. Called on a thread of the queue. This method can block. A cancel interrupts it.
     *
     * @param item the item from the iterable
     * @return the result; {@code null} is not collected
     * @throws Exception if the task fails; the exception is passed to the exception handler of the queue
     */
    R apply(S item) throws Exception;
}
