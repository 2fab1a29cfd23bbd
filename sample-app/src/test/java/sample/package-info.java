/** Tests of the sample as a whole, among them those that stop and kill its process. */
@NullMarked
package sample;

import org.jspecify.annotations.NullMarked;
