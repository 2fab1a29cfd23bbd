/** The online shop of the examples in the documentation. */
@NullMarked
package shop;

import org.jspecify.annotations.NullMarked;
