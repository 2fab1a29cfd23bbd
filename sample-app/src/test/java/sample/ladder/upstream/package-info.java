/** The embedded upstream. */
@NullMarked
package sample.ladder.upstream;

import org.jspecify.annotations.NullMarked;
