/** The sample application: a model to copy, and the demonstration around it. */
@NullMarked
package sample;

import org.jspecify.annotations.NullMarked;
