/** A ladder read over HTTP with a bounded worker queue. */
@NullMarked
package sample.ladder;

import org.jspecify.annotations.NullMarked;
