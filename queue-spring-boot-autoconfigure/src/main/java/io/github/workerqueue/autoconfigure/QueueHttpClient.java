package io.github.workerqueue.autoconfigure;

import io.github.workerqueue.RetryAfterResolver;

/**
 * HTTP client of Spring whose failures may request a delay. Its resolver is not a bean: resolver beans belong to the
 * application, and precede this one.
 *
 * @param resolver the resolver of the delay
 */
record QueueHttpClient(RetryAfterResolver resolver) {}
