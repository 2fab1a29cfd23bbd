/**
 * The HTTP API that the sample calls: embedded in the application, with the latency and the failures of a remote
 * service.
 */
@NullMarked
package sample.demo.upstream;

import org.jspecify.annotations.NullMarked;
