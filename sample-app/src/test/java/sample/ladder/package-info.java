/** The sample, piece by piece and the whole way. */
@NullMarked
package sample.ladder;

import org.jspecify.annotations.NullMarked;
