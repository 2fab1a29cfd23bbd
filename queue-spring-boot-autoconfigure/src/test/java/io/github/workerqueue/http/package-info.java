/** Tests for the header {@code Retry-After}. */
@NullMarked
package io.github.workerqueue.http;

import org.jspecify.annotations.NullMarked;
