/** Tests for the demonstration. */
@NullMarked
package sample.demo;

import org.jspecify.annotations.NullMarked;
