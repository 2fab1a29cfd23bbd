package shop;

/**
 * A product of the shop.
 *
 * @param sku the stock keeping unit, which identifies the product
 * @param name the name that customers see
 */
public record Product(String sku, String name) {}
