package shop;

import java.util.List;

/** Repository of orders. */
public interface OrderRepository {

    /**
     * Returns the orders that are not shipped.
     *
     * @return the open orders
     */
    List<Order> findOpen();

    /**
     * Inserts or updates an order.
     *
     * @param order the order
     */
    void save(Order order);

    /**
     * Inserts or updates orders.
     *
     * @param orders the orders
     */
    void saveAll(List<Order> orders);
}
