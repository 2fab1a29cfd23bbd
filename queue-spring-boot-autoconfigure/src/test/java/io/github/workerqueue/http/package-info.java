/** Tests of the waits that HTTP responses ask for. */
@NullMarked
package io.github.workerqueue.http;

import org.jspecify.annotations.NullMarked;
