/** Resolvers of the waits that HTTP responses ask for, for Spring's HTTP clients. */
@NullMarked
package io.github.workerqueue.http;

import org.jspecify.annotations.NullMarked;
