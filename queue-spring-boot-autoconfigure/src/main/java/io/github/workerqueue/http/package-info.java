/** Resolvers of the delays that HTTP responses request, for Spring's HTTP clients. */
@NullMarked
package io.github.workerqueue.http;

import org.jspecify.annotations.NullMarked;
