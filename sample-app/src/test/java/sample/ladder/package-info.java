/** Tests of the model. */
@NullMarked
package sample.ladder;

import org.jspecify.annotations.NullMarked;
