/** Tests for the sample as a whole, some of which stop or kill its process. */
@NullMarked
package sample;

import org.jspecify.annotations.NullMarked;
