package shop;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Client of the service that knows the prices. */
public interface PriceClient {

    /**
     * Returns the price of a product.
     *
     * @param sku the stock keeping unit of the product
     * @return the price
     * @throws IOException if the service does not answer
     */
    Price price(String sku) throws IOException;

    /**
     * Requests the price of a product without blocking.
     *
     * @param sku the stock keeping unit of the product
     * @return the future price
     */
    CompletableFuture<Price> priceAsync(String sku);
}
