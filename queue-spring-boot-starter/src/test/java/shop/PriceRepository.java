package shop;

import java.util.List;

/** Repository of prices. */
public interface PriceRepository {

    /**
     * Inserts or updates a price.
     *
     * @param price the price
     */
    void save(Price price);

    /**
     * Inserts or updates prices.
     *
     * @param prices the prices
     */
    void saveAll(List<Price> prices);

    /**
     * Returns the stock keeping units of all products.
     *
     * @return the stock keeping units
     */
    List<String> skus();
}
