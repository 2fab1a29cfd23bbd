/** Waits that HTTP responses ask for, for clients of Spring. */
@NullMarked
package io.github.workerqueue.http;

import org.jspecify.annotations.NullMarked;
