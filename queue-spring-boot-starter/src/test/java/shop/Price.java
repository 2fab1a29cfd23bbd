package shop;

import java.math.BigDecimal;

/**
 * The price of a product.
 *
 * @param sku the stock keeping unit of the product
 * @param amount the price in the currency of the shop
 */
public record Price(String sku, BigDecimal amount) {}
