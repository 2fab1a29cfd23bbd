/** Tests for the model code. */
@NullMarked
package sample.ladder;

import org.jspecify.annotations.NullMarked;
