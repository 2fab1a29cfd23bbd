/** Tests for the embedded API. */
@NullMarked
package sample.demo.upstream;

import org.jspecify.annotations.NullMarked;
