/** An upstream to try the sample against: a league API with latency and failures, embedded in the application itself. */
@NullMarked
package sample.ladder.upstream;

import org.jspecify.annotations.NullMarked;
