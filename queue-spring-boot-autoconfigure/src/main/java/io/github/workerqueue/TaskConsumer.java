package io.github.workerqueue;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Consumer that {@link WorkerQueue#executeAll executeAll} calls with each item. Unlike a {@link Consumer}, it can throw
 * checked exceptions:
 *
 * <pre>{@code
 * TaskConsumer<Order> store = order -> repository.save(order);
 * queue.executeAll(orders, store);
 * }</pre>
 *
 * @param <S> the type of the items
 * @since 0.1
 */
@FunctionalInterface
public interface TaskConsumer<S extends @Nullable Object> {

    /**
     * Consumes one item. Called on a thread of the queue. This method can block. A cancel interrupts it.
     *
     * @param item the item from the iterable
     * @throws Exception if the task fails; the exception is passed to the exception handler of the queue
     */
    void accept(S item) throws Exception;
}
