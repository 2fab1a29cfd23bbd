package shop;

import java.util.List;

/**
 * An order of a customer.
 *
 * @param id the number of the order
 * @param customer the name of the customer
 * @param skus the stock keeping units of the ordered products
 */
public record Order(long id, String customer, List<String> skus) {}
